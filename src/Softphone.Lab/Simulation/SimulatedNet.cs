using Softphone.Core;

namespace Softphone.Lab;

/// <summary>The world of one simulated call: networks, servers and the two hosts, as its plan says.</summary>
internal sealed class SimulatedNet
{
    public const ushort Port = 3478;

    private readonly CallPlan _plan;
    private readonly Segment[] _lans;
    private readonly Trace? _trace;

    public SimulatedNet(CallPlan plan, WorldMemory memory, Trace? trace)
    {
        _plan = plan;
        _trace = trace;
        Topology = new Topology(plan);
        World = new World(plan.Seed, trace, memory);
        _lans = new Segment[Topology.Lans.Count];
        for (var i = 0; i < _lans.Length; i++)
        {
            var lan = Topology.Lans[i];
            _lans[i] = World.AddLan(lan.Name, lan.Network, 24, lan.Nat.Behavior, lan.Parent < 0 ? World.Public : _lans[lan.Parent], lan.Nat.Wan, lan.Outside);
            _lans[i].IsIsolated = plan.Shared == SharedNetwork.IsolatedLan && i == Topology.CommonLan;
        }

        for (var i = 0; i < plan.Servers.Count; i++)
        {
            if (plan.Servers[i] == ServerState.Silent) continue;
            var host = World.AddHost($"server{i}", World.Public, Topology.Servers[i], plan.ServerLine);
            if (plan.Servers[i] == ServerState.Alive) Servers.Add((host, Serve(host, i)));
        }

        if (plan.WholePhones) Sip = ServeSip();
        A = World.AddHost("a", SegmentOf(Topology.A), Topology.A.Address, plan.A.Line);
        B = World.AddHost("b", SegmentOf(Topology.B), Topology.B.Address, plan.B.Line);
    }

    public World World { get; }

    public Topology Topology { get; }

    public VirtualHost A { get; }

    public VirtualHost B { get; }

    /// <summary>The servers that run.</summary>
    public List<(VirtualHost Host, StunTurnServer Machine)> Servers { get; } = [];

    /// <summary>The gateways that a side is behind now, the host's first.</summary>
    public List<Gateway> GatewaysOf(CallPlan now, bool caller)
    {
        var topology = now == _plan ? Topology : new Topology(now);
        var found = new List<Gateway>();
        for (var at = (caller ? topology.A : topology.B).Lan; at >= 0; at = topology.Lans[at].Parent)
            if (World.Gateways.FirstOrDefault(g => g.Name == topology.Lans[at].Name) is { } gateway) found.Add(gateway);
        return found;
    }

    /// <summary>Every server loses what it knew and starts anew.</summary>
    public void RestartServers()
    {
        for (var i = 0; i < Servers.Count; i++)
        {
            var host = Servers[i].Host;
            host.Crash();
            Servers[i] = (host, Serve(host, Topology.Servers.IndexOf(host.Interfaces[^1].Address)));
        }
    }

    /// <summary>The SIP server; null where two media transports have only each other.</summary>
    public SipServer? Sip { get; }

    /// <summary>A host loses its address, and after a while gets one in its spare network.</summary>
    /// <param name="after">The plan as it stands then.</param>
    /// <param name="caller">Whose host.</param>
    /// <param name="gap">How long it has none.</param>
    public void Swap(CallPlan after, bool caller, TimeSpan gap)
    {
        var topology = new Topology(after);
        var (host, place) = caller ? (A, topology.A) : (B, topology.B);
        var lan = topology.Lans[place.Lan];
        foreach (var old in host.Interfaces.ToArray())
            if (!old.Address.IsLoopback) host.Detach(old.Address);
        World.Schedule(World.Now + gap, () =>
        {
            var segment = World.Gateways.FirstOrDefault(g => g.Name == lan.Name)?.Inside
                ?? World.AddLan(lan.Name, lan.Network, 24, lan.Nat.Behavior, World.Public, lan.Nat.Wan, lan.Outside);
            host.Attach(segment, place.Address, Link.Perfect, InterfaceKind.Wireless);
        });
    }

    private SipServer ServeSip()
    {
        var host = World.AddHost("sip", World.Public, DemoWorld.SipAddress.Ip);
        var server = new SipServer(new SipServerOptions(DemoWorld.SipAddress, DemoWorld.Domain) { Users = Users }, host, World.NewEntropy(), _trace);
        if (!server.TryStart(out var error)) throw new InvalidOperationException($"{host} did not start: {error}");
        host.Run(server);
        World.Names
            .Add(DemoWorld.Domain, DemoWorld.SipAddress.Ip)
            .AddSrv($"_sip._udp.{DemoWorld.Domain}", new SrvRecord(1, 1, DemoWorld.SipAddress.Port, DemoWorld.Domain))
            .AddSrv($"_sip._tcp.{DemoWorld.Domain}", new SrvRecord(1, 1, DemoWorld.SipAddress.Port, DemoWorld.Domain));
        for (var i = 0; i < Topology.Servers.Count; i++) World.Names.Add(NameOf(i), Topology.Servers[i]);
        return server;
    }

    /// <summary>The name of a STUN and TURN server.</summary>
    public static string NameOf(int server) => $"turn{server}.{DemoWorld.Domain}";

    private Segment SegmentOf(Topology.Place place) => place.Lan < 0 ? World.Public : _lans[place.Lan];

    private StunTurnServer Serve(VirtualHost host, int index)
    {
        var address = Topology.Servers[index];
        var options = new TurnServerOptions(new Address(address, Port), DemoWorld.Domain)
        {
            Users = Users,
            OffersSha256 = (_plan.Seed & 2) != 0,
            ListensOnTcp = _plan.RelaysByTcp,
        };
        var machine = new StunTurnServer(new StunServerOptions(address) { Port = Port }, options, host, World.NewEntropy(), _trace);
        if (!machine.TryStart(out var error)) throw new InvalidOperationException($"{host} did not start: {error}");
        host.Run(machine);
        return machine;
    }

    private static readonly Dictionary<string, string> Users = new() { ["a"] = "a-secret", ["b"] = "b-secret" };
}
