using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>
/// Phones with the settings of a newcomer on the networks that people have: name servers that are silent, servers that restart, NATs that
/// forget, connections that die without a word, cables and addresses that change. A table tells the longest silence, whether the call
/// lived, and when the phone was reached again.
/// </summary>
internal static class NetworksTrial
{
    private const string ByTcp = $"{Laboratory.Domain};transport=tcp";

    private const string ByUdp = $"{Laboratory.Domain};transport=udp";

    private const string ByTls = $"{Laboratory.Domain};transport=tls";

    private static readonly NetworkRow[] Rows =
    [
        new("first name server silent", TimeSpan.FromSeconds(4), FirstNameServerSilent),
        new("no server answers, register --for", TimeSpan.FromSeconds(8), NoAnswer),
        new("NAT timeout of 20 s, idle for 60 s, UDP", TimeSpan.FromSeconds(65), ShortTimeout),
        new("NAT forgets all, UDP", TimeSpan.FromSeconds(20), f => NatForgets(f, ByUdp)),
        new("NAT forgets all", TimeSpan.FromSeconds(20), f => NatForgets(f, Laboratory.Domain)),
        new("server restarts without memory, TCP", TimeSpan.FromSeconds(12), ServerRestarts),
        new("connection dies without a word, TCP", TimeSpan.FromSeconds(32), ConnectionDies),
        new("first target of SRV silent", TimeSpan.FromSeconds(5), f => DeadPlaces(f, "host-record=lab.test,203.0.113.5", "host-record=dead.lab.test,203.0.113.66", "srv-host=_sip._udp.lab.test,dead.lab.test,5060,1,100", "srv-host=_sip._udp.lab.test,sip.lab.test,5060,2,100")),
        new("two of three addresses silent", TimeSpan.FromSeconds(8), f => DeadPlaces(f, "host-record=lab.test,203.0.113.66", "host-record=lab.test,203.0.113.67", "host-record=lab.test,203.0.113.5")),
        new("IPv6 swallowed, server of both families", TimeSpan.FromSeconds(2), f => WithoutFamily(f, "ip6", "drop"), IsDual: true),
        new("IPv6 rejected, server of both families", TimeSpan.FromSeconds(2), f => WithoutFamily(f, "ip6", "reject"), IsDual: true),
        new("IPv4 swallowed, server of both families", TimeSpan.FromSeconds(2), f => WithoutFamily(f, "ip", "drop"), IsDual: true),
        new("IPv6 swallowed in a call", TimeSpan.FromSeconds(4), f => InCall(f, field => Swallow(field, "ip6", "drop"), talk: 25), IsDual: true),
        new("fragments are dropped", TimeSpan.FromSeconds(4), NoFragments),
        new("fragments are dropped, UDP is asked for", TimeSpan.FromSeconds(20), NoFragmentsByUdp),
        new("path MTU 1280 and no ICMP", TimeSpan.FromSeconds(12), f => BlackHole(f, Laboratory.Domain)),
        new("path MTU 1280 and no ICMP, TCP", TimeSpan.FromSeconds(12), f => BlackHole(f, ByTcp)),
        new("path MTU 1280 and no ICMP, TLS", TimeSpan.FromSeconds(12), f => BlackHole(f, ByTls)),
        new("link down 1 s", TimeSpan.FromSeconds(3), f => InCall(f, LinkDown(1))),
        new("link down 30 s", TimeSpan.FromSeconds(36), f => InCall(f, LinkDown(30), talk: 48)),
        new("another address of the same network", TimeSpan.FromSeconds(2), f => InCall(f, OtherAddress)),
        new("another address, without ICE", TimeSpan.FromSeconds(3), f => InCall(f, OtherAddress, nat: "none", peer: "hostC")),
        new("cable moved to another NAT", TimeSpan.FromSeconds(8), f => InCall(f, OtherNat)),
        new("Wi-Fi gone, the second way is there", TimeSpan.FromSeconds(2), f => InCall(f, field => field.Shell("hostA", "ip link set eth0 down"), before: SecondWay)),
        new("VPN up", TimeSpan.FromSeconds(2), f => InCall(f, field => Uplink(field, "tun0", "192.168.2.99", "metric 5"))),
        new("TURN server restarts in a relayed call", TimeSpan.FromSeconds(18), f => InCall(f, RelayRestarts, nat: "relay", talk: 28)),
    ];

    public static void Run(string runRoot, Laboratory lab, Report report, bool whole)
    {
        report.Tell($"{"what the network does",-42}{"silence",10}{"call",8}{"reached",10}");
        Laboratory? dual = null;
        try
        {
            foreach (var row in Rotation.Of(report, Rows, 3, whole || report.HasOnly))
            {
                if (!report.Wants(row.Name)) continue;
                One(runRoot, row.IsDual ? dual ??= new Laboratory(runRoot, "v", isDual: true) : lab, report, row);
            }
        }
        finally
        {
            dual?.Dispose();
        }
    }

    private static void One(string runRoot, Laboratory lab, Report report, NetworkRow row)
    {
        lab.SetNat("A", "port-restricted");
        lab.SetNat("B", "port-restricted");
        var folder = Path.Combine(runRoot, "networks", string.Concat(row.Name.Where(c => char.IsLetterOrDigit(c) || c == ' ')).Replace(' ', '-'));
        using var field = new NetworkField(lab, folder);
        Judge(report, row, row.Try(field));
    }

    private static void Judge(Report report, NetworkRow row, NetworkOutcome outcome)
    {
        var bound = row.Bound.TotalSeconds;
        report.Tell($"{row.Name,-42}{Seconds(outcome.Gap),10}{outcome.Lives switch { true => "lives", false => "lost", null => "" },8}{Seconds(outcome.Reached),10}");
        var isGood = outcome.Fault.Length == 0 && outcome.Lives != false && !(outcome.Gap > bound) && (outcome.Lives is not null || !(outcome.Reached > bound));
        report.Check(isGood, $"networks: {row.Name}, within {bound:0} s", isGood ? "" : $"{outcome}", row.Name);
    }

    private static string Seconds(double? value) => value is { } seconds ? seconds.ToString("0.0 s", CultureInfo.InvariantCulture) : "";

    private static NetworkOutcome FirstNameServerSilent(NetworkField field)
    {
        var resolver = Path.Combine(field.Lab.Folder, "resolv.conf");
        var usual = File.ReadAllText(resolver);
        field.Break("pub",
            "ip addr add 203.0.113.66/24 dev br0; nft 'add table ip silent; add chain ip silent i { type filter hook input priority 0; }; add rule ip silent i ip daddr 203.0.113.66 drop'",
            "nft delete table ip silent; ip addr del 203.0.113.66/24 dev br0");
        field.After(() => File.WriteAllText(resolver, usual));
        File.WriteAllText(resolver, "nameserver 203.0.113.66\nnameserver 203.0.113.53\n");
        return Registers(field);
    }

    private static NetworkOutcome NoAnswer(NetworkField field)
    {
        field.Break("natA", "nft 'add table ip deaf; add chain ip deaf f { type filter hook forward priority 0; }; add rule ip deaf f ip daddr 203.0.113.5 drop'", "nft delete table ip deaf");
        var clock = Stopwatch.StartNew();
        using var phone = field.Phone("hostA", "alice", "register", ["--for", "3s"]);
        var exit = phone.WaitForExit(TimeSpan.FromSeconds(20));
        return new NetworkOutcome(Reached: clock.Elapsed.TotalSeconds, Fault: exit == 5 ? "" : $"exit {exit}: {phone.Errors}");
    }

    private static NetworkOutcome ShortTimeout(NetworkField field)
    {
        field.Lab.SetNat("A", "port-restricted", "timeout=20");
        using var alice = field.Answering("alice", "hostA", ByUdp);
        var clock = Stopwatch.StartNew();
        Thread.Sleep(TimeSpan.FromSeconds(60));
        return Reached(field, alice, clock, TimeSpan.FromSeconds(75));
    }

    private static NetworkOutcome NatForgets(NetworkField field, string registrar)
    {
        using var alice = field.Answering("alice", "hostA", registrar);
        Thread.Sleep(2000);
        field.Lab.Rebind("A");
        return Reached(field, alice, Stopwatch.StartNew(), TimeSpan.FromSeconds(60));
    }

    /// <summary>Packets of the one connection are swallowed in both directions, and whoever sends them is told nothing.</summary>
    private static NetworkOutcome ConnectionDies(NetworkField field)
    {
        using var alice = field.Answering("alice", "hostA", ByTcp);
        Thread.Sleep(1000);
        field.Break("hostA",
            "p=$(ss -tnH dst 203.0.113.5 | awk '{ sub(\".*:\", \"\", $4); print $4; exit }'); nft 'add table ip dead; add chain ip dead i { type filter hook input priority -400; }; add chain ip dead o { type filter hook output priority -400; }'; "
            + "nft add rule ip dead i tcp dport $p drop; nft add rule ip dead o tcp sport $p drop",
            "nft delete table ip dead");
        return Reached(field, alice, Stopwatch.StartNew(), TimeSpan.FromSeconds(90));
    }

    /// <summary>The server has several places, of which some say nothing.</summary>
    private static NetworkOutcome DeadPlaces(NetworkField field, params string[] names)
    {
        field.Break("pub",
            "ip addr add 203.0.113.66/24 dev br0; ip addr add 203.0.113.67/24 dev br0; nft 'add table ip silent; add chain ip silent i { type filter hook input priority 0; }; add rule ip silent i ip daddr { 203.0.113.66, 203.0.113.67 } drop'",
            "nft delete table ip silent; ip addr del 203.0.113.66/24 dev br0; ip addr del 203.0.113.67/24 dev br0");
        field.After(() => field.Lab.SetNames());
        field.Lab.SetNames(["host-record=sip.lab.test,203.0.113.5", "host-record=stun.lab.test,203.0.113.10", "host-record=turn.lab.test,203.0.113.10", .. names]);
        return Registers(field);
    }

    /// <summary>What alice's router does with one address family; questions of names still pass.</summary>
    private static void Swallow(NetworkField field, string family, string how) => field.Break("natA",
        $"nft 'add table {family} broken; add chain {family} broken f {{ type filter hook forward priority 0; }}'; "
        + (family == "ip" ? "nft 'add rule ip broken f ip daddr 203.0.113.53 accept; add rule ip broken f ip saddr 203.0.113.53 accept'; " : "")
        + $"nft add rule {family} broken f {how}",
        $"nft delete table {family} broken");

    private static NetworkOutcome WithoutFamily(NetworkField field, string family, string how)
    {
        Swallow(field, family, how);
        var registered = Registers(field);
        return registered.Fault.Length > 0 ? registered : registered with { Fault = Called(field) };
    }

    /// <summary>Empty when carol reaches alice on such a network.</summary>
    private static string Called(NetworkField field)
    {
        using var alice = field.Answering("alice", "hostA");
        return field.Reached(Stopwatch.StartNew(), TimeSpan.FromSeconds(5)) is null ? "not reached in 5 s" : "";
    }

    private static void DropFragments(NetworkField field) => field.Break(
        "wire", "nft 'table bridge nofrag { chain c { type filter hook forward priority 0; ip frag-off & 0x3fff != 0 counter drop; }; }'", "nft delete table bridge nofrag");

    /// <summary>Nobody has named a transport: who is called is registered by a stream, and is called.</summary>
    private static NetworkOutcome NoFragments(NetworkField field)
    {
        DropFragments(field);
        using var alice = field.Answering("alice", "hostA");
        var clock = Stopwatch.StartNew();
        var isTold = Told(alice, "stream-chosen", TimeSpan.FromSeconds(5));
        var outcome = Reached(field, alice, clock, TimeSpan.FromSeconds(40));
        return isTold ? outcome : outcome with { Fault = "not told that TCP was chosen" };
    }

    /// <summary>No call can be had: both are told why, and what to do.</summary>
    private static NetworkOutcome NoFragmentsByUdp(NetworkField field)
    {
        DropFragments(field);
        using var alice = field.Answering("alice", "hostA", ByUdp);
        var clock = Stopwatch.StartNew();
        if (!Told(alice, "datagrams-cut", TimeSpan.FromSeconds(20))) return new NetworkOutcome(Fault: "alice is not told that fragments do not pass");
        var after = clock.Elapsed.TotalSeconds;
        PhoneDesk.Keep(field.Folder, alice);
        return new NetworkOutcome(Reached: after);
    }

    /// <summary>alice's router drops packets above 1280 octets in both directions and says nothing. She is called, and another phone there calls.</summary>
    private static NetworkOutcome BlackHole(NetworkField field, string registrar)
    {
        field.Break("natA", "nft 'add table ip hole; add chain ip hole f { type filter hook forward priority 0; }; add rule ip hole f ip length > 1280 counter drop'", "nft delete table ip hole");
        using var alice = field.Answering("alice", "hostA", registrar);
        var clock = Stopwatch.StartNew();
        var outcome = Reached(field, alice, clock, TimeSpan.FromSeconds(40));
        if (!Told(alice, "segments-cut", TimeSpan.FromSeconds(10))) return outcome with { Fault = "alice is not told that large packets vanish" };
        clock.Restart();
        using var bob = field.Phone("hostA", "bob", "call", [$"sip:alice@{Laboratory.Domain}", "--for", "1s", "--audio", "null"], registrar);
        var state = bob.Wait("call.state", TimeSpan.FromSeconds(20), e => e.GetProperty("state").GetString() is "connected" or "ended")?.Text("state");
        var after = clock.Elapsed.TotalSeconds;
        bob.WaitForExit(TimeSpan.FromSeconds(10));
        PhoneDesk.Keep(field.Folder, bob);
        return state == "connected" ? outcome with { Reached = Math.Max(outcome.Reached ?? 0, after) } : outcome with { Fault = $"no call from there: {bob.Errors}" };
    }

    private static bool Told(PhoneProcess phone, string found, TimeSpan limit) =>
        phone.Wait("server.way", limit, e => e.GetProperty("found").GetString() == found) is not null;

    private static NetworkOutcome ServerRestarts(NetworkField field)
    {
        using var alice = field.Answering("alice", "hostA", ByTcp);
        field.Lab.StopServer("kamailio");
        Thread.Sleep(TimeSpan.FromSeconds(3));
        field.Lab.StartServer("kamailio");
        return Reached(field, alice, Stopwatch.StartNew(), TimeSpan.FromSeconds(60));
    }

    private static NetworkOutcome Registers(NetworkField field)
    {
        using var phone = field.Phone("hostA", "alice", "register", ["--for", "60s"]);
        var after = NetworkField.Registered(phone, TimeSpan.FromSeconds(60));
        phone.Signal("INT");
        phone.WaitForExit(TimeSpan.FromSeconds(10));
        return new NetworkOutcome(Reached: after, Fault: after is null ? $"not registered: {phone.Errors}" : "");
    }

    private static NetworkOutcome Reached(NetworkField field, PhoneProcess alice, Stopwatch clock, TimeSpan limit)
    {
        var after = field.Reached(clock, limit);
        PhoneDesk.Keep(field.Folder, alice);
        return new NetworkOutcome(Reached: after, Fault: after is null ? $"not reached in {limit.TotalSeconds:0} s" : "");
    }

    private static Action<NetworkField> LinkDown(int seconds) => field =>
        field.Shell("hostA", $"ip link set eth0 down; sleep {seconds}; ip link set eth0 up; {Route}");

    private const string Route = "ip route replace default via 10.0.1.1 dev eth0";

    private static void OtherAddress(NetworkField field) =>
        field.Shell("hostA", $"ip addr flush dev eth0; ip addr add 10.0.1.77/24 dev eth0; {Route}");

    private static void OtherNat(NetworkField field)
    {
        field.Shell("hostA", "ip link set eth0 down");
        Uplink(field, "eth7", "192.168.2.77", "");
        Thread.Sleep(1000);
    }

    private static void SecondWay(NetworkField field) => Uplink(field, "lte0", "192.168.2.88", "metric 600");

    /// <summary>Another interface of alice's host, behind the NAT of bob's.</summary>
    private static void Uplink(NetworkField field, string name, string address, string metric)
    {
        field.Lab.Link("hostA", name, "natB", "lan");
        field.Break("hostA",
            $"ip addr add {address}/24 dev {name}; ip link set {name} up; ip route {(metric.Length == 0 ? "replace" : "add")} default via 192.168.2.1 dev {name} {metric}",
            $"ip link del {name}");
    }

    private static void RelayRestarts(NetworkField field)
    {
        field.Lab.StopServer("coturn");
        Thread.Sleep(TimeSpan.FromSeconds(8));
        field.Lab.StartServer("coturn");
    }

    /// <summary>bob talks with alice, and after three seconds the network does something to her; afterwards carol calls her.</summary>
    private static NetworkOutcome InCall(NetworkField field, Action<NetworkField> happens, string nat = "auto", string peer = "hostB", int talk = 15, Action<NetworkField>? before = null)
    {
        field.After(() => field.Shell("hostA", $"ip link set eth0 up; ip addr flush dev eth0; ip addr add 10.0.1.2/24 dev eth0; {Route}"));
        before?.Invoke(field);
        using var alice = field.Phone("hostA", "alice", "answer", ["--echo", "--audio", "null"], nat: nat);
        if (NetworkField.Registered(alice, TimeSpan.FromSeconds(15)) is null) return new NetworkOutcome(Fault: $"alice does not register: {alice.Errors}");
        using var bob = field.Phone(peer, "bob", "call", [$"sip:alice@{Laboratory.Domain}", "--for", $"{talk}s", "--audio", "null"], nat: nat);
        if (bob.Wait("call.state", TimeSpan.FromSeconds(10), e => e.GetProperty("state").GetString() == "connected") is null) return new NetworkOutcome(Fault: $"no call: {bob.Errors}");
        Thread.Sleep(3000);
        happens(field);
        var exit = bob.WaitForExit(TimeSpan.FromSeconds(talk + 40));
        alice.Wait("call.end", TimeSpan.FromSeconds(10));
        var (hers, his) = (alice.All("call.end").LastOrDefault(), bob.All("call.end").LastOrDefault());
        PhoneDesk.Keep(field.Folder, bob);
        var lives = exit == 0 && his?.Text("cause") == "local";
        // Where another call took the place of the first, each knows of its own silences only.
        var isRenewed = bob.All("call.state").Any(e => e.Text("reason").StartsWith("replaced", StringComparison.Ordinal));
        var gap = !isRenewed && hers?.Number("gap_ms") is { } a && his?.Number("gap_ms") is { } b ? Math.Max(a, b) / 1000 : (double?)null;
        var reached = field.Reached(Stopwatch.StartNew(), TimeSpan.FromSeconds(10));
        PhoneDesk.Keep(field.Folder, alice);
        var isHeard = hers?.Text("audio") == "two-way" && his?.Text("audio") == "two-way";
        return new NetworkOutcome(gap, lives, reached, (isHeard, reached) switch
        {
            (false, _) => $"audio {hers?.Text("audio")} at alice, {his?.Text("audio")} at bob; {his?.Text("reason")} {bob.Errors}",
            (_, null) => "not reached afterwards",
            _ => lives ? "" : $"exit {exit}: {his?.Text("reason")} {bob.Errors}",
        });
    }
}
