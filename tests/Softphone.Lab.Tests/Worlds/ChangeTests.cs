using Softphone.Core;

namespace Softphone.Lab.Tests;

/// <summary>What changes while the world runs: interfaces, lines, sleep, power, mappings.</summary>
public class ChangeTests
{
    private readonly World _world = new(seed: 1, new Trace());

    [Fact]
    public void Attach_InMidRun_TellsTheOwnerOnceAndTheAddressWorks()
    {
        var a = Bench.On(Bench.PublicHost(_world, "a", "203.0.113.1"));
        var b = Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2"), 7);
        var told = new List<Instant>();
        a.Host.InterfacesChanged = told.Add;
        var second = IpAddress.Parse("203.0.113.3");
        _world.At(At(2), () =>
        {
            a.Host.Detach(a.Bound.Ip);
            a.Host.Attach(_world.Public, second, kind: InterfaceKind.Wireless);
        });
        _world.RunUntil(At(3));
        Assert.Equal([At(2)], told);
        Assert.Equal(["lo", "eth1"], a.Host.Interfaces.Select(i => i.Name));
        Assert.True(a.Host.TryOpen(Transport.Udp, second, 0, out var path, out var bound, out _));
        a.Probe.Send(path, b.Bound, "from the new one");
        a.Send(b.Bound, "from the old one");
        _world.RunUntil(At(4));
        Assert.Equal((bound, "from the new one"), Assert.Single(b.Probe.Received.Select(r => (r.From, r.Text))));
        Assert.Equal(PathError.Unreachable, Assert.Single(a.Probe.Failures).Error);
    }

    [Fact]
    public void TryRoute_SeveralInterfaces_PrefersOnLinkThenTheKind()
    {
        var host = Bench.PublicHost(_world, "a", "203.0.113.1");
        host.Detach(IpAddress.Parse("203.0.113.1"));
        var home = Lan("home", "10.0.1.0", "203.0.113.101");
        var mobile = Lan("mobile", "10.0.2.0", "203.0.113.102");
        host.Attach(mobile, IpAddress.Parse("10.0.2.2"), kind: InterfaceKind.Cellular);
        host.Attach(home, IpAddress.Parse("10.0.1.2"), kind: InterfaceKind.Wireless);
        Assert.Equal("10.0.1.2", Route(host, "203.0.113.9"));
        Assert.Equal("10.0.2.2", Route(host, "10.0.2.77"));
        host.Detach(IpAddress.Parse("10.0.1.2"));
        Assert.Equal("10.0.2.2", Route(host, "203.0.113.9"));
    }

    [Fact]
    public void SetUp_LineCut_IsADropWithItsReasonAndNotAnError()
    {
        var (a, b) = Pair();
        a.Host.SetUp(a.Bound.Ip, false);
        a.Send(b.Bound, "lost");
        _world.RunUntil(At(1));
        Assert.Empty(a.Probe.Failures);
        Assert.Equal(1, _world.Counters.DroppedFor(DropReason.LinkDown));
        a.Host.SetUp(a.Bound.Ip, true);
        a.Send(b.Bound, "heard");
        _world.RunUntil(At(2));
        Assert.Equal("heard", Assert.Single(b.Probe.Received).Text);
    }

    [Fact]
    public void SetLink_InMidRun_HoldsForTheNextPacket()
    {
        var (a, b) = Pair(Link.OfMilliseconds(10));
        a.Send(b.Bound, "slow");
        a.Host.SetLink(a.Bound.Ip, Link.OfMilliseconds(1));
        a.Send(b.Bound, "fast");
        _world.RunUntil(At(1));
        Assert.Equal(["fast", "slow"], b.Probe.Received.Select(r => r.Text));
    }

    [Fact]
    [Rfc("4787", "4.3")]
    public void Rebind_NextPacketGetsAnotherPort_AndTheOldOneHasNoMapping()
    {
        var a = Bench.On(Bench.NattedHost(_world, "full-cone"));
        var b = Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2"), 7);
        a.Send(b.Bound, "one");
        _world.RunUntil(At(1));
        _world.Gateways.Single().Rebind();
        a.Send(b.Bound, "two");
        _world.RunUntil(At(2));
        var (before, after) = (b.Probe.Received[0].From, b.Probe.Received[1].From);
        Assert.NotEqual(before, after);
        b.Send(before, "to the old one");
        b.Send(after, "to the new one");
        _world.RunUntil(At(3));
        Assert.Equal("to the new one", Assert.Single(a.Probe.Received).Text);
        Assert.Equal(1, _world.Counters.DroppedFor(DropReason.NoMapping));
    }

    [Fact]
    [Rfc("7675", "5.1", Line = "I75")]
    public void Suspend_ForAMinute_TheMachineSeesOneJumpAndNoDatagram()
    {
        var (a, b) = Pair();
        b.Probe.NextTimeout = At(5);
        b.Host.Settle();
        _world.At(At(2), () => b.Host.Suspend(TimeSpan.FromSeconds(60)));
        _world.At(At(10), () => a.Probe.Send(a.Path, b.Bound, "while it sleeps"));
        _world.At(At(70), () => a.Probe.Send(a.Path, b.Bound, "awake"));
        _world.RunUntil(At(80));
        Assert.Equal([At(62)], b.Probe.Woken);
        Assert.Equal("awake", Assert.Single(b.Probe.Received).Text);
        Assert.Equal(1, _world.Counters.DroppedFor(DropReason.Asleep));
    }

    [Fact]
    public void Suspend_StreamsWait_AndWhatCameIsReadInOrder()
    {
        var (a, b) = Pair();
        b.Host.TryOpen(Transport.Tcp, b.Bound.Ip, 80, out _, out var listener, out _);
        a.Host.TryOpen(Transport.Tcp, a.Bound.Ip, 0, out var stream, out _, out _);
        a.Probe.Send(stream, listener, "before");
        a.Host.Settle();
        _world.RunUntil(At(1));
        b.Host.Suspend(TimeSpan.FromSeconds(20));
        foreach (var text in new[] { "one", "two", "three" }) a.Probe.Send(stream, listener, text);
        a.Host.Settle();
        _world.RunUntil(At(20));
        Assert.Equal("before", Assert.Single(b.Probe.Received).Text);
        _world.RunUntil(At(22));
        Assert.Equal(["before", "one", "two", "three"], b.Probe.Received.Select(r => r.Text));
        Assert.Equal(At(21), b.Probe.Received[^1].At);
        Assert.Empty(a.Probe.Failures);
    }

    [Fact]
    public void Crash_ConnectionOfTheDeadServer_IsResetAtTheNextSend()
    {
        var (a, b) = Pair();
        b.Host.TryOpen(Transport.Tcp, b.Bound.Ip, 80, out _, out var listener, out _);
        a.Host.TryOpen(Transport.Tcp, a.Bound.Ip, 0, out var stream, out _, out _);
        a.Probe.Send(stream, listener, "x");
        a.Host.Settle();
        _world.RunUntil(At(1));
        b.Host.Crash();
        _world.RunUntil(At(5));
        Assert.Empty(a.Probe.Failures);
        Assert.Equal(0, b.Host.OpenSockets + b.Host.OpenStreams);
        a.Probe.Send(stream, listener, "y");
        a.Host.Settle();
        _world.RunUntil(At(6));
        Assert.Equal(PathError.Closed, Assert.Single(a.Probe.Failures).Error);
    }

    [Fact]
    [Rfc("8656", "5")]
    public void RestartTurn_ServerLosesEveryAllocation_AndServesAnew()
    {
        var demo = new DemoWorld(new DemoOptions());
        var before = demo.Turn;
        demo.RestartTurn(TimeSpan.FromSeconds(3));
        Assert.Equal(0, demo.TurnHost.OpenSockets);
        demo.World.RunUntil(At(4));
        Assert.NotSame(before, demo.Turn);
        Assert.True(demo.TurnHost.OpenSockets > 0);
        demo.RestartSip();
        Assert.True(demo.SipHost.OpenSockets > 0);
        Assert.Equal(0, demo.Sip.Bindings);
    }

    private Segment Lan(string name, string network, string outside) =>
        _world.AddLan(name, IpAddress.Parse(network), 24, NatBehavior.FullCone, _world.Public, null, IpAddress.Parse(outside));

    private static string Route(VirtualHost host, string remote) => host.TryRoute(IpAddress.Parse(remote), out var local) ? local.ToString() : "none";

    private (Bench A, Bench B) Pair(Link? a = null, Link? b = null) =>
        (Bench.On(Bench.PublicHost(_world, "a", "203.0.113.1", a)), Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2", b), 7));

    private static Instant At(int seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
