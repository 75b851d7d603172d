using System.Globalization;
using System.Text.RegularExpressions;

namespace Softphone.Interop;

/// <summary>`softphone lab serve` under coturn's own tools and under two phones of ours.</summary>
internal static partial class ServeTrial
{
    private const string Server = "203.0.113.150";
    private const string Alternate = "203.0.113.151";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly (string Nat, string Mapping, string Filtering)[] Behaviours =
    [
        ("full-cone", "Endpoint Independent Mapping", "Endpoint Independent Filtering"),
        ("restricted-cone", "Endpoint Independent Mapping", "Address Dependent Filtering"),
        ("port-restricted", "Endpoint Independent Mapping", "Address and Port Dependent Filtering"),
        ("symmetric", "Address and Port Dependent Mapping", "Address and Port Dependent Filtering"),
    ];

    public static void Run(Laboratory lab, Report report)
    {
        Tool.Run(lab, "hostC", Minute, "/usr/sbin/ip", "address", "add", $"{Alternate}/24", "dev", DeviceOf(lab));
        var folder = Path.Combine(lab.Folder, "serve");
        using var server = Start(lab, folder);
        if (!report.Check(server.Wait("serve.ready", Minute) is not null, "serve: it comes up", server.Errors)) return;
        Taken(lab, report, folder);
        Discovery(lab, report);
        Relays(lab, report);
        Call(lab, report, server, folder);

        server.Signal("INT");
        var exit = server.WaitForExit(TimeSpan.FromSeconds(20));
        var end = server.All("serve.end").LastOrDefault();
        report.Check(exit == 130 && end is not null, "serve: Ctrl-C ends it with 130 and the account", $"exit {exit}, {end?.Number("relayed_packets")} packets, {end?.Number("relayed_bytes")} octets relayed {server.Errors}");
        var released = server.All("serve.allocation").Count(e => e.Text("state") == "released");
        report.Check(released == end?.Number("allocations"), "serve: every allocation was given back", $"{released} of {end?.Number("allocations")}");
    }

    private static PhoneProcess Start(Laboratory lab, string folder)
    {
        Directory.CreateDirectory(folder);
        var users = Path.Combine(folder, "users");
        File.WriteAllText(users, "alice: alice-secret\nbob: bob-secret\n");
        File.SetUnixFileMode(users, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new PhoneProcess(lab, "hostC", "lab", "serve", "--listen", Server, "--alternate", Alternate, "--public", "--domain", Laboratory.Domain, "--users", users);
    }

    private static string DeviceOf(Laboratory lab) =>
        Route().Match(Tool.Run(lab, "hostC", Minute, "/usr/sbin/ip", "-o", "-4", "address", "show", "to", Server)) is { Success: true } found ? found.Groups[1].Value : "eth0";

    /// <summary>A port that is taken is told as such.</summary>
    private static void Taken(Laboratory lab, Report report, string folder)
    {
        using var second = Start(lab, folder);
        var exit = second.WaitForExit(Minute);
        report.Check(exit == 7 && second.Errors.Contains("something else does already", StringComparison.Ordinal), "serve: a taken port is named, exit 7", $"exit {exit} {second.Errors}");
    }

    private static void Discovery(Laboratory lab, Report report)
    {
        foreach (var (nat, mapping, filtering) in Behaviours)
        {
            lab.SetNat("A", nat);
            var said = Tool.Run(lab, "hostA", Minute, "/usr/bin/turnutils_natdiscovery", "-m", "-f", Server);
            report.Check(said.Contains($"NAT with {mapping}!", StringComparison.Ordinal) && said.Contains($"NAT with {filtering}!", StringComparison.Ordinal) && said.Contains("No ALG", StringComparison.Ordinal),
                $"turnutils_natdiscovery {nat}", string.Join(", ", Verdict().Matches(said).Select(m => m.Groups[1].Value)));
        }

        // Its second answer comes to it only where nothing translates, from coturn's own server too.
        lab.SetNat("A", "none");
        var stun = Tool.Run(lab, "hostA", Minute, "/usr/bin/turnutils_stunclient", Server);
        report.Check(stun.Contains("RFC 5780 response 3", StringComparison.Ordinal) && stun.Contains($"UDP reflexive addr: {lab.AddressOf("hostA")}:", StringComparison.Ordinal)
            && stun.Contains($"Other addr: : {Alternate}:3479", StringComparison.Ordinal), "turnutils_stunclient", stun.Contains("response 3", StringComparison.Ordinal) ? "three answers" : stun);
    }

    private static void Relays(Laboratory lab, Report report)
    {
        lab.SetNat("A", "port-restricted");
        lab.SetNat("B", "none");
        using var peer = Tool.Start(lab, "hostB", "/usr/bin/turnutils_peer", "-L", lab.AddressOf("hostB"), "-p", "3480");
        string[] toPeer = ["-e", lab.AddressOf("hostB"), "-r", "3480"];
        Relay("UDP, channels, client to client", 10, 100, "-y", "-c");
        Relay("UDP, send indications, client to client", 10, 100, "-y", "-c", "-s");
        Relay("UDP, to a peer, RTP and RTCP pairs", 4, 100, toPeer);
        Relay("UDP, send indications, to a peer", 4, 100, [.. toPeer, "-s"]);
        Relay("UDP, 1200 octets", 4, 100, "-y", "-c", "-l", "1200");
        Relay("UDP, extra permissions and channels", 4, 100, [.. toPeer, "-c", "-G"]);
        Relay("TCP, channels", 10, 100, "-t", "-y", "-c");
        Relay("TCP, send indications", 10, 100, "-t", "-y", "-c", "-s");
        Relay("TCP, to a peer", 4, 100, [.. toPeer, "-t", "-c"]);
        Relay("TLS, channels", 10, 100, "-t", "-S", "-y", "-c");
        Relay("TLS, send indications", 10, 100, "-t", "-S", "-y", "-c", "-s");
        peer.Kill();
        peer.WaitForExit();

        var wrong = Tool.Run(lab, "hostA", Minute, "/usr/bin/turnutils_uclient", "-y", "-c", "-u", "alice", "-w", "wrong", "-n", "2", Server);
        report.Check(!wrong.Contains("Total lost packets", StringComparison.Ordinal), "turnutils_uclient, wrong password, gets nothing");

        void Relay(string name, int clients, int messages, params string[] flags)
        {
            var said = Tool.Run(lab, "hostA", Minute, "/usr/bin/turnutils_uclient",
                ["-u", "alice", "-w", "alice-secret", "-m", clients.ToString(CultureInfo.InvariantCulture), "-n", messages.ToString(CultureInfo.InvariantCulture), .. flags, Server]);
            var lost = Lost().Match(said);
            var received = Received().Matches(said).LastOrDefault()?.Groups[1].Value ?? "none";
            report.Check(lost.Success && lost.Groups[1].Value == "0" && received != "0" && received != "none", $"turnutils_uclient {name}",
                lost.Success ? $"{received} received, {lost.Groups[1].Value} lost" : said.Split('\n').LastOrDefault(l => l.Trim().Length > 0) ?? "nothing said");
        }
    }

    /// <summary>Two phones behind symmetric NATs register, call, and hear each other over a relay of it.</summary>
    private static void Call(Laboratory lab, Report report, PhoneProcess server, string folder)
    {
        foreach (var nat in (string[])["port-restricted", "symmetric"])
        {
            lab.SetNat("A", nat);
            lab.SetNat("B", nat);
            var heardA = Path.Combine(folder, $"alice-{nat}.wav");
            var heardB = Path.Combine(folder, $"bob-{nat}.wav");
            using var bob = new PhoneProcess(lab, "hostB", "answer", "--once", "--profile", Profile(folder, "bob"), "--play", Binary.Sound("bob.wav"), "--record", heardB, "--for", "40s");
            if (!report.Check(bob.Wait("registration", TimeSpan.FromSeconds(20), e => e.GetProperty("state").GetString() == "registered") is not null, $"serve: bob registers, {nat}", bob.Errors)) return;
            using var alice = new PhoneProcess(lab, "hostA", "call", $"sip:bob@{Laboratory.Domain}", "--profile", Profile(folder, "alice"), "--play", Binary.Sound("alice.wav"), "--record", heardA, "--for", "6s");
            var exit = alice.WaitForExit(Minute);
            var bobExit = bob.WaitForExit(TimeSpan.FromSeconds(15));
            var end = alice.All("call.end").LastOrDefault();
            var speech = (A: Recording.Match(Binary.Sound("bob.wav"), heardA), B: Recording.Match(Binary.Sound("alice.wav"), heardB));
            var path = end?.Text("path") ?? "none";
            report.Check(exit == 0 && bobExit == 0 && speech.A >= Recording.Threshold && speech.B >= Recording.Threshold && path == (nat == "symmetric" ? "relay" : "srflx"),
                $"serve: a call between two phones, {nat}", $"path {path}, heard {speech.A:F2}/{speech.B:F2}, exit {exit}/{bobExit} {alice.Errors} {bob.Errors}");
        }

        foreach (var state in (string[])["started", "answered", "ended"])
            report.Check(server.All("serve.call").Count(e => e.Text("state") == state) == 2, $"serve: two calls {state}");
        report.Check(server.All("serve.registration").Any(e => e.Text("state") == "bound" && e.Text("user") == "bob"), "serve: the registration is told");
    }

    private static string Profile(string folder, string user)
    {
        var file = Path.Combine(folder, $"{user}.yaml");
        File.WriteAllText(file, $"""
            account:
              uri: sip:{user}@{Laboratory.Domain}
              password: {user}-secret
              registrar: sip:{Server}
              outbound-proxy: sip:{Server}
              expires: 300
            nat:
              stun: ["stun:{Server}"]
              turn:
                - urls: ["turn:{Server}"]
                  user: {user}
                  password: {user}-secret
            """);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    [GeneratedRegex(@"^\d+:\s+([^ @]+)")]
    private static partial Regex Route();

    [GeneratedRegex("NAT with ([^!]+)!")]
    private static partial Regex Verdict();

    [GeneratedRegex(@"Total lost packets (\d+)")]
    private static partial Regex Lost();

    [GeneratedRegex(@"tot_recv_msgs=(\d+)")]
    private static partial Regex Received();
}
