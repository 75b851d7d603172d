using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>A program in a terminal of tmux: keys go in, what a person would see comes out. Everything is waited for by what is seen.</summary>
internal sealed class TerminalWindow : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly string _socket;

    /// <param name="socket">A path for tmux to meet us at.</param>
    /// <param name="size">Columns and rows.</param>
    /// <param name="environment">Variables of the program, over those of this process.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="command">Makes the command that starts tmux, so that all of it runs elsewhere; here when null.</param>
    public TerminalWindow(
        string socket,
        (int Width, int Height) size,
        IReadOnlyDictionary<string, string> environment,
        string program,
        IEnumerable<string> arguments,
        Func<string, string[], ProcessStartInfo>? command = null)
    {
        _socket = socket;
        string[] start =
        [
            "-S", socket, "-f", "/dev/null", "-u", "new-session", "-d", "-x", Number(size.Width), "-y", Number(size.Height),
            .. environment.SelectMany(v => new[] { "-e", $"{v.Key}={v.Value}" }), program, .. arguments,
            ";", "set-option", "-g", "remain-on-exit", "on", ";", "set-option", "-g", "status", "off", ";", "set-option", "-s", "escape-time", "0",
        ];
        var startInfo = command?.Invoke("tmux", start) ?? Plain(start);
        startInfo.RedirectStandardOutput = startInfo.RedirectStandardError = true;
        startInfo.Environment["LC_ALL"] = "C.UTF-8";
        startInfo.Environment.Remove("TMUX");
        using var process = Process.Start(startInfo)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"tmux does not start: {said}");
    }

    /// <summary>
    /// The exit code of the program, 128 and more when a signal ended it; null while it runs, and for the moment in which the terminal is
    /// closed already and the program not yet reaped: then tmux calls the pane dead and has neither a status nor a signal.
    /// </summary>
    public int? ExitCode => Tmux("list-panes", "-F", "#{pane_dead}/#{pane_dead_status}/#{pane_dead_signal}").Trim().Split('/') switch
    {
        ["1", var status, ..] when int.TryParse(status, CultureInfo.InvariantCulture, out var code) => code,
        ["1", _, var signal] when int.TryParse(signal, CultureInfo.InvariantCulture, out var number) => 128 + number,
        _ => null,
    };

    /// <summary>The screen as text, a line a row.</summary>
    public string Capture() => Tmux("capture-pane", "-p");

    /// <summary>The screen with its colours, as escape sequences.</summary>
    public string CaptureColours() => Tmux("capture-pane", "-p", "-e");

    /// <summary>Where the cursor is, and whether it is seen.</summary>
    public (int X, int Y, bool IsShown) Cursor
    {
        get
        {
            var parts = Tmux("display-message", "-p", "#{cursor_x} #{cursor_y} #{cursor_flag}").Trim().Split(' ');
            return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2] == "1");
        }
    }

    /// <summary>Keys by the names of tmux: "Enter", "Escape", "Tab", "Down".</summary>
    public void Press(params string[] keys) => Tmux(["send-keys", .. keys]);

    /// <summary>Text as it is.</summary>
    public void Type(string text) => Tmux("send-keys", "-l", text);

    public void Resize(int width, int height) => Tmux("resize-window", "-x", Number(width), "-y", Number(height));

    /// <summary>Waits until the screen is so; the last one seen, and whether it is so.</summary>
    public (bool Holds, string Screen) Wait(Func<string, bool> holds, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var screen = Capture();
            if (holds(screen)) return (true, screen);
            if (clock.Elapsed > limit) return (false, screen);
            Thread.Sleep(Look);
        }
    }

    public void Dispose()
    {
        try
        {
            Tmux("kill-server");
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }

    private static ProcessStartInfo Plain(string[] arguments)
    {
        var start = new ProcessStartInfo("tmux");
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private string Tmux(params string[] arguments)
    {
        var start = Plain(["-S", _socket, .. arguments]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"tmux {string.Join(' ', arguments)}: {error.Result}");
    }
}
