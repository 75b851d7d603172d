using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>TURN by UDP, TCP and TLS: which way is taken, when the next one starts, and what becomes of the others.</summary>
public sealed class GatherStreamsTests
{
    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Tls)]
    [Rfc("8656", "3.1", Line = "T32")]
    public void Relay_WhereNoUdpPasses_IsHadByAStream(Transport transport)
    {
        var pair = new TransportPair(NatBehavior.Named("udp-blocked"), tune: o => With(o, transport)).Gather();
        var relayed = pair.Left.Local!.Candidates.Where(c => c.Type == CandidateType.Relayed).ToList();
        Assert.Equal([1, 2], relayed.Select(c => c.Component));
        Assert.Equal(relayed[0].Address.Port + 1, relayed[1].Address.Port);
        Assert.DoesNotContain(pair.Left.Local.Candidates, c => c.Type == CandidateType.ServerReflexive);

        // What the server saw of the stream is the related address, as RFC 8839 §5.1 wants it.
        Assert.All(relayed, c => Assert.Equal(IpAddress.Parse("203.0.113.101"), c.RelatedAddress.Ip));
        Assert.Equal(2, pair.Left.Host.OpenStreams);
    }

    [Theory]
    [InlineData("203.0.113.10", "udp-blocked", true)]
    [InlineData("turn.lab.test", "udp-blocked", true)]
    [InlineData(null, "udp-blocked", true)]
    [InlineData("turn.example.net", "udp-blocked", false)]
    [Rfc("8489", "6.2.3", Line = "T32")]
    public void Relay_ByTls_OnlyOfTheServerThatIsNamed(string? host, string nat, bool isGood)
    {
        var pair = new TransportPair(NatBehavior.Named(nat), tune: o => With(o, host, Transport.Tls)).Gather();
        Assert.Equal(isGood, pair.Left.Local!.Candidates.Any(c => c.Type == CandidateType.Relayed));
        if (isGood) return;
        var failed = Assert.IsType<MediaTransportEvent.ServerFailed>(pair.Left.Events.First(e => e is MediaTransportEvent.ServerFailed { Fault.Layer: Layer.Turn }));
        Assert.Contains("no TLS with it", failed.Fault.What, StringComparison.Ordinal);
        Assert.Equal(0, pair.Left.Host.OpenStreams);
    }

    [Fact]
    [Rfc("8656", "3.9", Line = "T33")]
    public void Streams_WhereUdpWorks_AreNotEvenTried()
    {
        var pair = new TransportPair(tune: o => With(o, Transport.Udp, Transport.Tcp, Transport.Tls)).Gather();
        pair.Run(1);
        Assert.Equal(2, pair.Left.Local!.Candidates.Count(c => c.Type == CandidateType.Relayed));
        Assert.DoesNotContain(pair.Left.Trace.Entries, e => e is GatherTrace.ServerAsked { By: not Transport.Udp });
        Assert.Equal(4, pair.Demo.Turn.TotalAllocations);
    }

    [Fact]
    [Rfc("8656", "3.9", Line = "T33")]
    public void NextWay_StartsAfterAQuarterOfASecondOfSilence()
    {
        var pair = new TransportPair(NatBehavior.Named("udp-blocked"), tune: o => With(o, Transport.Udp, Transport.Tcp, Transport.Tls)).Gather();
        var asked = pair.Left.Trace.Entries.OfType<GatherTrace.ServerAsked>().Where(a => a.ForRelay).ToList();
        Assert.Equal(Transport.Udp, asked[0].By);
        Assert.Equal(TimeSpan.FromMilliseconds(250), asked.First(a => a.By == Transport.Tcp).At - asked[0].At);
        Assert.DoesNotContain(asked, a => a.By == Transport.Tls);
        Assert.Contains(pair.Left.Local!.Candidates, c => c.Type == CandidateType.Relayed);
    }

    [Fact]
    [Rfc("8656", "3.9", Line = "T33")]
    public void Stream_ThatWorkedLast_StartsAtOnceWithTheNextCall()
    {
        var memory = new TurnMemory();
        MediaTransportOptions Tune(MediaTransportOptions o) => With(o, Transport.Udp, Transport.Tcp, Transport.Tls) with { Memory = memory };
        new TransportPair(NatBehavior.Named("udp-blocked"), tuneRight: o => o, tune: Tune).Gather();
        var second = new TransportPair(NatBehavior.Named("udp-blocked"), tune: Tune);
        second.Left.Gather(true);
        second.Run(2, () => second.Left.Local is not null);
        Assert.True(second.Left.GatheredAt <= Instant.Zero + TimeSpan.FromMilliseconds(500), $"{second.Left.GatheredAt}");
        var asked = second.Left.Trace.Entries.OfType<GatherTrace.ServerAsked>().Where(a => a.ForRelay).ToList();
        Assert.True(asked.First(a => a.By == Transport.Tcp).At - asked[0].At < TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    [Rfc("8656", "3.9", Line = "T33")]
    [Rfc("8656", "8", Line = "T16")]
    public void Stream_UdpComesWhileTheDescriptionIsStillToBeWritten_TheStreamIsGivenBack()
    {
        // UDP gets through from 450 ms on: its first request was lost, the second has its answers before the grace is over.
        var pair = new TransportPair(NatBehavior.Named("udp-blocked"), latency: 20, tune: o => With(o, Transport.Udp, Transport.Tcp) with { GatherBudget = TimeSpan.FromSeconds(1) });
        pair.Left.Gather(true);
        pair.Run(0.45);
        Assert.Equal(2, pair.Demo.Turn.Allocations);
        pair.Demo.GatewayA.Nat.Behavior = NatBehavior.PortRestricted;
        Assert.True(pair.Run(2, () => pair.Left.Local is not null));
        pair.Run(0.3);
        Assert.Equal((4, 2, 0), ((int)pair.Demo.Turn.TotalAllocations, pair.Demo.Turn.Allocations, pair.Left.Host.OpenStreams));
        Assert.Equal(2, pair.Left.Local!.Candidates.Count(c => c.Type == CandidateType.Relayed));
        Assert.Contains(pair.Left.Local.Candidates, c => c.Type == CandidateType.ServerReflexive);
    }

    [Fact]
    [Rfc("8445", "5.1.2.2", Line = "T35")]
    [Rfc("8445", "5.1.2", Line = "I08")]
    public void Relays_OfServersByEveryTransport_UdpIsPreferredToTcpAndThatToTls()
    {
        // Three servers, as far as the phone knows: one name for each transport, in the wrong order.
        var pair = new TransportPair(tune: o => o with
        {
            TurnServers =
            [
                Server(o.TurnServers[0], Transport.Tls, "turn.lab.test"),
                Server(o.TurnServers[0], Transport.Tcp, "two.lab.test"),
                Server(o.TurnServers[0], Transport.Udp, "three.lab.test"),
            ],
            GatherBudget = TimeSpan.FromSeconds(2),
        }).Gather();
        var relayed = pair.Left.Local!.Candidates.Where(c => c is { Type: CandidateType.Relayed, Component: 1 }).OrderByDescending(c => c.Priority).ToList();
        Assert.Equal(3, relayed.Count);
        Assert.Equal(3, relayed.Select(c => c.Priority).Distinct().Count());
        Assert.Equal(3, relayed.Select(c => c.Foundation).Distinct().Count());
        var streams = pair.Left.Trace.Entries.OfType<TurnTrace.Happened>().Where(h => h.What.StartsWith("allocated", StringComparison.Ordinal)).ToList();
        Assert.Equal(6, streams.Count);

        // The best one is the one whose server saw our media socket.
        Assert.Contains(pair.Left.Local.Candidates, c => c.Type == CandidateType.ServerReflexive && c.Address == relayed[0].RelatedAddress);
        Assert.DoesNotContain(pair.Left.Local.Candidates, c => c.Type == CandidateType.ServerReflexive && c.Address == relayed[2].RelatedAddress);
    }

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Tls)]
    [Rfc("8656", "3.1", Line = "T32")]
    [Rfc("8656", "12.5", Line = "T29")]
    public void Media_OverARelayByAStream_FlowsBothWaysAndOnAChannel(Transport transport)
    {
        var pair = new TransportPair(
            NatBehavior.Named("udp-blocked"), NatBehavior.Symmetric, tune: o => With(o, Transport.Udp, transport)).Complete();
        pair.Run(1);
        Assert.StartsWith("R", pair.Left.Cell(1), StringComparison.Ordinal);
        for (var i = 0; i < 5; i++) Assert.True(pair.Talk(1) && pair.Talk(2));
        Assert.Contains(pair.Left.Trace.Entries, e => e is TurnTrace.Happened h && h.What.StartsWith("channel", StringComparison.Ordinal));
        pair.Left.Do((t, now) => t.Close(now));
        pair.Right.Do((t, now) => t.Close(now));
        pair.Run(2);
        Assert.Equal((0, 0, 0), (pair.Left.Host.OpenStreams, pair.Left.Host.OpenSockets, pair.Demo.Turn.Allocations));
    }

    [Fact]
    [Rfc("8656", "3.2", Line = "T17")]
    public void Stream_EndsInMidCall_TheRelayIsLostAndTold()
    {
        var pair = new TransportPair(NatBehavior.Named("udp-blocked"), tune: o => With(o, Transport.Tcp)).Complete();
        pair.Demo.Servers.Stop();
        pair.Demo.TurnHost.Settle();
        pair.Run(1);
        Assert.Contains(pair.Left.Events, e => e is MediaTransportEvent.ServerFailed { Fault.Layer: Layer.Turn });
        Assert.Equal(0, pair.Left.Host.OpenStreams);
    }

    private static MediaTransportOptions With(MediaTransportOptions options, params Transport[] transports) => With(options, "turn.lab.test", transports);

    private static MediaTransportOptions With(MediaTransportOptions options, string? host, params Transport[] transports) =>
        options with { TurnServers = [.. transports.Select(t => Server(options.TurnServers[0], t, host))] };

    private static RelayServer Server(RelayServer server, Transport transport, string? host) =>
        server with { Transport = transport, Host = host, Address = transport == Transport.Tls ? DemoWorld.TurnTlsAddress : DemoWorld.TurnAddress };
}
