using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>
/// A real terminal with a real shell in it: a tmux server of its own, a window of a given size, keys typed and the screen read. What the
/// shell ran last is waited for by its prompt, which tells the exit code.
/// </summary>
internal sealed class Terminal : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly string _server = $"softphone-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
    private readonly string _folder;
    private static int _count;
    private int _commands;

    /// <param name="folder">For what the shell writes down.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="variables">The shell's environment, beside ours.</param>
    public Terminal(string folder, int width, int height, IReadOnlyDictionary<string, string> variables)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        Tmux([
            "-f", "/dev/null", "new-session", "-d", "-x", Text(width), "-y", Text(height),
            .. variables.SelectMany(v => new[] { "-e", $"{v.Key}={v.Value}" }), "bash --norc --noprofile",
        ]);
        Type("PS1='[$?]$ '; clear");
        Wait(s => s.StartsWith("[0]$", StringComparison.Ordinal));
    }

    /// <summary>What stands on the screen.</summary>
    public string Screen => Tmux(["capture-pane", "-p"]);

    /// <summary>The shell's process.</summary>
    public int Shell => int.Parse(Tmux(["display-message", "-p", "#{pane_pid}"]), CultureInfo.InvariantCulture);

    /// <summary>The title that the program gave the window.</summary>
    public string Title => Tmux(["display-message", "-p", "#{pane_title}"]).Trim();

    /// <summary>What else programs switch at a terminal: the other screen, the cursor, keys, mouse.</summary>
    public string Modes => Tmux(["display-message", "-p", "alternate #{alternate_on} cursor #{cursor_flag} keys #{keypad_cursor_flag} #{keypad_flag} mouse #{mouse_any_flag} #{mouse_sgr_flag}"]).Trim();

    /// <summary>A line for the shell, or whatever else reads: text and Enter.</summary>
    public void Type(string line)
    {
        Tmux(["send-keys", "-l", line]);
        Press("Enter");
    }

    /// <summary>Keys by tmux' names: "C-z", "Escape", "F10", or single characters.</summary>
    public void Press(params string[] keys) => Tmux(["send-keys", .. keys]);

    /// <summary>Octets as a terminal would send them: mouse and paste.</summary>
    public void Send(string octets) => Tmux(["send-keys", "-l", octets]);

    public void Resize(int width, int height) => Tmux(["resize-window", "-x", Text(width), "-y", Text(height)]);

    /// <summary>The window is closed, as by its cross.</summary>
    public void Close() => Tmux(["kill-session"]);

    /// <summary>Waits until the screen is as it is to be.</summary>
    public bool Wait(Func<string, bool> holds, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < (limit ?? Patience))
        {
            if (holds(Screen)) return true;
            Thread.Sleep(Pause);
        }

        return false;
    }

    /// <summary>Lets the shell run a command and gives what it printed.</summary>
    public string Run(string command)
    {
        var output = Path.Combine(_folder, $"output-{++_commands}");
        Type($"clear; {command} >{output} 2>&1; : >{output}.done");
        var clock = Stopwatch.StartNew();
        while (!File.Exists(output + ".done") && clock.Elapsed < Patience) Thread.Sleep(Pause);
        return File.Exists(output) ? File.ReadAllText(output) : "";
    }

    public void Dispose() => Tmux(["kill-server"]);

    private string Tmux(string[] arguments)
    {
        using var tmux = Process.Start(new ProcessStartInfo("tmux", ["-L", _server, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = tmux.StandardError.ReadToEndAsync();
        var output = tmux.StandardOutput.ReadToEnd();
        tmux.WaitForExit();
        _ = error.Result;
        return output;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
