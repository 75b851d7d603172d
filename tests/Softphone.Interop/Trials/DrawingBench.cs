using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Softphone.Interop;

/// <summary>
/// What the full screen costs, measured on the running program in a terminal of its own (util-linux script): octets and processor time of a
/// frame while a call goes on, from key to screen, and from start to first paint.
/// </summary>
internal static class DrawingBench
{
    private const int Width = 160;
    private const int Height = 48;
    private const double NanosecondsPerSecond = 1e9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    /// <summary>The screens that are measured, by the key that opens them from the main one.</summary>
    private static readonly (string Name, string Key)[] Screens = [("main screen, a call and its events", ""), ("in-call screen", "p"), ("ICE inspector", "i"), ("SIP ladder", "s"), ("settings with meters", "S")];

    public static int Run()
    {
        var report = new Report { Part = "tui" };
        Console.WriteLine($"{Width}×{Height}, {Environment.ProcessorCount} processors, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        FirstPaint(report);
        using var terminal = new Terminal("demo", "--tui");
        terminal.WaitFor("registered at");
        terminal.Type("dbob\r");
        terminal.WaitFor("talking");
        foreach (var (name, key) in Screens) Frames(report, terminal, name, key);
        KeyToScreen(report, terminal);
        terminal.Type("Qy");
        terminal.WaitForExit();
        return report.Close();
    }

    private static void FirstPaint(Report report)
    {
        var times = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var clock = Stopwatch.StartNew();
            using var terminal = new Terminal();
            terminal.WaitFor("\e[?2026l");
            times.Add(clock.Elapsed.TotalMilliseconds);
            terminal.Type("\x03");
            terminal.WaitForExit();
        }

        times.Sort();
        report.Check(times[times.Count / 2] < 300, "from start to first paint under 300 ms", Text($"median {times[times.Count / 2]:0} ms, {times[0]:0} to {times[^1]:0} ms of {times.Count} starts"));
    }

    private static void Frames(Report report, Terminal terminal, string name, string key)
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

    private static void KeyToScreen(Report report, Terminal terminal)
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

    /// <summary>The phone in a terminal that counts what comes out.</summary>
    private sealed class Terminal : IDisposable
    {
        private static readonly byte[] FrameEnd = Encoding.ASCII.GetBytes("\e[?2026l");

        private readonly Lock _gate = new();
        private readonly Process _process;
        private readonly StringBuilder _seen = new();
        private readonly AutoResetEvent _more = new(false);
        private readonly string _folder = Directory.CreateTempSubdirectory("softphone-bench").FullName;
        private long _octets;
        private long _frames;
        private int _matched;

        public Terminal(params string[] arguments)
        {
            var start = new ProcessStartInfo("script") { RedirectStandardInput = true, RedirectStandardOutput = true };
            var program = string.Join(' ', new[] { Binary.Program }.Concat(Binary.FirstArguments).Concat(arguments).Select(a => $"'{a}'"));
            foreach (var argument in (string[])["-qfec", $"stty cols {Width} rows {Height}; exec {program}", "/dev/null"]) start.ArgumentList.Add(argument);
            foreach (var (name, value) in ((string, string)[])[("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"), ("SHELL", "/bin/sh"), ("XDG_CONFIG_HOME", _folder), ("XDG_STATE_HOME", _folder)])
                start.Environment[name] = value;
            _process = Process.Start(start)!;
            new Thread(Read) { IsBackground = true }.Start();
        }

        public long Octets => Interlocked.Read(ref _octets);

        public long Frames => Interlocked.Read(ref _frames);

        /// <summary>Nanoseconds that the thread of the screen was on a processor.</summary>
        public double ScreenTime
        {
            get
            {
                var pid = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ')[0];
                foreach (var thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
                    if (File.ReadAllText(Path.Combine(thread, "comm")).Trim() == "screen") return double.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
                throw new InvalidOperationException("there is no thread of the screen");
            }
        }

        public void Type(string keys)
        {
            lock (_gate) _seen.Clear();
            _process.StandardInput.Write(keys);
            _process.StandardInput.Flush();
        }

        /// <summary>A key right behind it would be one with Alt.</summary>
        public void Escape()
        {
            Type("\e");
            Thread.Sleep(TimeSpan.FromMilliseconds(500));
        }

        /// <summary>Waits until the program has written this since the last key.</summary>
        public void WaitFor(string text)
        {
            var clock = Stopwatch.StartNew();
            while (true)
            {
                lock (_gate)
                    if (_seen.ToString().Contains(text, StringComparison.Ordinal)) return;
                if (clock.Elapsed > Patience) throw new InvalidOperationException($"\"{text}\" did not come; the last was {_seen}");
                _more.WaitOne(TimeSpan.FromMilliseconds(100));
            }
        }

        public void WaitForExit()
        {
            if (!_process.WaitForExit(Patience)) throw new InvalidOperationException("it does not end");
        }

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            _process.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        private void Read()
        {
            var output = _process.StandardOutput.BaseStream;
            var buffer = new byte[65_536];
            while (output.Read(buffer) is > 0 and var count)
            {
                Interlocked.Add(ref _octets, count);
                foreach (var octet in buffer.AsSpan(0, count))
                {
                    _matched = octet == FrameEnd[_matched] ? _matched + 1 : octet == FrameEnd[0] ? 1 : 0;
                    if (_matched < FrameEnd.Length) continue;
                    _matched = 0;
                    Interlocked.Increment(ref _frames);
                }

                lock (_gate) _seen.Append(Encoding.UTF8.GetString(buffer, 0, count));
                _more.Set();
            }
        }
    }
}
