using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Sound devices with their levels as they are now, loudness, and the accounts. The devices are open while this screen is.</summary>
public sealed class SettingsScreen : Screen
{
    private const int Devices = 3;
    private const int SoundRows = Devices + 1;
    private const int LoudestDb = 12;
    private const int QuietestDb = -40;

    private static readonly Column[] AccountColumns =
    [
        new("", 1), new("name", 12), new("address", 0), new("state", 26), new("server", 22, Importance: 1), new("by", 4, Importance: 2), new("calls", 6, Importance: 3),
    ];

    private readonly ListView _list = new();
    private readonly ListView _accounts = new();
    private bool _hasAsked;

    public SettingsScreen() =>
        Keys =
        [
            new(["Enter"], "", "choose", "choose the device, or the account that calls are placed with", s => Choose(s)) { Group = "Settings", Rank = 10 },
            new(["J"], "test-ring", "test ring", "play the ring for a moment, where it rings", s => s.Ask(new PhoneCommand.TestRing())) { Group = "Settings", Rank = 20 },
            new(["U"], "", "unregister", "take the account out of service", s => s.Ask(new PhoneCommand.Unregister(Account(s)!.Name)))
            {
                Group = "Settings",
                Rank = 30,
                Disabled = s => NeedsAccount(s) ?? (Account(s)!.State == RegistrationState.Unregistered ? "it is not registered" : null),
            },
            new(["R"], "", "register", "register the account anew, now", s => s.Ask(new PhoneCommand.Register(Account(s)!.Name))) { Group = "Settings", Rank = 40, Disabled = NeedsAccount },
            new(["E"], "", "edit", "change the account, step by step", s => s.Open(new WizardScreen(Account(s)!.Profile))) { Group = "Settings", Rank = 45, Disabled = NeedsFile },
            new(["X", "Del"], "", "delete", "take the account away; asks first", Delete) { Group = "Settings", Rank = 100, Disabled = NeedsFile },
            new(["N"], "", "new account", "set up another account", s => s.Open(new WizardScreen())) { Name = Bindings.Wizard.Name, Group = "Settings", Rank = 50 },
        ];

    public override string Title => "settings";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    public override void Refresh(Session session)
    {
        _list.Fit(SoundRows + session.View.Accounts.Count, 0);
        if (_hasAsked) return;
        _hasAsked = true;
        session.Ask(new PhoneCommand.Meter(true));
    }

    public override void Closed(Session session) => session.Ask(new PhoneCommand.Meter(false));

    public override bool Handle(Session session, InputEvent input)
    {
        if (input is not InputEvent.Key key) return false;
        if (_list.Selected == Devices && key.Code is KeyCode.Left or KeyCode.Right)
        {
            session.Ask(new PhoneCommand.Volume(Math.Clamp(session.View.Audio.VolumeDb + (key.Code == KeyCode.Right ? 2 : -2), QuietestDb, LoudestDb)));
            return true;
        }

        if (key.Code is KeyCode.Tab or KeyCode.BackTab)
        {
            _list.Select(_list.Selected < SoundRows ? SoundRows : 0, SoundRows + session.View.Accounts.Count);
            return true;
        }

        return _list.Handle(key, SoundRows + session.View.Accounts.Count, 6);
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var (upper, lower) = area.CutRows(Math.Min(SoundRows + 6, Math.Max(area.Height - 4, 4)));
        DrawSound(session.View.Audio, surface, Frame.Draw(surface, upper, "Sound", hasFocus: _list.Selected < SoundRows));
        if (lower.Height < 2) return;
        var accounts = session.View.Accounts;
        var isHere = _list.Selected >= SoundRows;
        var inner = Frame.Draw(surface, new Rect(lower.X, lower.Y - 1, lower.Width, lower.Height + 1), "Accounts", isHere, $"{accounts.Count}");
        if (accounts.Count == 0)
        {
            surface.Write(inner.X + 1, inner.Y, $"No account yet: {session.KeyOf(Bindings.Wizard)} sets one up.", Style.Dim, inner.Width - 1);
            return;
        }

        _accounts.Select(_list.Selected - SoundRows, accounts.Count);
        Table.Draw(surface, inner, AccountColumns, accounts.Count, i => Row(session.View, accounts[i]), _accounts, isHere);
        if (isHere && Account(session)?.Problem is { } fault)
            Paragraph.Draw(surface, new Rect(inner.X + 1, inner.Y + accounts.Count + 2, inner.Width - 2, inner.Bottom - inner.Y - accounts.Count - 2), fault.Remedy.Length > 0 ? $"{fault.What}; {fault.Remedy}" : fault.What, Color.Red);
    }

    /// <summary>The device's role in words.</summary>
    internal static string NameOf(DeviceRole role) => role switch
    {
        DeviceRole.Input => "Microphone",
        DeviceRole.Output => "Loudspeaker",
        _ => "Ringing",
    };

    /// <summary>What was chosen, in words.</summary>
    internal static string NameOf(string chosen) => chosen switch
    {
        "default" => "default (the system's choice)",
        "null" => "none (silence)",
        _ => chosen,
    };

    internal static DeviceView ViewOf(AudioView audio, DeviceRole role) => role switch
    {
        DeviceRole.Input => audio.Input,
        DeviceRole.Output => audio.Output,
        _ => audio.Ring,
    };

    /// <summary>A level as blocks, with its decibels; a line when the device is not open.</summary>
    internal static void DrawMeter(Surface surface, Rect area, double? dbfs)
    {
        const int Silence = -60;
        if (area.Width < 16) return;
        if (dbfs is not { } level)
        {
            surface.WriteRight(area.Right, area.Y, "–", Style.Dim);
            return;
        }

        Bars.Level(surface, area.X, area.Y, area.Width - 8, (level - Silence) / -Silence);
        surface.WriteRight(area.Right, area.Y, string.Create(CultureInfo.InvariantCulture, $"{level:0} dB"));
    }

    private void DrawSound(AudioView audio, Surface surface, Rect area)
    {
        var meter = Math.Clamp(area.Width / 3, 16, 48);
        foreach (var role in Enum.GetValues<DeviceRole>())
        {
            var device = ViewOf(audio, role);
            var y = area.Y + (int)role;
            if (y >= area.Bottom) return;
            DrawLabel(surface, area, (int)role, NameOf(role));
            var mark = device.Problem.Length > 0 ? "✗ " : "";
            surface.Write(area.X + 15, y, mark + NameOf(device.Chosen), mark.Length > 0 ? Color.Red : Style.Plain, area.Width - 16 - (role == DeviceRole.Ring ? 1 : meter + 2));
            var level = new Rect(area.Right - meter - 1, y, meter, 1);
            if (role == DeviceRole.Input) DrawMeter(surface, level, audio.InputDbfs);
            if (role == DeviceRole.Output) DrawMeter(surface, level, audio.OutputDbfs);
        }

        if (area.Height <= Devices) return;
        DrawLabel(surface, area, Devices, "Volume");
        surface.Write(area.X + 15, area.Y + Devices, string.Create(CultureInfo.InvariantCulture, $"{audio.VolumeDb:+0;-0;0} dB"), Style.Plain);
        Bars.Level(surface, area.Right - meter - 1, area.Y + Devices, meter - 8, (double)(audio.VolumeDb - QuietestDb) / (LoudestDb - QuietestDb), high: 2);
        var row = area.Y + SoundRows + 1;
        foreach (var problem in Enum.GetValues<DeviceRole>().Select(r => ViewOf(audio, r).Problem).Where(p => p.Length > 0).Distinct())
            if (row < area.Bottom) row += Paragraph.Draw(surface, new Rect(area.X + 1, row, area.Width - 2, area.Bottom - row), $"✗ {problem}", Color.Red);
        string[] notes =
        [
            audio.IsMuted ? "The microphone is muted." : "",
            audio.Processing.Length > 0 ? $"Your voice: {audio.Processing}" : "",
            "Devices and volume that you choose here are remembered for this computer.",
        ];
        foreach (var note in notes.Where(n => n.Length > 0))
            if (row < area.Bottom) surface.Write(area.X + 1, row++, note, Style.Dim, area.Width - 2);
    }

    private void DrawLabel(Surface surface, Rect area, int row, string label)
    {
        var isSelected = _list.Selected == row;
        surface.Write(area.X, area.Y + row, isSelected ? "▸" : " ", new Style(Color.Cyan, Emphasis: Emphasis.Bold));
        surface.Write(area.X + 1, area.Y + row, label, isSelected ? Style.Bold : Style.Plain);
    }

    private static TableCell[] Row(PhoneView view, AccountView account) =>
    [
        StateMark(account.State), account.Name, Wording.Address(account.Aor), StateOf(account), new(account.Server, Style.Dim), new(account.Transport, Style.Dim),
        account.Name == view.Account ? "← use" : "",
    ];

    private static TableCell StateMark(RegistrationState state) => state switch
    {
        RegistrationState.Registered => new("●", Color.Green),
        RegistrationState.Registering => new("◐", Color.Yellow),
        RegistrationState.Failed => new("✗", Color.Red),
        _ => new("○", Style.Dim),
    };

    private static string StateOf(AccountView account) => account.State switch
    {
        RegistrationState.Registered => account.ExpiresIn is { } left ? $"registered, {Math.Max((int)left.TotalSeconds, 0)} s" : "registered",
        RegistrationState.Registering => "registering …",
        RegistrationState.Failed => account.RetryIn is { } wait ? $"failed, again in {Math.Max((int)wait.TotalSeconds, 0)} s" : "failed",
        _ => "off",
    };

    private AccountView? Account(Session session) =>
        _list.Selected >= SoundRows && _list.Selected - SoundRows < session.View.Accounts.Count ? session.View.Accounts[_list.Selected - SoundRows] : null;

    private string? NeedsAccount(Session session) => Account(session) is null ? "no account is selected" : null;

    private string? NeedsFile(Session session) => NeedsAccount(session) ?? (Account(session)!.Profile is null ? "it has no profile that can be read: softphone profile edit mends it" : null);

    private void Delete(Session session)
    {
        var name = Account(session)!.Name;
        session.Open(new ConfirmScreen("Delete account", _ => $"{name} hangs up and unregisters; {name}.yaml.deleted is kept.", "delete it", s => s.Ask(new PhoneCommand.DeleteProfile(name))));
    }

    private void Choose(Session session)
    {
        if (_list.Selected < Devices) session.Open(new DevicePicker((DeviceRole)_list.Selected));
        else if (Account(session) is { } account) session.Ask(new PhoneCommand.UseAccount(account.Name));
    }
}
