using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Chooses a sound device by ear: Space tries it and its level shows at once, Enter keeps it, Escape goes back to what was.</summary>
public sealed class DevicePicker : Screen
{
    private readonly DeviceRole _role;
    private readonly ListView _list = new();
    private string? _before;
    private string? _asked;

    /// <param name="role">What the device is for.</param>
    public DevicePicker(DeviceRole role)
    {
        _role = role;
        Keys =
        [
            new(["Enter"], "", "use", "use the device from now on", s => Use(s, Selected(s), closes: true)) { Rank = 1 },
            new(["Space"], "", "try", "use it and stay here, to hear and see it", s => Use(s, Selected(s))) { Rank = 2 },
            new(["J"], "", "test ring", "ring on it for a moment", TestRing) { Rank = 3, Disabled = _ => role == DeviceRole.Ring ? null : "it does not ring" },
            new(["Esc", "q"], "", "back", "back to what was chosen before", s => Use(s, _before!, closes: true)) { Rank = 4 },
        ];
    }

    public override string Title => SettingsScreen.NameOf(_role).ToLowerInvariant();

    public override bool IsOverlay => true;

    public override IReadOnlyList<KeyBinding> Keys { get; }

    public override void Refresh(Session session)
    {
        var isFirst = _before is null;
        _before ??= SettingsScreen.ViewOf(session.View.Audio, _role).Chosen;
        var choices = Choices(session);
        if (isFirst) _list.Select(Math.Max(choices.IndexOf(_before), 0), choices.Count);
        _list.Fit(choices.Count, choices.Count);
    }

    public override bool Handle(Session session, InputEvent input) => input is InputEvent.Key key && _list.Handle(key, Choices(session).Count, 5);

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var audio = session.View.Audio;
        var device = SettingsScreen.ViewOf(audio, _role);
        var choices = Choices(session);
        var problem = device.Problem.Length > 0 ? Paragraph.Wrap($"✗ {device.Problem}", 64) : [];
        var inner = Dialog.Draw(surface, area, 68, choices.Count + 4 + Math.Max(problem.Count - 1, 0), SettingsScreen.NameOf(_role));
        var (list, foot) = inner.CutRows(choices.Count);
        _list.Fit(choices.Count, list.Height);
        for (var y = 0; y < list.Height; y++)
        {
            var index = _list.Top + y;
            var line = new Rect(list.X, list.Y + y, list.Width, 1);
            surface.Write(line.X, line.Y, choices[index] == device.Chosen ? "●" : " ", Color.Green);
            surface.Write(line.X + 2, line.Y, SettingsScreen.NameOf(choices[index]), room: line.Width - 2);
            if (index == _list.Selected) surface.Select(line);
        }

        var rest = foot.CutRows(1).Remainder;
        if (rest.IsEmpty) return;
        if (problem.Count > 0) Paragraph.Draw(surface, rest, string.Join('\n', problem), Color.Red);
        else if (_role == DeviceRole.Input) SettingsScreen.DrawMeter(surface, rest, audio.InputDbfs);
        else if (_role == DeviceRole.Output) SettingsScreen.DrawMeter(surface, rest, audio.OutputDbfs);
    }

    // What was chosen may be unplugged now: it stays in the list, for it is used again when it comes back.
    private List<string> Choices(Session session)
    {
        var device = SettingsScreen.ViewOf(session.View.Audio, _role);
        List<string> choices = ["default", .. device.Choices, "null"];
        if (!choices.Contains(device.Chosen)) choices.Insert(1, device.Chosen);
        return choices;
    }

    private string Selected(Session session) => Choices(session)[_list.Selected];

    private void TestRing(Session session)
    {
        Use(session, Selected(session));
        session.Ask(new PhoneCommand.TestRing());
    }

    private void Use(Session session, string name, bool closes = false)
    {
        if ((_asked ?? _before) != name) session.Ask(new PhoneCommand.UseDevice(_role, name));
        _asked = name;
        if (closes) session.Close(this);
    }
}
