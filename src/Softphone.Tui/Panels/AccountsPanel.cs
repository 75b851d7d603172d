using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Our accounts and whether they can be called.</summary>
internal sealed class AccountsPanel : TablePanel<AccountView>
{
    private static readonly Column[] All =
    [
        new("account", 8),
        new("", 1),
        new("", 1),
        new("state", 11),
        new("address", 0, Importance: 2, Least: 14),
        new("via", 3, Importance: 1),
        new("mail", 3, IsRight: true, Importance: 3),
    ];

    private readonly KeyBinding[] _keys;

    public AccountsPanel() => _keys =
    [
        new(["Enter"], "", "use", "place calls with this account", Open) { Rank = 11, Disabled = NeedsRow },
        new(["R"], "", "register", "register this account anew, now", session => session.Ask(new PhoneCommand.Register(Selected!.Name))) { Rank = 12, Disabled = NeedsRow },
        new(["U"], "", "unregister", "take this account out of service", session => session.Ask(new PhoneCommand.Unregister(Selected!.Name)))
        {
            Rank = 13,
            Disabled = session => NeedsRow(session) ?? (Selected!.State == RegistrationState.Unregistered ? "it is not registered" : null),
        },
        new(["e"], "", "explain", "what is wrong with it, and what helps", session => session.Open(new TextScreen(Selected!.Name, Selected.Problem!.ToString())))
        {
            Rank = 14,
            Disabled = session => NeedsRow(session) ?? (Selected!.Problem is null ? "nothing is wrong with it" : null),
        },
        new(["E"], "", "edit", "change this account, step by step", session => session.Open(new WizardScreen(Selected!.Profile))) { Rank = 100, Disabled = NeedsFile },
        new(["X", "Del"], "", "delete", "take this account away; asks first", Delete) { Rank = 100, Disabled = NeedsFile },
        new(["Z"], "", "do not disturb", "no call rings on this account, and all ring again", session => Bindings.SetDisturb(session, Selected, null)) { Name = "dnd", Rank = 100, Disabled = NeedsRow },
        new(["F"], "", "forward", "send its callers to somebody else; off ends it", session => session.Open(new MannersScreen(Selected!))) { Rank = 100, Disabled = NeedsRow },
        new(["B"], "", "auto-answer", "its calls answer themselves; off ends it", session => session.Open(new MannersScreen(Selected!, isAnswering: true))) { Name = "auto-answer", Rank = 100, Disabled = NeedsRow },
        new(["s"], "", "SIP", "the messages of its last registration", session => session.Open(new DialogLadderScreen([Registration(session)!])))
        {
            Rank = 15,
            Disabled = session => NeedsRow(session) ?? (Registration(session) is null ? "no REGISTER of it has gone out" : null),
        },
        new(["y"], "", "copy", "copy its address", session =>
        {
            session.Ask(new PhoneCommand.Copy(Selected!.Aor));
            session.Tell($"copied {Selected.Aor}");
        }) { Rank = 100, Disabled = NeedsRow },
    ];

    public override string Title => "Accounts";

    public override IReadOnlyList<KeyBinding> Keys => _keys;

    protected override IReadOnlyList<Column> Columns => All;

    protected override bool HasHeadings => false;

    protected override string Empty(Session session) => $"none yet: {session.KeyOf(Bindings.Wizard)} sets one up";

    protected override IReadOnlyList<AccountView> Of(PhoneView view) => view.Accounts;

    protected override bool IsSame(AccountView one, AccountView other) => one.Name == other.Name;

    protected override bool Matches(AccountView thing, string letters) => Letters.Have(letters, thing.Name, thing.Aor);

    public override void Open(Session session)
    {
        if (Selected is not { } account) return;
        session.Ask(new PhoneCommand.UseAccount(account.Name));
        session.Tell($"calls are placed with {account.Name}");
    }

    protected override void Fill(Session session, AccountView thing, TableCell[] fields)
    {
        var (mark, style) = Marks.Of(thing.State);
        var isInUse = thing.Name == session.View.Account;
        fields[0] = new(thing.Name, isInUse ? Style.Bold : Style.Plain);
        fields[1] = new(isInUse && session.View.Accounts.Count > 1 ? "*" : "", Style.Bold);
        fields[2] = new(mark switch { '●' => "●", '◐' => "◐", '✗' => "✗", _ => "○" }, style);
        fields[3] = new(State(thing), style);
        fields[4] = thing.Problem is { } problem ? new(problem.What, style) : new(Wording.Address(thing.Aor));
        fields[5] = new(thing.Transport, Style.Dim);
        fields[6] = thing.Messages is { } mail ? new(mail.New > 0 ? $"✉{mail.New}" : "", Color.Yellow) : new TableCell("");
    }

    /// <summary>The newest registration of the selected account.</summary>
    private SipDialog? Registration(Session session) =>
        session.View.Dialogs.Where(d => d.Kind == SipDialogKind.Registration && d.Account == Selected?.Name).MaxBy(d => d.Last);

    private string? NeedsFile(Session session) => NeedsRow(session) ?? (Selected!.Profile is null ? "it has no profile that can be read: softphone profile edit mends it" : null);

    private void Delete(Session session)
    {
        var name = Selected!.Name;
        session.Open(new ConfirmScreen("Delete account", _ => $"{name} hangs up and unregisters; {name}.yaml.deleted is kept.", "delete it", s => s.Ask(new PhoneCommand.DeleteProfile(name))));
    }

    private string? NeedsRow(Session session) => Selected is null ? $"there is no account: {session.KeyOf(Bindings.Wizard)} sets one up" : null;

    private static string State(AccountView account) => account.State switch
    {
        RegistrationState.Registered => account.ExpiresIn is { } left ? $"{(int)left.TotalSeconds}s" : "registered",
        RegistrationState.Registering => "registering",
        RegistrationState.Failed => account.RetryIn is { } retry ? $"retry {(int)retry.TotalSeconds}s" : "failed",
        _ => "off",
    };
}
