using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// What becomes of an account's calls where nobody decides: do-not-disturb, answering by itself, forwarding. What sends callers to somebody else is
/// asked about once more when it is switched on. It holds until the phone ends.
/// </summary>
internal sealed class MannersScreen : Screen
{
    private readonly AccountView _account;
    private readonly ChoiceField _disturb;
    private readonly TextField _answer;
    private readonly TextField _from;
    private readonly TextField _always;
    private readonly TextField _busy;
    private readonly TextField _unanswered;
    private readonly TextField _after;
    private readonly Form _form;

    /// <param name="account">Whose calls.</param>
    /// <param name="isAnswering">The keys go to answering first, not to forwarding.</param>
    public MannersScreen(AccountView account, bool isAnswering = false)
    {
        _account = account;
        var manners = account.Manners;
        _disturb = new ChoiceField("Do not disturb", ("off", ""), ("busy", ""), ("unavailable", ""))
        {
            Chosen = !manners.DoNotDisturb ? 0 : manners.DoNotDisturbStatus == 486 ? 1 : 2,
            Help = "No call rings: callers are told that you are busy (486), or not available (480). The history has them.",
        };
        _answer = new TextField("Auto-answer")
        {
            Text = manners.AutoAnswer is { } wait ? DurationText.Write(wait) : manners.AutoAnswerAsked ? ProfileSetting.Asked : "",
            Example = () => "never",
            Check = () => _answer!.Text.Length == 0 || ProfileSetting.TryAutoAnswer(_answer.Text, out _) ? null : $"a time such as 2s, {ProfileSetting.Asked}, or nothing",
            Help = "After ringing so long, 0s to 60s, or asked: who asks for it. Three tones warn that the microphone is open. Not during another call.",
        };
        _from = new TextField("  calls of")
        {
            Text = string.Join(", ", manners.AutoAnswerFrom),
            IsShown = () => _answer.Text.Length > 0,
            Check = () => Items(_from!.Text).Length == 0 ? "whose calls? users or addresses, or all" : null,
            Help = "Users of your server or addresses, with commas between, or all. Whoever calls past your server is never answered so.",
        };
        _always = Target("Forward always", manners.ForwardAlways, "Callers are told this address (302) and nothing rings here.");
        _busy = Target("  on busy", manners.ForwardBusy, "Who calls while another call goes on is told this address (302).");
        _unanswered = Target("  on no answer", manners.ForwardNoAnswer, "Who calls and is not answered in time is told this address (302).");
        _after = new TextField("    after")
        {
            Text = DurationText.Write(manners.ForwardAfter),
            IsShown = () => _unanswered.Text.Length > 0,
            Check = () => ProfileSetting.TryForwardAfter(_after!.Text, out _) ? null : $"a time of {ProfileSetting.ForwardAfterRange}",
            Help = $"How long it rings here first, {ProfileSetting.ForwardAfterRange}.",
        };
        _form = new Form(_disturb, _answer, _from, _always, _busy, _unanswered, _after);
        _form.Focus(isAnswering ? _answer : _always);
        Keys =
        [
            new(["Enter"], "", "next", "go to the next field; from the last one let it hold", Forward) { Rank = 1 },
            new(["F2"], "", "use", "let it hold from now on", Take) { Rank = 2 },
            new(["Esc"], "", "cancel", "change nothing", session => session.Close(this)) { Rank = 3 },
        ];
    }

    public override string Title => "calls";

    public override bool IsOverlay => true;

    public override bool TakesText => true;

    public override IReadOnlyList<KeyBinding> Keys { get; }

    public override bool Handle(Session session, InputEvent input)
    {
        switch (input)
        {
            case InputEvent.Key { Code: KeyCode.Escape }:
                session.Close(this);
                return true;
            case InputEvent.Key { Code: KeyCode.Enter }:
                Forward(session);
                return true;
            default:
                return _form.Handle(input) || input is InputEvent.Paste;
        }
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = Dialog.Draw(surface, area, 72, 15, $"Calls of {_account.Name}", "until the phone ends; the profile is for longer");
        _form.Draw(surface, inner.Inset(0, 1));
    }

    /// <summary>Asks for it; where callers are to be sent to somebody else than before, only after one more word.</summary>
    public static void Ask(Session session, AccountView account, CallManners manners)
    {
        var added = manners.Forwards.Except(account.Manners.Forwards).ToList();
        var command = new PhoneCommand.SetManners(account.Name, manners);
        if (added.Count == 0)
        {
            session.Ask(command);
            return;
        }

        var where = string.Join(" and ", added.Select(f => Wording.Address(f.Target.ToString())).Distinct());
        session.Open(new ConfirmScreen("Forward", _ => $"Callers of {account.Name} are told to call {where}.", "send them there", s => s.Ask(command)));
    }

    /// <summary>Whom a person means, as the account would call it.</summary>
    public static bool TryTarget(AccountView account, string typed, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SipUri? target)
    {
        target = null;
        return SipUri.TryParse(account.Aor, out var aor, out _) && DialTarget.TryRead(typed, aor, out target, out _) && target.IsSip;
    }

    /// <summary>Names with commas or spaces between.</summary>
    public static string[] Items(string text) => text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);

    private TextField Target(string label, SipUri? target, string help)
    {
        TextField? field = null;
        return field = new TextField(label)
        {
            Text = target is null ? "" : Wording.Address(target.ToString()) is var address && $"sip:{address}" == target.ToString() ? address : target.ToString(),
            Example = () => "nobody",
            Check = () => Mistake(field!.Text),
            Help = help,
        };
    }

    private string? Mistake(string typed)
    {
        if (typed.Length == 0) return null;
        if (!TryTarget(_account, typed, out var target)) return $"\"{typed}\" is no address such as bob@example.net or 202";
        return SipUri.TryParse(_account.Aor, out var aor, out _) && target.AddressOfRecord.IsEquivalentTo(aor.AddressOfRecord) ? "this account: calls would run in a circle" : null;
    }

    private SipUri? Of(TextField field) => TryTarget(_account, field.Text, out var target) ? target : null;

    private void Forward(Session session)
    {
        if (!_form.Next()) Take(session);
    }

    private void Take(Session session)
    {
        if (!_form.Validate()) return;
        var manners = new CallManners
        {
            DoNotDisturb = _disturb.Chosen > 0,
            DoNotDisturbStatus = _disturb.Chosen switch { 0 => _account.Manners.DoNotDisturbStatus, 1 => 486, _ => 480 },
            AutoAnswer = ProfileSetting.TryAutoAnswer(_answer.Text, out var how) ? how.After : null,
            AutoAnswerAsked = how.IsAsked,
            AutoAnswerFrom = Items(_from.Text),
            ForwardAlways = Of(_always),
            ForwardBusy = Of(_busy),
            ForwardNoAnswer = Of(_unanswered),
            ForwardAfter = ProfileSetting.TryForwardAfter(_after.Text, out var patience) ? patience : _account.Manners.ForwardAfter,
        };
        session.Close(this);
        Ask(session, _account, manners);
    }
}
