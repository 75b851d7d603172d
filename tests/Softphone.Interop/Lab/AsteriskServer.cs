using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>
/// Asterisk out of a <see cref="DebianTree"/> on the public host of the laboratory. Users are four digits, their passwords end in "-secret";
/// what else an endpoint of its configuration says is given with the user. Its folder is inside the tree, as it sees nothing else.
/// </summary>
internal sealed class AsteriskServer : IDisposable
{
    public const string Address = "203.0.113.150";
    public const string Program = "/usr/sbin/asterisk";

    private readonly object _gate = new();
    private readonly System.Text.StringBuilder _said = new();
    private readonly Laboratory _lab;
    private readonly string _root;
    private readonly string _inside;
    private readonly Process _process;

    /// <param name="lab">Where.</param>
    /// <param name="root">The tree that it is in.</param>
    /// <param name="users">Each user and lines of its endpoint, such as "ice_support = yes".</param>
    public AsteriskServer(Laboratory lab, string root, IEnumerable<(string User, string[] Lines)> users)
    {
        (_lab, _root) = (lab, root);
        _inside = "/" + Path.GetFileName(lab.Folder);
        Write(users);
        _process = new Process { StartInfo = lab.Command("hostC", "nice", "-n", "-15", "chroot", root, Program, "-C", $"{_inside}/etc/asterisk.conf", "-f", "-n", "-vvvv") };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private string Folder => _root + _inside;

    /// <summary>What it said so far.</summary>
    public string Said
    {
        get { lock (_gate) return _said.ToString(); }
    }

    public string Version => Tell("core show version").Split('\n')[0].Trim();

    /// <summary>Waits until it says this.</summary>
    public bool WaitFor(string text, TimeSpan limit)
    {
        var deadline = DateTime.UtcNow + limit;
        lock (_gate)
        {
            while (!_said.ToString().Contains(text, StringComparison.Ordinal))
            {
                var left = deadline - DateTime.UtcNow;
                if (left <= TimeSpan.Zero) return false;
                Monitor.Wait(_gate, left);
            }
        }

        return true;
    }

    /// <summary>A command of its console, and what it prints.</summary>
    public string Tell(string command) => Tool.Run(_lab, "hostC", TimeSpan.FromSeconds(10), "chroot", _root, Program, "-C", $"{_inside}/etc/asterisk.conf", "-rx", command);

    /// <summary>Somebody left a message for this user.</summary>
    public void LeaveMessage(string user)
    {
        var box = Path.Combine(Folder, "run/spool/voicemail/default", user, "INBOX");
        Directory.CreateDirectory(box);
        File.WriteAllText(Path.Combine(box, "msg0000.txt"), $"[message]\norigmailbox={user}\ncontext=lab\nexten=700\npriority=1\ncallerid=\"x\" <6002>\norigtime=1\nduration=3\n");
        File.Copy(Tone.Wav(Folder, 1000, 1, 8_000), Path.Combine(box, "msg0000.wav"));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(5))) _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
        File.WriteAllText(Path.Combine(_lab.Folder, "asterisk.log"), Said);
        Directory.Delete(Folder, recursive: true);
    }

    private void Write(IEnumerable<(string User, string[] Lines)> users)
    {
        foreach (var folder in new[] { "etc", "run/spool", "run/moh" }) Directory.CreateDirectory(Path.Combine(Folder, folder));
        var sections = users.Select(u => $"""
            [{u.User}](phone)
            auth = {u.User}
            aors = {u.User}
            callerid = <{u.User}>
            {string.Join('\n', u.Lines)}
            [{u.User}]
            type = auth
            auth_type = userpass
            username = {u.User}
            password = {u.User}-secret
            [{u.User}](contacts)

            """);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Kernel", "etc", "asterisk")))
        {
            var text = File.ReadAllText(file).Replace("@ETC@", _inside + "/etc").Replace("@RUN@", _inside + "/run").Replace("@IP@", Address)
                .Replace("@USERS@", string.Join('\n', sections));
            File.WriteAllText(Path.Combine(Folder, "etc", Path.GetFileName(file)), text);
        }

        Tone.Raw(Path.Combine(Folder, "run/tone1000.sln"), 1000, 2);
        Tone.Raw(Path.Combine(Folder, "run/moh/tone700.sln"), 700, 30);
        // No name look-up may wait: the laboratory's name server, and the machine's own name.
        File.Copy(Path.Combine(_lab.Folder, "resolv.conf"), Path.Combine(_root, "etc/resolv.conf"), overwrite: true);
        File.WriteAllText(Path.Combine(_root, "etc/hosts"), $"127.0.0.1 localhost {Environment.MachineName}\n");
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            _said.AppendLine(line);
            Monitor.PulseAll(_gate);
        }
    }
}
