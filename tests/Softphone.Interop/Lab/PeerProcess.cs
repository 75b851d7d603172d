using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>One end of an ICE session on a host of the laboratory: ours, aioice or libnice, all speaking the lines of Peers/README.md.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly object _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _errors = [];
    private readonly Process _process;

    /// <param name="lab">Where.</param>
    /// <param name="host">On which host.</param>
    /// <param name="program">"ours", "aioice" or "libnice".</param>
    /// <param name="controlling">Its role.</param>
    /// <param name="components">1 or 2.</param>
    /// <param name="kind">"full", "lite" or "to-lite".</param>
    /// <param name="server">"none", "stun", "turn-udp" or "turn-tcp".</param>
    public PeerProcess(Laboratory lab, string host, string program, bool controlling, int components, string kind, string server)
    {
        string[] what = program switch
        {
            "aioice" => ["/usr/bin/python3", "-B", Path.Combine(AppContext.BaseDirectory, "Peers", "aioice_peer.py")],
            "libnice" => [NicePeer(lab)],
            _ => ["dotnet", Path.Combine(AppContext.BaseDirectory, "Softphone.Interop.dll"), "ice-peer"],
        };
        _process = new Process
        {
            StartInfo = lab.Command(host, what[0],
                [.. what[1..], controlling ? "controlling" : "controlled", components.ToString(CultureInfo.InvariantCulture), kind, server]),
        };
        _process.OutputDataReceived += (_, line) => Take(_lines, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Errors
    {
        get { lock (_gate) return string.Join(" ", _errors.TakeLast(3)); }
    }

    /// <summary>Everything it has said so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get { lock (_gate) return [.. _lines]; }
    }

    /// <summary>The first line that begins with one of these; null when time ran out or it ended.</summary>
    public string? Wait(TimeSpan limit, params string[] beginnings)
    {
        var deadline = DateTime.UtcNow + limit;
        lock (_gate)
        {
            while (true)
            {
                if (_lines.FirstOrDefault(l => beginnings.Any(b => b.Length == 0 ? l.Length == 0 : l.StartsWith(b, StringComparison.Ordinal))) is { } found) return found;
                var left = deadline - DateTime.UtcNow;
                if (left <= TimeSpan.Zero || (_process.HasExited && !Monitor.Wait(_gate, TimeSpan.FromMilliseconds(300)))) return null;
                Monitor.Wait(_gate, left < TimeSpan.FromMilliseconds(200) ? left : TimeSpan.FromMilliseconds(200));
            }
        }
    }

    /// <summary>Sends these lines and an empty one.</summary>
    public void Send(params IEnumerable<string> lines)
    {
        try
        {
            _process.StandardInput.Write(string.Concat(lines.Append("").Select(l => l + "\n")));
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended; what it said tells why.
        }
    }

    public void Dispose()
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(3))) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Compiled once for each laboratory.</summary>
    private static string NicePeer(Laboratory lab)
    {
        var program = Path.Combine(lab.Folder, "nice_peer");
        lock (typeof(PeerProcess))
        {
            if (File.Exists(program)) return program;
            var source = Path.Combine(AppContext.BaseDirectory, "Peers", "nice_peer.c");
            using var compiler = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"gcc -O1 -o '{program}' '{source}' $(pkg-config --cflags --libs nice)"]) { RedirectStandardError = true })!;
            var said = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? program : throw new InvalidOperationException($"nice_peer.c does not compile: {said}");
        }
    }

    private void Take(List<string> into, string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            into.Add(line);
            Monitor.PulseAll(_gate);
        }
    }
}
