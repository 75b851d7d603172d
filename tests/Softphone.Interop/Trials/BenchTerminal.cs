using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Softphone.Interop;

/// <summary>The phone in a terminal that counts what comes out.</summary>
internal sealed class BenchTerminal : IDisposable
{
    public const int Width = 160;
    public const int Height = 48;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] FrameEnd = Encoding.ASCII.GetBytes("\e[?2026l");

    private readonly Lock _gate = new();
    private readonly Process _process;
    private readonly StringBuilder _seen = new();
    private readonly AutoResetEvent _more = new(false);
    private readonly string _folder;
    private long _octets;
    private long _frames;
    private int _matched;

    /// <param name="arguments">Of the program.</param>
    public BenchTerminal(params string[] arguments)
        : this(null, arguments)
    {
    }

    /// <param name="folder">What it finds in its folders of configuration and state; taken away in the end. Null for nothing.</param>
    /// <param name="arguments">Of the program.</param>
    public BenchTerminal(string? folder, params string[] arguments)
    {
        _folder = folder ?? Directory.CreateTempSubdirectory("softphone-bench").FullName;
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

    /// <summary>The process of the phone.</summary>
    public int Pid => int.Parse(File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>Nanoseconds that the thread of the screen was on a processor.</summary>
    public double ScreenTime
    {
        get
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{Pid}/task"))
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
