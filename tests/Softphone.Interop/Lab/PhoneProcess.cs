using System.Diagnostics;
using System.Text.Json;

namespace Softphone.Interop;

/// <summary>A softphone on a host of the laboratory, with its --json events as they come.</summary>
internal sealed class PhoneProcess : IDisposable
{
    private readonly object _gate = new();
    private readonly List<PhoneEvent> _events = [];
    private readonly List<string> _errors = [];
    private readonly Process _process;

    public PhoneProcess(Laboratory lab, string host, params IEnumerable<string> arguments)
        : this(lab.Command(host, Binary.Program, [.. Binary.FirstArguments, .. arguments, "--json"]))
    {
    }

    /// <param name="lab">Where.</param>
    /// <param name="host">On which host.</param>
    /// <param name="niceness">Below 0 goes before what else the machine does.</param>
    /// <param name="arguments">The command line.</param>
    public PhoneProcess(Laboratory lab, string host, int niceness, IEnumerable<string> arguments)
        : this(lab.Command(host, "nice", ["-n", niceness.ToString(System.Globalization.CultureInfo.InvariantCulture), Binary.Program, .. Binary.FirstArguments, .. arguments, "--json"]))
    {
    }

    private PhoneProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not { } text) return;
            lock (_gate)
            {
                _errors.Add(text);
                Monitor.PulseAll(_gate);
            }
        };
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>One of another system's form on a host of the laboratory, by the program that lets it run here.</summary>
    public static PhoneProcess Foreign(Laboratory lab, string host, string launcher, params IEnumerable<string> arguments) =>
        new(lab.Command(host, launcher, [.. arguments, "--json"]));

    /// <summary>One on this machine, outside of the laboratory.</summary>
    public static PhoneProcess Here(IReadOnlyDictionary<string, string> variables, params IEnumerable<string> arguments) => Under([], variables, arguments);

    /// <summary>One on this machine that another program starts in its own place, such as `prlimit`.</summary>
    public static PhoneProcess Under(IReadOnlyList<string> starter, IReadOnlyDictionary<string, string> variables, params IEnumerable<string> arguments)
    {
        string[] whole = [.. starter, Binary.Program, .. Binary.FirstArguments, .. arguments, "--json"];
        var start = new ProcessStartInfo(whole[0], whole[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return new PhoneProcess(start);
    }

    public int Id => _process.Id;

    public string Errors
    {
        get { lock (_gate) return string.Join("\n", _errors.TakeLast(8)); }
    }

    /// <summary>Whether it says this on standard error by then.</summary>
    public bool Tells(string words, TimeSpan limit)
    {
        var deadline = DateTime.UtcNow + limit;
        lock (_gate)
        {
            while (true)
            {
                if (_errors.Exists(e => e.Contains(words, StringComparison.Ordinal))) return true;
                var left = deadline - DateTime.UtcNow;
                if (left <= TimeSpan.Zero) return false;
                Monitor.Wait(_gate, left);
            }
        }
    }

    /// <summary>The first event of this name that the condition holds for, waiting for it; null when time ran out or the phone ended.</summary>
    public PhoneEvent? Wait(string name, TimeSpan limit, Func<JsonElement, bool>? holds = null)
    {
        var deadline = DateTime.UtcNow + limit;
        lock (_gate)
        {
            var seen = 0;
            while (true)
            {
                for (; seen < _events.Count; seen++)
                    if (_events[seen].Name == name && (holds is null || holds(_events[seen].Data))) return _events[seen];
                var left = deadline - DateTime.UtcNow;
                if (left <= TimeSpan.Zero || (_process.HasExited && !Monitor.Wait(_gate, TimeSpan.FromMilliseconds(300)))) return null;
                Monitor.Wait(_gate, left < TimeSpan.FromMilliseconds(200) ? left : TimeSpan.FromMilliseconds(200));
            }
        }
    }

    /// <summary>Every event as it was printed.</summary>
    public IReadOnlyList<string> Lines
    {
        get { lock (_gate) return [.. _events.Select(e => e.Data.GetRawText())]; }
    }

    public IReadOnlyList<PhoneEvent> All(string name)
    {
        lock (_gate) return _events.Where(e => e.Name == name).ToList();
    }

    /// <summary>The exit code, or null when it had to be killed because time ran out.</summary>
    public int? WaitForExit(TimeSpan limit)
    {
        if (_process.WaitForExit(limit))
        {
            _process.WaitForExit();
            return _process.ExitCode;
        }

        _process.Kill();
        _process.WaitForExit();
        return null;
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (string.IsNullOrEmpty(line)) return;
        lock (_gate)
        {
            try
            {
                using var parsed = JsonDocument.Parse(line);
                _events.Add(new PhoneEvent(parsed.RootElement.GetProperty("ev").GetString() ?? "", parsed.RootElement.Clone()));
            }
            catch (Exception problem) when (problem is JsonException or KeyNotFoundException)
            {
                _errors.Add($"not an event: {line}");
            }

            Monitor.PulseAll(_gate);
        }
    }
}

/// <summary>One line of --json output.</summary>
internal sealed record PhoneEvent(string Name, JsonElement Data)
{
    public string Text(string field) =>
        Data.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    public double? Number(string field) =>
        Data.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
