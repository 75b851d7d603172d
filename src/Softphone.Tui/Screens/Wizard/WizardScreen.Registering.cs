using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The last page: how registering goes, back to the field at fault when it does not, and a call to try it with.</summary>
public sealed partial class WizardScreen
{
    private readonly TextField _target = new("Test call")
    {
        Example = () => "an echo number such as 9196, or any address",
        Check = () => null,
        Help = "Enter calls. An empty line ends the set-up; so does Esc.",
    };

    private AccountView? _account;
    private DateTimeOffset _askedAt;
    private Instant _asked;
    private bool _isRegistered;
    private string _mistake = "";
    private Instant? _dialled;
    private CallId? _call;

    private void Create(Session session)
    {
        var draft = _answers.Draft() with { Replaces = _written };
        (_account, _isRegistered, _mistake, _dialled, _call) = (null, false, "", null, null);
        (_asked, _askedAt) = (session.Now, session.View.Clock);
        _written = draft.Profile.Name;
        session.Ask(_answers.IsEdit ? new PhoneCommand.EditProfile(draft) : new PhoneCommand.CreateProfile(draft));
    }

    /// <summary>Looks in a new view for what became of it.</summary>
    private void Follow(Session session)
    {
        var name = _answers.ProfileName;
        _account = session.View.Accounts.FirstOrDefault(a => a.Name == name);
        _isRegistered |= _account?.State == RegistrationState.Registered;

        // A profile that cannot be written, or a command that gives no password, makes no account: that is told in the log alone.
        if (_account is null) _mistake = session.View.Events.FirstOrDefault(e => e.IsProblem && e.Call is null && e.At >= _askedAt)?.Text ?? "";
        if (_dialled is { } since && session.View.Calls.LastOrDefault(c => c.Direction == CallDirection.Outgoing && c.Began >= since) is { } call) _call = call.Id;
    }

    private void ForwardFromRegistration(Session session)
    {
        if (!_isRegistered)
        {
            if (HasFailed) GoTo(_answers.FieldOf(_account?.Problem?.Layer ?? Layer.Profile));
            return;
        }

        if (TestCall(session) is { State: not CallState.Ended } call)
        {
            session.Ask(new PhoneCommand.Hangup(call.Id));
        }
        else if (_target.Text.Length == 0)
        {
            session.Tell($"{_answers.ProfileName} is ready");
            session.Close(this);
        }
        else if (ContactForm.AddressMistake(_target.Text) is { } mistake)
        {
            _target.Blame(mistake);
        }
        else
        {
            (_dialled, _call) = (session.Now, null);
            session.Ask(new PhoneCommand.Dial(_target.Text, _answers.ProfileName));
        }
    }

    private bool HasFailed => !_isRegistered && (_mistake.Length > 0 || _account?.State == RegistrationState.Failed);

    private CallView? TestCall(Session session) => _call is { } id ? session.View.Calls.FirstOrDefault(c => c.Id == id) : null;

    private void DrawRegistration(Session session, Surface surface, Rect page)
    {
        if (_isRegistered) DrawRegistered(session, surface, page);
        else if (HasFailed) DrawFailure(surface, page);
        else DrawWaiting(session, surface, page);
    }

    private void DrawWaiting(Session session, Surface surface, Rect page)
    {
        var waited = Math.Max((session.Now - _asked).TotalSeconds, 0);
        surface.Write(page.X, page.Y, "◐", Color.Yellow);
        surface.Write(page.X + 2, page.Y, string.Create(CultureInfo.InvariantCulture, $"Registering {_answers.User.Text} at {_answers.Host.Text} …  {waited:0} s"), Style.Bold, page.Width - 2);
        if (_account?.Problem is { } problem) Paragraph.Draw(surface, page.CutRows(2).Remainder, $"The last attempt: {problem.What}", Style.Dim);
    }

    private void DrawFailure(Surface surface, Rect page)
    {
        var fault = _account?.Problem ?? new Fault(Layer.Profile, _mistake.Length > 0 ? _mistake : "the server does not accept the registration");
        surface.Write(page.X, page.Y, "✗", Color.Red);
        surface.Write(page.X + 2, page.Y, $"Not registered: {LayerName(fault.Layer)}", new Style(Color.Red, Emphasis: Emphasis.Bold), page.Width - 2);
        var rest = page.CutRows(2).Remainder;
        rest = rest.CutRows(Paragraph.Draw(surface, rest, fault.What) + 1).Remainder;
        if (fault.Remedy.Length > 0) rest = rest.CutRows(Paragraph.Draw(surface, rest, $"What helps: {fault.Remedy}") + 1).Remainder;
        if (_account?.RetryIn is { } wait) rest = rest.CutRows(Paragraph.Draw(surface, rest, $"It is tried again in {Math.Max((int)wait.TotalSeconds, 0)} s.", Style.Dim) + 1).Remainder;
        surface.Write(rest.X, rest.Y, $"Enter goes back to \"{PlaceOf(_answers.FieldOf(fault.Layer))}\" to mend it.", Style.Bold, rest.Width);
    }

    private void DrawRegistered(Session session, Surface surface, Rect page)
    {
        var took = _account?.RegisteredIn is { } time ? string.Create(CultureInfo.InvariantCulture, $" in {time.TotalMilliseconds:0} ms") : "";
        var by = _account?.Transport is { Length: > 0 } transport ? $" over {transport}" : "";
        surface.Write(page.X, page.Y, "●", Color.Green);
        surface.Write(page.X + 2, page.Y, $"Registered{took}{by}", new Style(Color.Green, Emphasis: Emphasis.Bold), page.Width - 2);
        if (_account is { } account) surface.Write(page.X + 2, page.Y + 1, $"{Wording.Address(account.Aor)} can be called now.", room: page.Width - 2);
        var (form, rest) = page.CutRows(3).Remainder.CutRows(5);
        _pages[RegisterStep].Draw(surface, form);
        if (TestCall(session) is { } call) DrawTestCall(surface, rest, call);
    }

    // The lines below "Password" are named after where it comes from.
    private static string PlaceOf(FormField field) => field.Label.StartsWith(' ') ? "Password" : field.Label;

    private static string LayerName(Layer layer) => layer switch
    {
        Layer.Profile => "the profile",
        Layer.Dns => "the server's name is not found",
        Layer.Transport => "the server is not reached",
        Layer.Tls => "TLS",
        Layer.Authentication => "the server does not take user and password",
        Layer.Sip => "the server refuses",
        _ => layer.ToString(),
    };

    private static void DrawTestCall(Surface surface, Rect area, CallView call)
    {
        var talked = call.Talked is { } time ? $"  {time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture)}" : "";
        var path = call.Path.Length > 0 ? $"  path {call.Path}" : "";
        var (word, style) = call.State switch
        {
            CallState.Ended => ($"ended: {call.Ending}", Style.Bold),
            CallState.Connected or CallState.Held => ($"talking{talked}{path}", new Style(Color.Green, Emphasis: Emphasis.Bold)),
            _ => ($"{call.State.ToString().ToLowerInvariant()} …", Style.Bold),
        };
        surface.Write(area.X, area.Y, word, style, area.Width);
        var rest = area.CutRows(1).Remainder;
        if (call.Explanation.Length > 0) rest = rest.CutRows(Paragraph.Draw(surface, rest, call.Explanation) + 1).Remainder;
        surface.Write(rest.X, rest.Y, call.State == CallState.Ended ? "Enter calls again." : "Enter hangs up.", Style.Dim, rest.Width);
    }
}
