using Softphone.Core;

namespace Softphone.Lab;

/// <summary>The world of a <see cref="StayPlan"/>, and what it does to the phone in it.</summary>
internal sealed class StayNet
{
    private const string ElsewhereName = "elsewhere";
    private static readonly TimeSpan NamesAreDeadFor = TimeSpan.FromSeconds(20);
    private readonly StayPlan _plan;
    private readonly DemoWorld _demo;
    private NatBehavior _nat;
    private int _moves;

    public StayNet(StayPlan plan, WorldMemory memory, Trace? trace)
    {
        _plan = plan;
        _nat = plan.Nat;
        _demo = new DemoWorld(new DemoOptions
        {
            NatA = plan.Other,
            NatB = plan.Nat,
            HasV6 = plan.HasV6,
            Latency = plan.Delay,
            Seed = plan.Seed,
            Trace = trace,
            Memory = memory,
        });
        foreach (var condition in plan.Conditions) Begin(condition);
    }

    public World World => _demo.World;

    public VirtualHost Host => _demo.HostB;

    public VirtualHost Other => _demo.HostA;

    /// <summary>What is left of phones that are gone; null when it is nothing.</summary>
    public string? Remains =>
        _demo.Turn.Allocations + _demo.Turn.Reservations + _demo.Sip.Bindings + _demo.Sip.Transactions > 0
            ? $"{_demo.Turn.Allocations} allocations, {_demo.Turn.Reservations} reservations, {_demo.Sip.Bindings} bindings, {_demo.Sip.Transactions} transactions left"
            : Host.OpenSockets + Other.OpenSockets > 0 ? $"{Host.OpenSockets} and {Other.OpenSockets} sockets left" : null;

    /// <summary>The relays that a call between the two takes now; null where nothing is sure.</summary>
    public int? Legs => StayOracle.Legs(_nat, _plan.Other, Gateways.Any(g => !g.IsV4 && g.Failure == GatewayFailure.None));

    private Segment Lan => Host.SegmentOf(Addresses[0])!;

    private List<Gateway> Gateways => [.. World.Gateways.Where(g => g.Inside == Lan)];

    private List<IpAddress> Addresses => [.. Host.Interfaces.Where(i => !i.Address.IsLoopback).Select(i => i.Address)];

    /// <summary>Does what an event is, for as long as it lasts.</summary>
    public void Happen(StayEvent happened)
    {
        switch (happened.Kind)
        {
            case NetworkTrouble.NatFlushed:
                foreach (var gateway in Gateways) gateway.Rebind();
                break;
            case NetworkTrouble.StreamHalfOpen:
                Host.CutOffStreams();
                break;
            case NetworkTrouble.ServerRestarted or NetworkTrouble.ServerRestartedWithMemory:
                if (!happened.Abrupt) _demo.Sip.Stop();
                _demo.RestartSip(happened.Lasts, remembers: happened.Kind == NetworkTrouble.ServerRestartedWithMemory);
                break;
            case NetworkTrouble.FamilyDies:
                Break(GatewayFailure.BlackHole);
                break;
            case NetworkTrouble.FamilyRefuses:
                Break(GatewayFailure.Rejects);
                break;
            case NetworkTrouble.AddressChanged:
                Move(Lan, happened.Lasts);
                break;
            case NetworkTrouble.CableMoved:
                Move(Elsewhere(), happened.Lasts);
                _nat = _plan.Elsewhere;
                break;
            case NetworkTrouble.LineCut:
                SetUp(false);
                World.At(World.Now + happened.Lasts, () => SetUp(true));
                break;
            case NetworkTrouble.RouterDead:
                var before = Gateways.Select(g => (Gateway: g, g.Failure)).ToList();
                foreach (var (gateway, _) in before) gateway.Failure = GatewayFailure.BlackHole;
                World.At(World.Now + happened.Lasts, () => before.ForEach(b => b.Gateway.Failure = b.Failure));
                break;
            case NetworkTrouble.Asleep:
                Host.Suspend(happened.Lasts);
                break;
            case NetworkTrouble.RelayRestarted:
                _demo.RestartTurn(happened.Lasts);
                break;
        }

        World.RunUntil(World.Now + happened.Lasts);
    }

    private void Begin(NetworkTrouble condition)
    {
        switch (condition)
        {
            case NetworkTrouble.FragmentsLost:
                ChangeLines(line => line with { DropsFragments = true });
                break;
            case NetworkTrouble.SmallMtuTold:
                ChangeLines(line => line with { Mtu = 1280, TellsTooBig = true });
                break;
            case NetworkTrouble.SmallMtuSilent:
                ChangeLines(line => line with { Mtu = 1280 });
                break;
            case NetworkTrouble.NameServerSilent:
                World.Names.SilentServers = 1;
                break;
            case NetworkTrouble.NamesLate:
                World.Names.Delay = TimeSpan.FromSeconds(3);
                break;
            case NetworkTrouble.NamesDeadAtFirst:
                World.Names.IsDead = true;
                World.Schedule(World.Now + NamesAreDeadFor, () => World.Names.IsDead = false);
                break;
            case NetworkTrouble.FamilySilent:
                Break(GatewayFailure.BlackHole);
                break;
            case NetworkTrouble.FamilyRejected:
                Break(GatewayFailure.Rejects);
                break;
        }
    }

    private void ChangeLines(Func<Link, Link> change)
    {
        foreach (var gateway in Gateways) gateway.Wan = change(gateway.Wan);
    }

    private void Break(GatewayFailure failure)
    {
        foreach (var gateway in Gateways)
            if (gateway.IsV4 == _plan.IsV4Broken) gateway.Failure = failure;
    }

    private void SetUp(bool isUp)
    {
        foreach (var address in Addresses) Host.SetUp(address, isUp);
    }

    /// <summary>The phone loses its addresses, and gets others there after a while.</summary>
    private void Move(Segment lan, TimeSpan gap)
    {
        foreach (var address in Addresses) Host.Detach(address);
        var number = (uint)(30 + _moves++);
        World.At(World.Now + gap, () =>
        {
            // One cable has the addresses of both families.
            string? name = null;
            foreach (var gateway in World.Gateways.Where(g => g.Inside == lan))
            {
                Host.Attach(lan, AddressOn(gateway, number), name: name);
                name = Host.Interfaces[^1].Name;
            }
        });
    }

    private static IpAddress AddressOn(Gateway gateway, uint number) =>
        gateway.IsV4 ? IpAddress.FromV4(gateway.Inside.Network.V4 + number) : IpAddress.Parse($"2001:db8:{(gateway.Inside.Name == ElsewhereName ? 7 : 2)}::{number:x}");

    private Segment Elsewhere()
    {
        var nat = _plan.Elsewhere;
        if (World.Gateways.FirstOrDefault(g => g.Name == ElsewhereName) is { } there) return there.Inside;
        var lan = nat.Translates
            ? World.AddLan(ElsewhereName, IpAddress.Parse("10.0.7.0"), 24, nat, World.Public, _demo.Options.Line, IpAddress.Parse("203.0.113.107"))
            : World.AddLan(ElsewhereName, IpAddress.Parse("198.51.100.128"), 26, nat, World.Public, _demo.Options.Line);
        if (_plan.HasV6) World.AddGateway(lan, $"{ElsewhereName}6", IpAddress.Parse("2001:db8:7::"), 64, NatBehavior.Firewall with { BlocksUdp = nat.BlocksUdp }, World.Public, _demo.Options.Line);
        return lan;
    }
}
