using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// Asks a newcomer for an account, page by page, shows the profile it makes, registers at once, and offers a test call. Enter goes on, Esc
/// goes back; what was typed stays. What does not work leads back to the field that mends it.
/// </summary>
public sealed partial class WizardScreen : Screen
{
    private static readonly string[] Steps = ["Server", "Account", "NAT", "Review", "Register"];

    private const int ReviewStep = 3;
    private const int RegisterStep = 4;

    private readonly WizardAnswers _answers;
    private readonly Form[] _pages;
    private string? _written;
    private IReadOnlyList<string> _taken = [];
    private int _step;

    /// <param name="before">The profile to change, without passwords; null makes a new one.</param>
    public WizardScreen(Profile? before = null)
    {
        _answers = new WizardAnswers(name => _taken.Contains(name) && _written != name, before);
        if (before is not null) _step = 1;
        _pages =
        [
            new Form(_answers.Preset),
            new Form(_answers.Host, _answers.Transport, _answers.Fingerprint, _answers.Ca, _answers.User, _answers.PasswordKind, _answers.Password, _answers.Command, _answers.Variable, _answers.DisplayName, _answers.Login),
            new Form(_answers.Stun, _answers.Turn, _answers.TurnUser, _answers.TurnPasswordKind, _answers.TurnPassword, _answers.TurnSource),
            new Form(_answers.Name),
            new Form(_target),
        ];
        Keys =
        [
            new(["Enter"], "", "next", "go to the next field, and from the last one to the next page", Forward) { Group = "Set-up", Rank = 10 },
            new(["Tab"], "", "field", "go from field to field; Up and Down do too", _ => _pages[_step].Next()) { Group = "Set-up", Rank = 20 },
            new(["F2"], "", "next page", "go to the next page", NextPage) { Group = "Set-up", Rank = 30 },
            new(["Esc"], "", "back", "go to the page before; what was typed stays", Back) { Group = "Set-up", Rank = 40 },
        ];
    }

    public override string Title => _answers.IsEdit ? "account" : "new account";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    public override bool TakesText => true;

    public override void Refresh(Session session)
    {
        _taken = [.. session.Setup.ProfileNames, .. session.View.Accounts.Select(a => a.Name)];
        if (_step == RegisterStep) Follow(session);
    }

    public override bool Handle(Session session, InputEvent input)
    {
        switch (input)
        {
            case InputEvent.Key { Code: KeyCode.Enter }:
                Forward(session);
                return true;
            case InputEvent.Key { Code: KeyCode.Escape }:
                Back(session);
                return true;
            case InputEvent.Key { Code: KeyCode.F2 or KeyCode.PageDown }:
                NextPage(session);
                return true;
            case InputEvent.Key { Code: KeyCode.PageUp }:
                if (_step > 0) Back(session);
                return true;
            default:
                // Keys with Ctrl or Alt, and function keys, that the form does not know hold everywhere.
                return _pages[_step].Handle(input) || input is InputEvent.Paste or InputEvent.Key { Code: KeyCode.Character, Modifiers: Modifiers.None or Modifiers.Shift };
        }
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = Frame.Draw(surface, area, _answers.IsEdit ? $"Account {_answers.ProfileName}" : session.Setup.NeedsProfile ? "Welcome: set up your first account" : "New account", hasFocus: true, $"{_step + 1} of {Steps.Length}").Inset(1, 0);
        DrawSteps(surface, inner);
        var page = inner.CutRows(2).Remainder.Inset(1, 0);
        switch (_step)
        {
            case 0:
                DrawPreset(surface, page);
                break;
            case ReviewStep:
                DrawReview(surface, page);
                break;
            case RegisterStep:
                DrawRegistration(session, surface, page);
                break;
            default:
                _pages[_step].Draw(surface, page);
                break;
        }
    }

    private void DrawSteps(Surface surface, Rect area)
    {
        var x = area.X + 1;
        for (var i = 0; i < Steps.Length; i++)
        {
            if (i > 0) x = surface.Write(x, area.Y, " → ", Style.Dim);
            var style = i == _step ? new Style(Color.Cyan, Emphasis: Emphasis.Bold) : i < _step ? Style.Plain : Style.Dim;
            x = surface.Write(x, area.Y, i < _step ? $"✓ {Steps[i]}" : $"{i + 1} {Steps[i]}", style);
        }
    }

    private void DrawPreset(Surface surface, Rect page)
    {
        surface.Write(page.X, page.Y, "Which kind of server is it?", Style.Bold);
        var rest = page.CutRows(2).Remainder;
        _answers.Preset.Draw(surface, new Rect(rest.X, rest.Y, rest.Width, _answers.Preset.Height), hasFocus: true);
        var note = rest.CutRows(_answers.Preset.Height + 1).Remainder;
        note = note.CutRows(Paragraph.Draw(surface, note, PresetText.HintOf(_answers.PresetChosen), Style.Dim) + 1).Remainder;
        Paragraph.Draw(surface, note, "You can change all of it later: a profile is a small text file. No server at hand? `softphone demo --tui` needs none.", Style.Dim);
    }

    private void DrawReview(Surface surface, Rect page)
    {
        var (form, rest) = page.CutRows(_answers.IsEdit ? 0 : 4);
        _pages[ReviewStep].Draw(surface, form);
        var draft = _answers.Draft();
        var lines = ProfileWriter.WriteNew(draft.Profile, withSecrets: false).TrimEnd('\n').Split('\n').ToList();
        if (draft.Password is not null && !_answers.IsEdit) lines.Insert(2, "  # password: (hidden)");
        surface.Write(rest.X, rest.Y, $"{_answers.ProfileName}.yaml", Style.Bold);
        var y = rest.Y + 1;
        foreach (var line in lines)
        {
            if (y >= rest.Bottom - 2) break;
            surface.Write(rest.X + 2, y++, line, line.EndsWith(':') ? new Style(Color.Cyan) : Style.Plain, rest.Width - 2);
        }

        surface.Write(rest.X, rest.Bottom - 1, _answers.IsEdit ? "Enter changes the file and registers anew: its calls end. Esc goes back." : "Enter keeps it and registers; Esc goes back.", Style.Dim, rest.Width);
    }

    private void Forward(Session session)
    {
        if (_step == RegisterStep) ForwardFromRegistration(session);
        else if (_step == ReviewStep || !_pages[_step].Next()) NextPage(session);
    }

    private void NextPage(Session session)
    {
        if (_step == RegisterStep || !_pages[_step].Validate()) return;
        _step++;
        if (_step == RegisterStep) Create(session);
    }

    private void Back(Session session)
    {
        if (_step == RegisterStep && _isRegistered) session.Close(this);
        else if (_step > 0) _step--;
        else session.Close(this);
    }

    private void GoTo(FormField field)
    {
        for (var i = 0; i < _pages.Length; i++)
        {
            if (!_pages[i].Fields.Contains(field)) continue;
            _step = i;
            _pages[i].Focus(field);
        }
    }
}
