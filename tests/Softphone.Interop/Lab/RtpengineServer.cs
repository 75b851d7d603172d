using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>
/// A second kamailio, on the public host of the laboratory, that has all media go through rtpengine beside it (in userspace: no kernel
/// module is needed). rtpengine goes on while kamailio is started anew with other flags for it.
/// </summary>
internal sealed class RtpengineServer : IDisposable
{
    public const string Address = "203.0.113.150";

    private static readonly string[] Users = ["alice", "bob", "carol", "dave"];

    private readonly Laboratory _lab;
    private readonly string _folder;
    private readonly Process _engine;
    private Process? _proxy;

    public RtpengineServer(Laboratory lab)
    {
        _lab = lab;
        _folder = Path.Combine(lab.Folder, "rtpengine", "server");
        Directory.CreateDirectory(_folder);
        File.Copy(Path.Combine(lab.Folder, "kamailio-tls.cfg"), Path.Combine(_folder, "kamailio-tls.cfg"), overwrite: true);
        var users = Users.Select(u => $"\t$sht(users=>{u}) = \"{u}-secret\";");
        var config = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kernel", "etc", "kamailio.cfg"));
        File.WriteAllText(Path.Combine(_folder, "kamailio.cfg"), config.Replace("@SIP_IP@", Address).Replace("@RUN@", _folder).Replace("@USERS@", string.Join('\n', users)));
        _engine = Tool.Start(lab, "hostC", "nice", "-n", "-15", "rtpengine", "--config-file=none", "--table=-1", $"--interface={Address}", "--listen-ng=127.0.0.1:22222",
            "--port-min=20000", "--port-max=20800", "--foreground", "--log-stderr", "--log-level=5", "--timeout=30", "--num-threads=2");
        Thread.Sleep(500);
    }

    public static string Versions(Laboratory lab) =>
        $"{FirstLine(Tool.Run(lab, "hostC", TimeSpan.FromSeconds(5), "kamailio", "-v"))}; {FirstLine(Tool.Run(lab, "hostC", TimeSpan.FromSeconds(5), "rtpengine", "--version"))}";

    /// <summary>From now on offers and answers go through rtpengine with these flags; who is registered has to do so anew.</summary>
    public void Use(string flags)
    {
        End(_proxy);
        foreach (var left in Directory.GetFiles(_folder, "kamailio_*")) File.Delete(left);
        _proxy = Tool.Start(_lab, "hostC", "kamailio", "-DD", "-E", "-f", Path.Combine(_folder, "kamailio.cfg"), "-A", $"MEDIA_FLAGS=\"{flags}\"",
            "-Y", _folder, "-P", Path.Combine(_folder, "kamailio.pid"), "-m", "64", "-M", "8");
        Thread.Sleep(1000);
    }

    public void Dispose()
    {
        End(_proxy);
        End(_engine);
    }

    private static string FirstLine(string text) => text.Split('\n')[0].Trim();

    private static void End(Process? process)
    {
        if (process is null) return;
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            if (!process.WaitForExit(TimeSpan.FromSeconds(5))) process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
