using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>Debian's baresip as a peer: it answers by itself, plays a 1000 Hz tone and writes what it hears to a file.</summary>
internal sealed class BaresipPeer : IDisposable
{
    private readonly object _gate = new();
    private readonly System.Text.StringBuilder _log = new();
    private readonly Process _process;
    private readonly string _folder;

    public BaresipPeer(Laboratory lab, string host, string user, bool ice, string tag, bool mux = true, string server = "stun",
        string registrar = Laboratory.Registrar, string answers = "auto", string? password = null, string turnPassword = Laboratory.TurnPassword, string more = "")
    {
        _folder = Path.Combine(lab.Folder, "calls", $"{tag}-baresip-{user}");
        Directory.CreateDirectory(_folder);
        var config = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kernel", "etc", "baresip.config"))
            .Replace("@DIR@", _folder).Replace("@IP@", lab.AddressOf(host)).Replace("@MUX@", mux ? "yes" : "no")
            .Replace("@SRC@", "ausine,1000").Replace("@PLAY@", "aubridge,x").Replace("@AUMOD@", "g722.so");
        File.WriteAllText(Path.Combine(_folder, "config"), config);
        var nat = ice ? $";medianat=ice;stunserver=\"{server}:{Laboratory.StunServer}\";stunuser={Laboratory.TurnUser};stunpass={turnPassword}" : "";
        File.WriteAllText(Path.Combine(_folder, "accounts"),
            $"<sip:{user}@{Laboratory.Domain};transport=udp>;auth_user={user};auth_pass={password ?? user + "-secret"};outbound=\"sip:{registrar};transport=udp\""
            + $";regint=300;audio_codecs=opus/48000/2,pcmu;answermode={answers}{more}{nat}\n");
        File.WriteAllText(Path.Combine(_folder, "contacts"), "");
        // What is measured beside it goes before whatever else the machine does.
        var start = lab.Command(host, "nice", "-n", "-15", "baresip", "-4", "-f", _folder);
        start.WorkingDirectory = _folder;
        start.Environment["HOME"] = _folder;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it heard, decoded; null when it wrote none.</summary>
    public string? Heard => Directory.GetFiles(_folder, "dump-*-dec.wav").OrderByDescending(f => new FileInfo(f).Length).FirstOrDefault();

    public int Id => _process.Id;

    public string Log
    {
        get { lock (_gate) return _log.ToString(); }
    }

    public bool WaitFor(string text, TimeSpan limit)
    {
        var deadline = DateTime.UtcNow + limit;
        lock (_gate)
        {
            while (!_log.ToString().Contains(text, StringComparison.Ordinal))
            {
                var left = deadline - DateTime.UtcNow;
                if (left <= TimeSpan.Zero) return false;
                Monitor.Wait(_gate, left);
            }
        }

        return true;
    }

    public void Command(string line)
    {
        _process.StandardInput.Write(line + "\n");
        _process.StandardInput.Flush();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(3))) _process.Kill();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            _log.AppendLine(line);
            Monitor.PulseAll(_gate);
        }
    }
}
