using System.Text;
using Softphone.Core;

namespace Softphone.Lab.Tests;

/// <summary>What lines do to packets: rate, queue, length, bursts of loss, copies.</summary>
public class LinkTests
{
    private readonly World _world = new(seed: 1, new Trace());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rate_64Kbit_PacketsComeOneAfterTheOther(bool senders)
    {
        // 132 octets of payload and 28 of headers are 20 ms at 64 kbit/s.
        var slow = Link.OfMilliseconds(10) with { Rate = 64_000 };
        var (a, b) = Pair(senders ? slow : null, senders ? null : slow);
        for (var i = 0; i < 5; i++) a.Send(b.Bound, new string('x', 132));
        _world.RunUntil(At(1));
        Assert.Equal([30, 50, 70, 90, 110], b.Probe.Received.Select(r => (int)Math.Round(r.At.Nanoseconds / 1e6)));
    }

    [Fact]
    public void Queue_Full_DropsWhatComesAndSaysSo()
    {
        var (a, b) = Pair(Link.OfMilliseconds(1) with { Rate = 64_000, Queue = 480 });
        for (var i = 0; i < 10; i++) a.Send(b.Bound, new string('x', 132));
        _world.RunUntil(At(1));
        Assert.Equal(3, b.Probe.Received.Count);
        Assert.Equal("7 in the full queue of a", _world.Counters.DropsInWords);
    }

    [Fact]
    public void Rate_Stream_WaitsAndLosesNothing()
    {
        var (a, b) = Pair(Link.OfMilliseconds(1) with { Rate = 64_000, Queue = 200 });
        b.Host.TryOpen(Transport.Tcp, b.Bound.Ip, 80, out _, out var listener, out _);
        a.Host.TryOpen(Transport.Tcp, a.Bound.Ip, 0, out var stream, out _, out _);
        for (var i = 0; i < 50; i++) a.Probe.Send(stream, listener, Encoding.ASCII.GetBytes(new string('x', 160)));
        a.Host.Settle();
        _world.RunUntil(At(5));
        Assert.Equal(50, b.Probe.Received.Count);
        Assert.InRange(b.Probe.Received[^1].At.Nanoseconds / 1e9, 1.2, 1.4);
    }

    [Theory]
    [InlineData(1372, true)]
    [InlineData(1373, false)]
    public void Mtu_LongerPacket_IsDroppedWithItsReason(int payload, bool arrives)
    {
        var (a, b) = Pair(null, Link.Perfect with { Mtu = 1400 });
        a.Send(b.Bound, new string('x', payload));
        _world.RunUntil(At(1));
        Assert.Equal(arrives ? 1 : 0, b.Probe.Received.Count);
        Assert.Equal(arrives ? 0 : 1, _world.Counters.DroppedFor(DropReason.TooBig));
    }

    [Theory]
    [InlineData(1472, true)]
    [InlineData(1473, false)]
    [Rfc("4787", "11", Line = "D14")]
    public void DropsFragments_PacketThatNeedsThem_IsDroppedBothWays(int payload, bool arrives)
    {
        var a = Bench.On(Bench.NattedHost(_world, NatBehavior.FullCone with { DropsFragments = true }));
        var b = Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2"), 7);
        a.Send(b.Bound, "open");
        _world.RunUntil(At(1));
        a.Send(b.Bound, new string('x', payload));
        b.Send(b.Probe.Received[0].From, new string('y', payload));
        _world.RunUntil(At(2));
        Assert.Equal(arrives ? (2, 1) : (1, 0), (b.Probe.Received.Count, a.Probe.Received.Count));
        Assert.Equal(arrives ? "nothing" : "2 too long for natA", _world.Counters.DropsInWords);
    }

    /// <summary>The first datagram is lost and its sender told; what follows comes in fragments, where those are carried.</summary>
    [Theory]
    [InlineData(1280, false, 3)]
    [InlineData(1400, false, 3)]
    [InlineData(1280, true, 0)]
    [InlineData(1400, true, 0)]
    [Rfc("1191", "3")]
    public void Mtu_ThatIsTold_LaterDatagramsComeInFragments(int mtu, bool dropsFragments, int arrive)
    {
        var (a, b) = Pair(Link.OfMilliseconds(5), Link.Perfect with { Mtu = mtu, TellsTooBig = true, DropsFragments = dropsFragments });
        for (var i = 0; i < 4; i++) a.Send(b.Bound, new string('x', mtu - 27));
        a.Send(b.Bound, new string('y', mtu - 28));
        _world.RunUntil(At(1));
        Assert.Equal(arrive + 1, b.Probe.Received.Count);
        Assert.Equal(4 - arrive, _world.Counters.DroppedFor(DropReason.TooBig));
    }

    [Theory]
    [InlineData(1472, true)]
    [InlineData(1473, false)]
    [InlineData(4000, false)]
    public void LineDropsFragments_PacketThatNeedsThem_IsDropped(int payload, bool arrives)
    {
        var (a, b) = Pair(null, Link.Perfect with { DropsFragments = true });
        a.Send(b.Bound, new string('x', payload));
        _world.RunUntil(At(1));
        Assert.Equal(arrives ? 1 : 0, b.Probe.Received.Count);
        Assert.Equal(arrives ? 0 : 1, _world.Counters.DroppedFor(DropReason.TooBig));
    }

    /// <summary>In a black hole a connection opens, carries what is short, and dies with the first full segment, unless either end asks for smaller ones.</summary>
    [Theory]
    [InlineData(1280, false, 1460, 1460, false)]
    [InlineData(1280, false, 1240, 1460, true)]
    [InlineData(1280, false, 1460, 1200, true)]
    [InlineData(1400, false, 1361, 1460, false)]
    [InlineData(1400, false, 1360, 1460, true)]
    [InlineData(1280, true, 1460, 1460, true)]
    [InlineData(0, false, 1460, 1460, true)]
    [Rfc("9293", "3.7.1")]
    public void Mtu_Stream_CarriesLongMessagesBySmallSegmentsAlone(int mtu, bool tells, int ours, int theirs, bool arrives)
    {
        var (a, b) = Pair(null, Link.OfMilliseconds(5) with { Mtu = mtu, TellsTooBig = tells });
        (a.Host.MaxSegment, b.Host.MaxSegment) = (ours, theirs);
        b.Host.TryOpen(Transport.Tcp, b.Bound.Ip, 80, out _, out var listener, out _);
        a.Host.TryOpen(Transport.Tcp, a.Bound.Ip, 0, out var stream, out _, out _);
        a.Probe.Send(stream, listener, "short"u8);
        a.Probe.Send(stream, listener, new byte[2000]);
        a.Host.Settle();
        _world.RunUntil(At(29));
        Assert.Empty(a.Probe.Failures);
        Assert.Equal(arrives ? 2 : 1, b.Probe.Received.Count);
        _world.RunUntil(At(60));
        Assert.Equal(arrives ? 0 : 1, a.Probe.Failures.Count(f => f.Error == PathError.TimedOut));
    }

    [Theory]
    [InlineData(1, 1.2)]
    [InlineData(5, 5)]
    public void Burst_SameShareOfLoss_InLongerRuns(double burst, double expectedRun)
    {
        var (a, b) = Pair(Link.OfMilliseconds(1, loss: 0.1) with { Burst = burst });
        for (var i = 0; i < 20_000; i++) a.Send(b.Bound, $"{i}");
        _world.RunUntil(At(1));
        var got = b.Probe.Received.Select(r => int.Parse(r.Text, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var runs = got.Zip(got.Skip(1), (x, y) => y - x - 1).Where(gap => gap > 0).ToList();
        Assert.InRange(20_000 - got.Count, 1600, 2400);
        Assert.InRange(runs.Average(), expectedRun * 0.85, expectedRun * 1.2);
    }

    [Fact]
    public void Duplicate_OnBothLines_CopiesTakeTheRestOfTheWay()
    {
        var link = new Link(TimeSpan.FromMilliseconds(5), Duplicate: 1);
        var (a, b) = Pair(link, link);
        a.Send(b.Bound, "x");
        _world.RunUntil(At(1));
        Assert.Equal(4, b.Probe.Received.Count);
        Assert.All(b.Probe.Received, r => Assert.Equal(10_000_000, r.At.Nanoseconds));
    }

    [Fact]
    public void EveryDrop_HasAPlaceAReasonAndWords()
    {
        foreach (var reason in Enum.GetValues<DropReason>().Where(r => r != DropReason.None))
        {
            Assert.Contains("natB", reason.At("natB"), StringComparison.Ordinal);
            Assert.NotEqual("at natB", reason.At("natB"));
            Assert.True(reason.Explain().Length > 10, reason.ToString());
        }

        var a = Bench.On(Bench.NattedHost(_world, "port-restricted"));
        var b = Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2"), 7);
        var stranger = Bench.On(Bench.PublicHost(_world, "c", "203.0.113.3"), 9);
        a.Send(b.Bound, "open");
        _world.RunUntil(At(1));
        stranger.Send(b.Probe.Received[0].From, "x");
        b.Send(Address.Parse("203.0.113.101:9"), "x");
        _world.RunUntil(At(2));
        Assert.Equal("1 without a mapping at natA, 1 filtered at natA", string.Join(", ", _world.Counters.Drops.OrderBy(d => d.Reason)));
        var words = _world.Trace.Entries.First().Describe();
        Assert.Equal($"data 203.0.113.3:9 > {b.Probe.Received[0].From} (UDP, 1 B) filtered at natA: the inside socket has not sent to this source", words);
    }

    [Theory]
    [InlineData("INVITE sip:bob@lab.test SIP/2.0\r\n\r\n", "SIP")]
    [InlineData("SIP/2.0 200 OK\r\n\r\n", "SIP")]
    [InlineData("\u0001\u0001\0\0", "STUN")]
    [InlineData("@\0\0\0", "TURN channel data")]
    [InlineData("hello", "data")]
    [InlineData("", "data")]
    public void Drop_SaysWhatThePacketCarried(string payload, string what)
    {
        var (a, b) = Pair(Link.OfMilliseconds(1));
        b.Host.SetUp(b.Bound.Ip, false);
        a.Send(b.Bound, payload);
        _world.RunUntil(At(1));
        Assert.Equal(what, Assert.IsType<WorldTrace.PacketDropped>(Assert.Single(_world.Trace.Entries)).What);
    }

    private (Bench A, Bench B) Pair(Link? a = null, Link? b = null) =>
        (Bench.On(Bench.PublicHost(_world, "a", "203.0.113.1", a)), Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2", b), 7));

    private static Instant At(int seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
