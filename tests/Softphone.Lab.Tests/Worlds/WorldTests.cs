using Softphone.Core;

namespace Softphone.Lab.Tests;

public class WorldTests
{
    private readonly World _world = new(seed: 1, new Trace());

    [Fact]
    public void Datagram_OverTwoLinks_PaysBothDelays()
    {
        var (a, b) = Pair(Link.OfMilliseconds(10), Link.OfMilliseconds(25));
        a.Send(b.Bound, "hello");
        _world.RunUntil(At(1));
        var (at, path, from, text) = Assert.Single(b.Probe.Received);
        Assert.Equal((0.035, b.Path, a.Bound, "hello"), (Seconds(at), path, from, text));
        Assert.Equal(At(1), _world.Now);
        Assert.Equal((1, 1, 0), (_world.Counters.Sent, _world.Counters.Delivered, _world.Counters.Dropped));
    }

    [Fact]
    public void Machine_WithTimeout_IsWokenThenAndOnlyOnce()
    {
        var a = Bench.On(Bench.PublicHost(_world, "a", "203.0.113.1"));
        a.Probe.NextTimeout = At(5);
        a.Host.Settle();
        Assert.Equal(At(5), _world.NextEventAt);
        _world.RunUntil(At(60));
        Assert.Equal([At(5)], a.Probe.Woken);
        Assert.Null(_world.NextEventAt);
    }

    [Fact]
    public void AfterInput_GivesFurtherInputs_TheyAreSentAtOnce()
    {
        var b = Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2"), 7);
        var host = Bench.PublicHost(_world, "a", "203.0.113.1");
        host.TryOpen(Transport.Udp, host.Interfaces[1].Address, 0, out var path, out _, out _);
        var probe = new Probe();
        var calls = 0;
        host.Run(probe, _ =>
        {
            if (calls++ == 0) probe.Send(path, b.Bound, "from the owner");
        });
        Assert.True(_world.RunUntil(() => b.Probe.Received.Count == 1, At(1)));
    }

    [Fact]
    public void Post_FromOutside_RunsInTheNextStepAndDrains()
    {
        var (a, b) = Pair();
        a.Host.Post(() => a.Probe.Send(a.Path, b.Bound, "one"));
        _world.Post(() => a.Probe.Send(a.Path, b.Bound, "two"));
        _world.At(At(3), () => a.Probe.Send(a.Path, b.Bound, "three"));
        Assert.Empty(b.Probe.Received);
        Assert.Equal(Instant.Zero, _world.NextEventAt);
        _world.RunUntil(At(4));
        Assert.Equal(["one", "two", "three"], b.Probe.Received.Select(r => r.Text));
        Assert.Equal(At(3), b.Probe.Received[2].At);
    }

    [Fact]
    public void KeepUp_InRealTime_RunsPostedInputsAtTheTimeGiven()
    {
        var (a, b) = Pair(Link.OfMilliseconds(10));
        _world.RunUntil(At(1));
        a.Host.Post(() => a.Probe.Send(a.Path, b.Bound, "x"));
        _world.KeepUp(At(5));
        Assert.Equal(At(5) + TimeSpan.FromMilliseconds(10), _world.NextEventAt);
        _world.KeepUp(At(6));
        Assert.Equal(5.010, Seconds(Assert.Single(b.Probe.Received).At));
        Assert.Equal(At(6), _world.Now);
    }

    [Fact]
    public void Stream_DelayedByLoss_DoesNotHoldUpDatagrams()
    {
        var link = Link.OfMilliseconds(1, jitter: 1, loss: 0.5);
        var (a, b) = Pair(link);
        b.Host.TryOpen(Transport.Tcp, b.Bound.Ip, 80, out _, out var listener, out _);
        a.Host.TryOpen(Transport.Tcp, a.Bound.Ip, 0, out var stream, out _, out _);
        for (var i = 0; i < 20; i++) a.Probe.Send(stream, listener, "stream");
        for (var i = 0; i < 20; i++) a.Send(b.Bound, "datagram");
        _world.RunUntil(At(20));
        Assert.Equal(20, b.Probe.Received.Count(r => r.Text.StartsWith("stream", StringComparison.Ordinal)));
        Assert.All(b.Probe.Received.Where(r => r.Text == "datagram"), r => Assert.True(Seconds(r.At) < 0.01));
    }

    [Fact]
    public void RunUntil_ConditionNeverHolds_StopsAtTheLimit()
    {
        Assert.False(_world.RunUntil(() => false, At(9)));
        Assert.Equal(At(9), _world.Now);
    }

    [Fact]
    public void Loss_TenPercent_DropsAboutThatManyAndSaysSo()
    {
        var (a, b) = Pair(Link.OfMilliseconds(1, loss: 0.1));
        for (var i = 0; i < 5000; i++) a.Send(b.Bound, "x");
        _world.RunUntil(At(1));
        Assert.InRange(b.Probe.Received.Count, 4400, 4600);
        Assert.Equal(5000 - b.Probe.Received.Count, _world.Counters.DroppedFor(DropReason.Loss));
        Assert.All(_world.Trace.Entries, e => Assert.Contains("lost on the line of a", e.Describe()));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.5, true)]
    public void Jitter_KeepsOrderUnlessPacketsOvertake(double overtake, bool reorders)
    {
        var (a, b) = Pair(new Link(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20), Overtake: overtake));
        for (var i = 0; i < 200; i++) a.Send(b.Bound, $"{i:D3}");
        _world.RunUntil(At(1));
        var texts = b.Probe.Received.Select(r => r.Text).ToList();
        Assert.Equal(200, texts.Count);
        Assert.Equal(reorders, !texts.SequenceEqual(texts.Order()));
        Assert.All(b.Probe.Received, r => Assert.InRange(Seconds(r.At), 0.005, 0.0251));
    }

    [Fact]
    public void Jitter_OnTheReceiversLine_KeepsOrderToo()
    {
        var (a, b) = Pair(Link.Perfect, Link.OfMilliseconds(5, jitter: 20));
        for (var i = 0; i < 50; i++)
        {
            var text = $"{i:D3}";
            _world.At(Instant.Zero + TimeSpan.FromMilliseconds(i), () => a.Probe.Send(a.Path, b.Bound, text));
        }

        _world.RunUntil(At(1));
        Assert.Equal(50, b.Probe.Received.Count);
        Assert.Equal(b.Probe.Received.Select(r => r.Text).Order(), b.Probe.Received.Select(r => r.Text));
    }

    [Fact]
    public void Duplicate_Always_ArrivesTwice()
    {
        var (a, b) = Pair(new Link(TimeSpan.FromMilliseconds(5), Duplicate: 1));
        a.Send(b.Bound, "x");
        _world.RunUntil(At(1));
        Assert.Equal(["x", "x"], b.Probe.Received.Select(r => r.Text));
    }

    [Fact]
    public void Datagram_ToClosedPort_FailsTheSenderThroughItsNat()
    {
        var a = Bench.On(Bench.NattedHost(_world, "symmetric"));
        Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2"), 7);
        var closed = Address.Parse("203.0.113.2:9");
        a.Send(closed, "x");
        _world.RunUntil(At(1));
        Assert.Equal(new PathFailure(Instant.Zero, a.Path, closed, PathError.Refused), Assert.Single(a.Probe.Failures));
        Assert.Equal(1, _world.Counters.DroppedFor(DropReason.PortClosed));
    }

    [Fact]
    public void Datagram_ToPrivateAddressOfAnotherNetwork_HasNoRoute()
    {
        var a = Bench.On(Bench.NattedHost(_world, "full-cone"));
        a.Send(Address.Parse("192.168.2.2:9"), "x");
        _world.RunUntil(At(1));
        Assert.Equal(1, _world.Counters.DroppedFor(DropReason.NoRoute));
        var entry = Assert.IsType<WorldTrace.PacketDropped>(Assert.Single(_world.Trace.Entries));
        Assert.Equal("203.0.113.101", entry.From.Ip.ToString());
    }

    [Fact]
    public void Lan_TwoHosts_ReachEachOtherUnlessIsolated()
    {
        var a = Bench.On(Bench.NattedHost(_world, "symmetric"));
        var lan = a.Host.World.Hosts[0];
        var segment = SegmentOf(lan);
        var c = Bench.On(_world.AddHost("c", segment, IpAddress.Parse("10.0.1.3")), 7);
        a.Send(c.Bound, "x");
        _world.RunUntil(At(1));
        Assert.Equal(a.Bound, Assert.Single(c.Probe.Received).From);
        segment.IsIsolated = true;
        a.Send(c.Bound, "x");
        _world.RunUntil(At(2));
        Assert.Equal(1, _world.Counters.DroppedFor(DropReason.Isolated));
    }

    [Fact]
    public void NestedNats_InnerConeOuterSymmetric_MapTwice()
    {
        var carrier = _world.AddLan(
            "carrier", IpAddress.Parse("100.64.0.0"), 10, NatBehavior.Symmetric, _world.Public, Link.OfMilliseconds(3), IpAddress.Parse("203.0.113.77"));
        var home = _world.AddLan(
            "home", IpAddress.Parse("192.168.1.0"), 24, NatBehavior.FullCone, carrier, Link.OfMilliseconds(2), IpAddress.Parse("100.64.0.9"));
        var a = Bench.On(_world.AddHost("a", home, IpAddress.Parse("192.168.1.2")));
        var b = Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2"), 7, echoes: true);
        a.Send(b.Bound, "x");
        _world.RunUntil(At(1));
        Assert.Equal("203.0.113.77", b.Probe.Received[0].From.Ip.ToString());
        Assert.Equal(0.010, Seconds(Assert.Single(a.Probe.Received).At));
        Assert.Equal("100.64.0.9", Assert.Single(carrier.Gateway!.Nat.MappingsAt(At(1))).Inside.Ip.ToString());
    }

    [Fact]
    public void NestedRouters_NothingTranslates_InnerPrefixIsReachedFromOutside()
    {
        var office = _world.AddLan("office", IpAddress.Parse("198.51.100.0"), 25, NatBehavior.None, _world.Public);
        var floor = _world.AddLan("floor", IpAddress.Parse("192.0.2.0"), 28, NatBehavior.None, office);
        var a = Bench.On(_world.AddHost("a", floor, IpAddress.Parse("192.0.2.2")), 7);
        var b = Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2"));
        b.Send(a.Bound, "x");
        _world.RunUntil(At(1));
        Assert.Equal(b.Bound, Assert.Single(a.Probe.Received).From);
    }

    [Fact]
    public void OverlappingLans_SameAddresses_AreKeptApart()
    {
        var a = Bench.On(Bench.NattedHost(_world, "full-cone"));
        var lanB = _world.AddLan("natB", IpAddress.Parse("10.0.1.0"), 24, NatBehavior.FullCone, _world.Public, null, IpAddress.Parse("203.0.113.102"));
        var b = Bench.On(_world.AddHost("hostB", lanB, IpAddress.Parse("10.0.1.2")), echoes: true);
        var server = Bench.On(Bench.PublicHost(_world, "s", "203.0.113.2"), 7);
        b.Send(server.Bound, "open");
        _world.RunUntil(At(1));
        a.Send(server.Probe.Received[0].From, "hello");
        _world.RunUntil(At(2));
        Assert.Equal("hello", Assert.Single(a.Probe.Received).Text);
    }

    [Fact]
    public void Detach_InterfaceGone_SendsFailUnreachable()
    {
        var (a, b) = Pair();
        a.Host.Detach(a.Bound.Ip);
        a.Send(b.Bound, "x");
        _world.RunUntil(At(1));
        Assert.Equal(PathError.Unreachable, Assert.Single(a.Probe.Failures).Error);
        Assert.DoesNotContain(a.Host.Interfaces, i => i.Address == a.Bound.Ip);
    }

    [Fact]
    public void Stop_ProcessEnds_SocketsCloseAndNothingWakesIt()
    {
        var (a, b) = Pair(Link.OfMilliseconds(10));
        b.Probe.NextTimeout = At(5);
        b.Host.Settle();
        a.Send(b.Bound, "x");
        b.Host.Stop();
        _world.RunUntil(At(10));
        Assert.Equal(0, b.Host.OpenSockets);
        Assert.Empty(b.Probe.Received);
        Assert.Empty(b.Probe.Woken);
        Assert.Equal(PathError.Refused, Assert.Single(a.Probe.Failures).Error);
    }

    [Fact]
    public void TryOpen_PortTakenOrForeignAddress_SaysWhy()
    {
        var a = Bench.On(Bench.PublicHost(_world, "a", "203.0.113.1"), 5060);
        Assert.False(a.Host.TryOpen(Transport.Udp, a.Bound.Ip, 5060, out _, out _, out var error));
        Assert.Equal(PathError.InUse, error);
        Assert.False(a.Host.TryOpen(Transport.Udp, IpAddress.Parse("203.0.113.9"), 0, out _, out _, out error));
        Assert.Equal(PathError.Unreachable, error);
        a.Host.Close(a.Path);
        a.Host.Close(a.Path);
        Assert.True(a.Host.TryOpen(Transport.Udp, a.Bound.Ip, 5060, out _, out _, out _));
        Assert.Equal(1, a.Host.OpenSockets);
    }

    [Fact]
    public void TryRoute_FindsTheAddressToSendFrom()
    {
        var host = Bench.NattedHost(_world, "symmetric");
        Assert.True(host.TryRoute(IpAddress.Parse("203.0.113.10"), out var local));
        Assert.Equal("10.0.1.2", local.ToString());
        Assert.True(host.TryRoute(IpAddress.LoopbackV4, out local));
        Assert.True(local.IsLoopback);
        Assert.False(host.TryRoute(IpAddress.Parse("2001:db8::1"), out _));
    }

    [Fact]
    [Rfc("3263", "4.2")]
    public void Names_AnswerWithTheIdAskedAndFailWhenUnknown()
    {
        _world.Names.Add("sip.lab.test", IpAddress.Parse("203.0.113.5")).AddSrv("_sip._udp.lab.test", new SrvRecord(1, 1, 5060, "sip.lab.test"));
        Assert.Equal("203.0.113.5", Assert.Single(_world.Names.Answer(new NameQuery(3, "SIP.lab.test.", NameRecord.Address)).Addresses).ToString());
        Assert.Equal(5060, Assert.Single(_world.Names.Answer(new NameQuery(4, "_sip._udp.lab.test", NameRecord.Srv)).Services).Port);
        var missing = _world.Names.Answer(new NameQuery(5, "nowhere.test", NameRecord.Address));
        Assert.Equal((5, true), (missing.Id, missing.Failed));
    }

    [Fact]
    [Rfc("8445", "16.1", Line = "I80")]
    public void SameSeed_LossyWorld_SameTranscript()
    {
        for (ulong seed = 1; seed < 5; seed++)
        {
            Assert.Equal(Transcript(seed), Transcript(seed));
            Assert.NotEqual(Transcript(seed), Transcript(seed + 100));
        }
    }

    [Fact]
    public void SteadyState_DeliveriesThroughANat_AllocateNothing()
    {
        var world = new World(seed: 3);
        var a = Bench.On(Bench.NattedHost(world, "symmetric", Link.OfMilliseconds(1, jitter: 1)));
        var b = Bench.On(Bench.PublicHost(world, "b", "203.0.113.2", Link.OfMilliseconds(2)), 7);
        b.Host.Run(new Ponger());
        var source = new Ponger();
        a.Host.Run(source);
        for (var i = 0; i < 64; i++) source.Send(a.Path, b.Bound);
        a.Host.Settle();
        world.RunUntil(At(2));
        var delivered = world.Counters.Delivered;
        var before = Allocated.Now;
        world.RunUntil(At(4));
        Allocated.AssertNoneSince(before);
        Assert.True(world.Counters.Delivered > delivered + 10_000);
    }

    private static string Transcript(ulong seed)
    {
        var world = new World(seed, new Trace());
        var link = new Link(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(10), Loss: 0.2, Duplicate: 0.1, Overtake: 0.2);
        var a = Bench.On(Bench.NattedHost(world, "symmetric", link));
        var b = Bench.On(Bench.PublicHost(world, "b", "203.0.113.2", link), 7, echoes: true);
        for (var i = 0; i < 50; i++) a.Send(b.Bound, $"{i}");
        world.RunUntil(At(2));
        return string.Join('\n', a.Probe.Received) + string.Join('\n', b.Probe.Received) + string.Join('\n', world.Trace.Entries);
    }

    private (Bench A, Bench B) Pair(Link? a = null, Link? b = null) =>
        (Bench.On(Bench.PublicHost(_world, "a", "203.0.113.1", a)), Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2", b), 7));

    private static Segment SegmentOf(VirtualHost host) => host.SegmentOf(host.Interfaces[1].Address)!;

    private static Instant At(int seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);

    private static double Seconds(Instant at) => at.Nanoseconds / 1e9;

    /// <summary>Sends back whatever comes, without allocating.</summary>
    private sealed class Ponger : IMachine
    {
        private readonly TransmitQueue _out = new(1 << 16);

        public Instant? NextTimeout => null;

        public void Send(PathId path, Address to) => _out.Enqueue(path, to, new byte[160]);

        public void Receive(in Datagram datagram) => _out.Enqueue(datagram.Path, datagram.Remote, datagram.Payload);

        public void Fail(in PathFailure failure)
        {
        }

        public void Advance(Instant now)
        {
        }

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _out.TryDequeue(buffer, out transmit);
    }
}
