using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Chooses a sound device by ear: Space tries it and its level shows at once, Enter keeps it, Escape goes back to what was.</summary>
/// <param name="role">What the device is for.</param>
public sealed class DevicePicker(DeviceRole role) : Screen
{
    private readonly ListView _list = new();
    private string? _before;
    private string? _asked;

    public override string Title => SettingsScreen.NameOf(role).ToLowerInvariant();

    public override bool IsOverlay => true;

    public override void Refresh(Session session)
    {
        var isFirst = _before is null;
        _before ??= SettingsScreen.ViewOf(session.View.Audio, role).Chosen;
        var choices = Choices(session);
        if (isFirst) _list.Select(Math.Max(choices.IndexOf(_before), 0), choices.Count);
        _list.Fit(choices.Count, choices.Count);
    }

    public override bool Handle(Session session, InputEvent input)
    {
        if (input is not InputEvent.Key key) return false;
        var choices = Choices(session);
        switch (key)
        {
            case { Code: KeyCode.Enter }:
                Use(session, choices[_list.Selected]);
                session.Close(this);
                return true;
            case { Code: KeyCode.Escape } or { Rune.Value: 'q', Modifiers: Modifiers.None }:
                Use(session, _before!);
                session.Close(this);
                return true;
            case { Rune.Value: ' ', Code: KeyCode.Character }:
                Use(session, choices[_list.Selected]);
                return true;
            case { Rune.Value: 't', Modifiers: Modifiers.None } when role == DeviceRole.Ring:
                Use(session, choices[_list.Selected]);
                session.Ask(new PhoneCommand.TestRing());
                return true;
            default:
                return _list.Handle(key, choices.Count, 5);
        }
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var audio = session.View.Audio;
        var device = SettingsScreen.ViewOf(audio, role);
        var choices = Choices(session);
        var box = area.Centre(Math.Min(area.Width - 4, 68), choices.Count + 5);
        surface.Fill(box, Style.Plain);
        var note = role == DeviceRole.Ring ? "Enter use  t test ring  Esc back" : "Enter use  Space try  Esc back";
        var (list, foot) = Frame.Draw(surface, box, SettingsScreen.NameOf(role), hasFocus: true, note).CutRows(choices.Count);
        _list.Fit(choices.Count, list.Height);
        for (var y = 0; y < list.Height; y++)
        {
            var index = _list.Top + y;
            var line = new Rect(list.X, list.Y + y, list.Width, 1);
            surface.Write(line.X + 1, line.Y, choices[index] == device.Chosen ? "●" : " ", Color.Green);
            surface.Write(line.X + 3, line.Y, SettingsScreen.NameOf(choices[index]), room: line.Width - 4);
            if (index == _list.Selected) surface.Restyle(line, s => s.With(Emphasis.Reverse));
        }

        var row = new Rect(foot.X + 1, foot.Y + 1, foot.Width - 2, 1);
        if (foot.Height < 2) return;
        if (device.Problem.Length > 0) surface.Write(row.X, row.Y, $"✗ {device.Problem}", Color.Red, row.Width);
        else if (role == DeviceRole.Input) SettingsScreen.DrawMeter(surface, row, audio.InputDbfs);
        else if (role == DeviceRole.Output) SettingsScreen.DrawMeter(surface, row, audio.OutputDbfs);
    }

    // What was chosen may be unplugged now: it stays in the list, for it is used again when it comes back.
    private List<string> Choices(Session session)
    {
        var device = SettingsScreen.ViewOf(session.View.Audio, role);
        List<string> choices = ["default", .. device.Choices, "null"];
        if (!choices.Contains(device.Chosen)) choices.Insert(1, device.Chosen);
        return choices;
    }

    private void Use(Session session, string name)
    {
        if ((_asked ?? _before) != name) session.Ask(new PhoneCommand.UseDevice(role, name));
        _asked = name;
    }
}
