namespace Softphone.Interop;

/// <summary>Debian's linphonec as a peer with ICE and TURN: it answers by itself, plays a tone and records what it hears. It wants a terminal.</summary>
internal sealed class LinphonePeer : IDisposable
{
    private readonly TerminalWindow _window;
    private readonly string _folder;

    public LinphonePeer(Laboratory lab, string host, string user, string folder, double hertz, string? password = null)
    {
        _folder = folder;
        foreach (var needed in new[] { ".local/share/linphone", ".config/linphone" }) Directory.CreateDirectory(Path.Combine(folder, needed));
        var config = Path.Combine(folder, "linphonerc");
        File.WriteAllText(config, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kernel", "etc", "linphonerc"))
            .Replace("@TURN_USER@", Laboratory.TurnUser).Replace("@TURN_PASSWORD@", Laboratory.TurnPassword).Replace("@TURN@", Laboratory.StunServer)
            .Replace("@USER@-secret", password ?? user + "-secret").Replace("@USER@", user).Replace("@DOMAIN@", Laboratory.Domain).Replace("@SERVER@", Laboratory.Registrar));
        var environment = new Dictionary<string, string> { ["HOME"] = folder, ["XDG_RUNTIME_DIR"] = folder };
        // Before what else the machine does, as the phone that is measured beside it.
        _window = new TerminalWindow(Path.Combine(folder, "tmux"), (160, 50), environment, "nice",
            ["-n", "-15", "linphonec", "-S", "-c", config, "-a"], (program, arguments) => lab.Command(host, program, arguments));
        _window.Wait(s => s.Contains("linphonec>", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        Say("soundcard use files");
        Say($"play {Tone.Wav(folder, hertz, rate: 16_000)}");
    }

    public string Screen => _window.Capture();

    /// <summary>What it hears from now on goes into a file of this name.</summary>
    public string Record(string name)
    {
        var file = Path.Combine(_folder, name);
        Say($"record {file}");
        return file;
    }

    public bool IsRegistered(TimeSpan limit)
    {
        for (var asked = DateTime.UtcNow; DateTime.UtcNow - asked < limit;)
        {
            Say("status register");
            if (_window.Wait(s => s.Contains("registered, identity", StringComparison.Ordinal), TimeSpan.FromMilliseconds(500)).Holds) return true;
        }

        return false;
    }

    public void Call(string uri) => Say($"call {uri}");

    public void HangUp() => Say("terminate");

    public void Dispose()
    {
        Say("quit");
        for (var tries = 0; tries < 40 && _window.ExitCode is null; tries++) Thread.Sleep(50);
        _window.Dispose();
    }

    private void Say(string line)
    {
        _window.Type(line);
        _window.Press("Enter");
        Thread.Sleep(50);
    }
}
