using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Softphone.Interop;

/// <summary>
/// What relaying costs `softphone lab serve` and coturn, side by side on one host under turnutils_uclient: messages delivered in a
/// second, and processor time for each, which a busy machine does not change.
/// </summary>
internal static partial class RelayCostTrial
{
    private const string Ours = "127.0.0.1";
    private const string Theirs = "127.0.0.9";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static void Run(Laboratory lab, Report report)
    {
        var folder = Path.Combine(lab.Folder, "relays");
        Directory.CreateDirectory(folder);
        var users = Path.Combine(folder, "users");
        File.WriteAllText(users, "alice: pw\n");
        File.SetUnixFileMode(users, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var server = new PhoneProcess(lab, "hostC", "lab", "serve", "--users", users, "--quota", "2000");
        using var coturn = Tool.Start(lab, "hostC", "/usr/bin/turnserver", "-n", "-L", Theirs, "-E", Theirs, "--lt-cred-mech", "-r", Theirs, "-u", "alice:pw",
            "--allow-loopback-peers", "--no-cli", "--no-tls", "--no-dtls", "--relay-threads", "1", "--userdb", Path.Combine(folder, "db"), "--pidfile", Path.Combine(folder, "pid"), "-l", "stdout");
        if (!report.Check(server.Wait("serve.ready", TimeSpan.FromMinutes(1)) is not null, "relays: the server comes up", server.Errors)) return;
        Console.WriteLine($"  {"clients",-9}{"octets",-8}{"server",-11}{"delivered",-11}{"lost",-7}{"us of processor a message",-27}");
        Load(lab, Ours, 20, 500, 160);
        foreach (var (clients, messages, octets) in (ReadOnlySpan<(int, int, int)>)[(20, 2000, 160), (20, 2000, 1200), (200, 200, 160)])
        {
            var ours = Measure(server.Id, Ours, clients, messages, octets, "softphone");
            var theirs = Measure(coturn.Id, Theirs, clients, messages, octets, "coturn");
            report.Check(ours.Delivered > 0 && ours.Cost < 2 * theirs.Cost, $"relays: {clients} clients, {octets} octets", $"{ours.Cost:F1} us a message, coturn {theirs.Cost:F1}");
        }

        server.Signal("TERM");
        server.WaitForExit(TimeSpan.FromSeconds(20));
        coturn.Kill();
        coturn.WaitForExit();

        (long Delivered, double Cost) Measure(int process, string address, int clients, int messages, int octets, string name)
        {
            var before = ProcessorTime(process);
            var said = Load(lab, address, clients, messages, octets);
            var spent = ProcessorTime(process) - before;
            var delivered = long.Parse(Received().Matches(said).LastOrDefault()?.Groups[1].Value ?? "0", CultureInfo.InvariantCulture);
            var cost = delivered == 0 ? 0 : spent.TotalMicroseconds / delivered;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {clients,-9}{octets,-8}{name,-11}{delivered,-11}{(long)clients * messages - delivered,-7}{cost:F1}"));
            return (delivered, cost);
        }
    }

    private static string Load(Laboratory lab, string server, int clients, int messages, int octets) => Tool.Run(lab, "hostC", Limit, "/usr/bin/turnutils_uclient",
        "-y", "-c", "-u", "alice", "-w", "pw", "-z", "1", "-l", Text(octets), "-m", Text(clients), "-n", Text(messages), server);

    private static TimeSpan ProcessorTime(int process)
    {
        using var found = Process.GetProcessById(process);
        return found.TotalProcessorTime;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tot_recv_msgs=(\d+)")]
    private static partial Regex Received();
}
