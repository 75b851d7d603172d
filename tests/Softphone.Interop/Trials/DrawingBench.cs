using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>
/// What the full screen costs, measured on the running program in a terminal of its own (util-linux script): octets and processor time of a
/// frame while a call goes on, from key to screen, and from start to first paint.
/// </summary>
internal static class DrawingBench
{
    private const double NanosecondsPerSecond = 1e9;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    /// <summary>The screens that are measured, by the key that opens them from the main one.</summary>
    private static readonly (string Name, string Key)[] Screens = [("main screen, a call and its events", ""), ("in-call screen", "p"), ("ICE inspector", "i"), ("SIP ladder", "s"), ("settings with meters", "S")];

    /// <param name="onlyKept">Only what is measured with much that is kept.</param>
    public static int Run(bool onlyKept)
    {
        var report = new Report { Part = "tui" };
        Console.WriteLine($"{BenchTerminal.Width}×{BenchTerminal.Height}, {Environment.ProcessorCount} processors, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        if (!onlyKept) Bare(report);
        KeptBench.Run(report);
        return report.Close();
    }

    private static void Bare(Report report)
    {
        FirstPaint(report);
        using var terminal = new BenchTerminal("demo", "--tui");
        terminal.WaitFor("registered at");
        terminal.Type("dbob\r");
        terminal.WaitFor("talking");
        foreach (var (name, key) in Screens) Frames(report, terminal, name, key);
        KeyToScreen(report, terminal);
        terminal.Type("Qy");
        terminal.WaitForExit();
    }

    private static void FirstPaint(Report report)
    {
        var times = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var clock = Stopwatch.StartNew();
            using var terminal = new BenchTerminal();
            terminal.WaitFor("\e[?2026l");
            times.Add(clock.Elapsed.TotalMilliseconds);
            terminal.Type("\x03");
            terminal.WaitForExit();
        }

        times.Sort();
        report.Check(times[times.Count / 2] < 300, "from start to first paint under 300 ms", Text($"median {times[times.Count / 2]:0} ms, {times[0]:0} to {times[^1]:0} ms of {times.Count} starts"));
    }

    private static void Frames(Report report, BenchTerminal terminal, string name, string key)
    {
        terminal.Type(key);
        Thread.Sleep(TimeSpan.FromSeconds(2));
        var (octets, frames, busy) = (terminal.Octets, terminal.Frames, terminal.ScreenTime);
        var clock = Stopwatch.StartNew();
        Thread.Sleep(Measured);
        var seconds = clock.Elapsed.TotalSeconds;
        (octets, frames, busy) = (terminal.Octets - octets, terminal.Frames - frames, terminal.ScreenTime - busy);
        if (key.Length > 0) terminal.Escape();
        var share = busy / NanosecondsPerSecond / seconds;
        // A screen on which nothing changes draws nothing at all.
        var (size, time) = frames == 0 ? (0, 0) : ((double)octets / frames, busy / 1e6 / frames);
        report.Check(share < 0.03 && size < 2000, $"{name}: under 3 % of a core and 2 kB a frame", Text($"{frames / seconds:0.0} frames/s, {size:0} octets and {time:0.00} ms a frame, {share * 100:0.00} % of a core"));
    }

    private static void KeyToScreen(Report report, BenchTerminal terminal)
    {
        var times = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            Thread.Sleep(230 + 17 * i);
            var clock = Stopwatch.StartNew();
            terminal.Type("C");
            terminal.WaitFor("last call");
            times.Add(clock.Elapsed.TotalMilliseconds);
            Thread.Sleep(200);
            terminal.Escape();
        }

        times.Sort();
        report.Check(times[^2] < 50, "from key to screen under 50 ms", Text($"median {times[times.Count / 2]:0.0} ms, 19 of 20 within {times[^2]:0.0} ms, worst {times[^1]:0.0} ms"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
