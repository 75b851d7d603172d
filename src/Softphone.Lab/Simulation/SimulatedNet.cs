using Softphone.Core;

namespace Softphone.Lab;

/// <summary>The world of one simulated call: networks, servers and the two hosts, as its plan says.</summary>
internal sealed class SimulatedNet
{
    public const ushort Port = 3478;

    private readonly CallPlan _plan;
    private readonly Segment[] _lans;
    private readonly Trace? _trace;

    public SimulatedNet(CallPlan plan, Trace? trace)
    {
        _plan = plan;
        _trace = trace;
        Topology = new Topology(plan);
        World = new World(plan.Seed, trace);
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

        A = World.AddHost("a", SegmentOf(Topology.A), Topology.A.Address, plan.A.Line);
        B = World.AddHost("b", SegmentOf(Topology.B), Topology.B.Address, plan.B.Line);
    }

    public World World { get; }

    public Topology Topology { get; }

    public VirtualHost A { get; }

    public VirtualHost B { get; }

    /// <summary>The servers that run.</summary>
    public List<(VirtualHost Host, StunTurnServer Machine)> Servers { get; } = [];

    /// <summary>The gateways of a side, the host's first.</summary>
    public List<Gateway> GatewaysOf(bool caller)
    {
        var found = new List<Gateway>();
        for (var at = (caller ? Topology.A : Topology.B).Lan; at >= 0; at = Topology.Lans[at].Parent) found.Add(_lans[at].Gateway!);
        return found;
    }

    /// <summary>Every server loses what it knew and starts anew.</summary>
    public void RestartServers()
    {
        for (var i = 0; i < Servers.Count; i++)
        {
            var (host, machine) = Servers[i];
            machine.Stop();
            host.Stop();
            Servers[i] = (host, Serve(host, Topology.Servers.IndexOf(host.Interfaces[^1].Address)));
        }
    }

    private Segment SegmentOf(Topology.Place place) => place.Lan < 0 ? World.Public : _lans[place.Lan];

    private StunTurnServer Serve(VirtualHost host, int index)
    {
        var address = Topology.Servers[index];
        var options = new TurnServerOptions(new Address(address, Port), DemoWorld.Domain)
        {
            Users = Users,
            OffersSha256 = (_plan.Seed & 2) != 0,
            ListensOnTcp = false,
        };
        var machine = new StunTurnServer(new StunServerOptions(address) { Port = Port }, options, host, World.NewEntropy(), _trace);
        if (!machine.TryStart(out var error)) throw new InvalidOperationException($"{host} did not start: {error}");
        host.Run(machine);
        return machine;
    }

    private static readonly Dictionary<string, string> Users = new() { ["a"] = "a-secret", ["b"] = "b-secret" };
}
