using Softphone.Core;

namespace Softphone.Lab.Tests;

public class StreamTests
{
    private readonly World _world = new(seed: 2, new Trace());

    [Theory]
    [InlineData("none")]
    [InlineData("firewall")]
    [InlineData("symmetric")]
    [InlineData("udp-blocked")]
    public void Stream_OutgoingThroughAnyNat_CarriesBothWays(string type)
    {
        var server = Bench.On(Bench.PublicHost(_world, "s", "203.0.113.2", Link.OfMilliseconds(10)), 5060, Transport.Tcp, echoes: true);
        var client = Bench.On(Bench.NattedHost(_world, type, Link.OfMilliseconds(10)), 0, Transport.Tcp);
        Assert.Equal(0, client.Bound.Port);
        client.Send(server.Bound, "one");
        client.Send(server.Bound, "two");
        _world.RunUntil(At(1));
        Assert.Equal("onetwo", string.Concat(client.Probe.Received.Select(r => r.Text)));
        // One round trip for the handshake, one for the data.
        Assert.Equal(0.080, client.Probe.Received[0].At.Nanoseconds / 1e9);
        Assert.Equal((1, 1), (client.Host.OpenStreams, server.Host.OpenStreams));
    }

    [Theory]
    [InlineData("turn.lab.test", true)]
    [InlineData("TURN.lab.test", true)]
    [InlineData("other.lab.test", false)]
    [InlineData(null, false)]
    [Rfc("8489", "6.2.3", Line = "T32")]
    public void Stream_WithTls_TakesARoundTripMoreAndChecksTheName(string? wanted, bool isGood)
    {
        var host = Bench.PublicHost(_world, "s", "203.0.113.2", Link.OfMilliseconds(10));
        host.CertificateNames = ["lab.test", "turn.lab.test"];
        var server = Bench.On(host, 5349, Transport.Tls, echoes: true);
        var client = Bench.On(Bench.NattedHost(_world, "udp-blocked", Link.OfMilliseconds(10)), 0, Transport.Tls, serverName: wanted);
        client.Send(server.Bound, "one");
        _world.RunUntil(At(1));
        if (isGood)
        {
            Assert.Equal((0.120, "one"), (client.Probe.Received[0].At.Nanoseconds / 1e9, client.Probe.Received[0].Text));
            return;
        }

        Assert.Equal(PathError.TlsFailed, Assert.Single(client.Probe.Failures).Error);
        Assert.Empty(server.Probe.Received);
        Assert.Equal((0, 0), (client.Host.OpenStreams, host.OpenStreams));
    }

    /// <summary>No ICMP tells: a connection comes about and is stuck, by TCP with its first long message, by TLS in its handshake; one of small segments is not.</summary>
    [Theory]
    [InlineData(Transport.Tcp, "203.0.113.2", "203.0.113.1", 1300)]
    [InlineData(Transport.Tcp, "2001:db8::2", "2001:db8::1", 1290)]
    [InlineData(Transport.Tls, "203.0.113.2", "203.0.113.1", 10)]
    [InlineData(Transport.Tls, "2001:db8::2", "2001:db8::1", 1290)]
    [Rfc("2923", "2.1")]
    public void Stream_InABlackHole_IsKnownToBeStuck_AndPassesWithSmallSegments(Transport transport, string there, string here, int octets)
    {
        var host = Bench.PublicHost(_world, "s", there, Link.OfMilliseconds(10) with { Mtu = 1280 });
        host.CertificateNames = ["lab.test"];
        var server = Bench.On(host, 5060, transport);
        var client = Bench.On(Bench.PublicHost(_world, "c", here, Link.OfMilliseconds(10)), 0, transport, serverName: "lab.test");
        client.Send(server.Bound, "hello");
        _world.RunUntil(Instant.Zero + TimeSpan.FromMilliseconds(70));
        Assert.Equal(transport == Transport.Tls, client.Host.IsStuck(client.Path, server.Bound));
        client.Send(server.Bound, new string('x', octets));
        _world.RunUntil(At(3));
        Assert.True(client.Host.IsStuck(client.Path, server.Bound));
        Assert.Equal(transport == Transport.Tls ? 0 : 1, server.Probe.Received.Count);

        client.Probe.End(client.Path, server.Bound);
        client.Probe.Send(client.Path, server.Bound, new string('y', octets), StreamUse.OpenSmall);
        client.Host.Settle();
        _world.RunUntil(At(4));
        Assert.Equal(new string('y', octets), server.Probe.Received[^1].Text);
        Assert.False(client.Host.IsStuck(client.Path, server.Bound));
    }

    /// <summary>Of two connections that are opened one after the other, the first not yet open when it was ended, each carries what was meant for it.</summary>
    [Theory, InlineData(Transport.Tcp), InlineData(Transport.Tls)]
    public void Stream_EndedBeforeItIsOpen_TheNextMessageOpensAnother(Transport transport)
    {
        var host = Bench.PublicHost(_world, "s", "203.0.113.2", Link.OfMilliseconds(10));
        host.CertificateNames = ["lab.test"];
        var server = Bench.On(host, 5060, transport);
        var client = Bench.On(Bench.PublicHost(_world, "c", "203.0.113.1", Link.OfMilliseconds(10)), 0, transport, serverName: "lab.test");
        client.Send(server.Bound, "one");
        client.Probe.End(client.Path, server.Bound);
        client.Send(server.Bound, "two");
        _world.RunUntil(At(1));
        Assert.Equal(["one", "two"], server.Probe.Received.Select(r => r.Text));
        Assert.NotEqual(server.Probe.Received[0].From, server.Probe.Received[1].From);
        Assert.Equal((1, 1), (client.Host.OpenStreams, host.OpenStreams));
    }

    [Fact]
    public void Stream_ListeningWithTlsAndNoCertificate_IsRefused()
    {
        var host = Bench.PublicHost(_world, "s", "203.0.113.2");
        Assert.False(host.TryOpen(Transport.Tls, host.Interfaces[1].Address, 5349, out _, out _, out var error));
        Assert.Equal(PathError.TlsFailed, error);
    }

    [Fact]
    public void Stream_LossyJitteryLink_DelaysButKeepsEveryOctetInOrder()
    {
        var link = Link.OfMilliseconds(10, jitter: 30, loss: 0.2);
        var server = Bench.On(Bench.PublicHost(_world, "s", "203.0.113.2", link), 5060, Transport.Tcp);
        var client = Bench.On(Bench.NattedHost(_world, "port-restricted", link), 0, Transport.Tcp);
        var sent = Enumerable.Range(0, 200).Select(i => $"{i},").ToList();
        foreach (var text in sent) client.Send(server.Bound, text);
        _world.RunUntil(At(30));
        Assert.Equal(string.Concat(sent), string.Concat(server.Probe.Received.Select(r => r.Text)));
        Assert.Empty(client.Probe.Failures);
    }

    [Theory]
    [InlineData("203.0.113.2:81", PathError.Refused, 0)]
    [InlineData("10.9.9.9:80", PathError.Unreachable, 0)]
    public void Stream_NobodyThere_Fails(string remote, PathError error, int seconds)
    {
        Bench.On(Bench.PublicHost(_world, "s", "203.0.113.2"), 80, Transport.Tcp);
        var client = Bench.On(Bench.NattedHost(_world, "symmetric"), 0, Transport.Tcp);
        client.Send(Address.Parse(remote), "x");
        _world.RunUntil(At(60));
        Assert.Equal(new PathFailure(At(seconds), client.Path, Address.Parse(remote), error), Assert.Single(client.Probe.Failures));
        Assert.Equal(0, client.Host.OpenStreams);
    }

    [Fact]
    public void Stream_IntoANattedNetwork_TimesOut()
    {
        var inside = Bench.On(Bench.NattedHost(_world, "firewall"), 5060, Transport.Tcp);
        var client = Bench.On(Bench.PublicHost(_world, "c", "203.0.113.2"), 0, Transport.Tcp);
        client.Send(inside.Bound, "x");
        _world.RunUntil(At(60));
        Assert.Equal(PathError.TimedOut, Assert.Single(client.Probe.Failures).Error);
        // At once and after 1, 3, 7 and 15 s.
        Assert.Equal(5, _world.Counters.DroppedFor(DropReason.Filtered));
    }

    /// <summary>A router that is dead for a while costs a connection time, and not its life, unless it takes too long.</summary>
    [Theory]
    [InlineData(false, 0.5, 0.6)]
    [InlineData(false, 5, 6.2)]
    [InlineData(false, 12, 12.6)]
    [InlineData(false, 40, null)]
    [InlineData(true, 2, 3.0)]
    [InlineData(true, 8, 15.0)]
    [InlineData(true, 25, null)]
    [Rfc("6298", "5.5")]
    public void Stream_RouterDeadForAWhile_IsSentAgain(bool atTheHandshake, double dead, double? arrives)
    {
        var server = Bench.On(Bench.PublicHost(_world, "s", "203.0.113.2"), 5060, Transport.Tcp);
        var client = Bench.On(Bench.NattedHost(_world, "port-restricted"), 0, Transport.Tcp);
        if (!atTheHandshake) client.Send(server.Bound, "first");
        _world.RunUntil(At(1));
        var router = _world.Gateways[0];
        router.Failure = GatewayFailure.BlackHole;
        client.Send(server.Bound, "x");
        _world.At(_world.Now + TimeSpan.FromSeconds(dead), () => router.Failure = GatewayFailure.None);
        _world.RunUntil(At(60));
        Assert.Equal(arrives is null ? 1 : 0, client.Probe.Failures.Count(f => f.Error == PathError.TimedOut));
        var got = server.Probe.Received.Where(r => r.Text == "x").ToList();
        if (arrives is { } after) Assert.Equal(1 + after, Assert.Single(got).At.Nanoseconds / 1e9, 3);
        else Assert.Empty(got);
    }

    [Fact]
    public void Disconnect_AfterData_DeliversDataThenCloses()
    {
        var (client, server) = Connected(Link.OfMilliseconds(10, jitter: 20));
        client.Send(server.Bound, "last words");
        client.Host.Disconnect(client.Path, server.Bound);
        _world.RunUntil(At(5));
        Assert.Equal("last words", server.Probe.Received[^1].Text);
        Assert.Equal(PathError.Closed, Assert.Single(server.Probe.Failures).Error);
        Assert.Empty(client.Probe.Failures);
        Assert.Equal((0, 0), (client.Host.OpenStreams, server.Host.OpenStreams));
    }

    [Fact]
    public void Disconnect_BeforeTheHandshakeEnds_StillDelivers()
    {
        var server = Bench.On(Bench.PublicHost(_world, "s", "203.0.113.2"), 80, Transport.Tcp);
        var client = Bench.On(Bench.PublicHost(_world, "c", "203.0.113.3", Link.OfMilliseconds(10)), 0, Transport.Tcp);
        client.Send(server.Bound, "x");
        client.Host.Disconnect(client.Path, server.Bound);
        _world.RunUntil(At(5));
        Assert.Equal("x", Assert.Single(server.Probe.Received).Text);
        Assert.Equal(0, client.Host.OpenStreams);
    }

    [Fact]
    public void Send_AfterTheOtherSideForgot_FailsClosed()
    {
        var (client, server) = Connected(Link.OfMilliseconds(10));
        server.Host.Close(server.Path);
        client.Send(server.Bound, "crossing the close");
        _world.RunUntil(At(5));
        Assert.Equal(PathError.Closed, Assert.Single(client.Probe.Failures).Error);
    }

    [Fact]
    public void Nat_RestartedMidStream_EndsItByTimeout()
    {
        var server = Bench.On(Bench.PublicHost(_world, "s", "203.0.113.2"), 80, Transport.Tcp);
        var client = Bench.On(Bench.NattedHost(_world, "symmetric"), 0, Transport.Tcp);
        client.Send(server.Bound, "x");
        _world.RunUntil(At(1));
        client.Host.SegmentOf(client.Bound.Ip)!.Gateway!.Nat.Restart();
        server.Send(server.Probe.Received[0].From, "y");
        _world.RunUntil(At(60));
        Assert.Equal(PathError.TimedOut, Assert.Single(server.Probe.Failures).Error);
    }

    private (Bench Client, Bench Server) Connected(Link link)
    {
        var server = Bench.On(Bench.PublicHost(_world, "s", "203.0.113.2"), 80, Transport.Tcp);
        var client = Bench.On(Bench.PublicHost(_world, "c", "203.0.113.3", link), 0, Transport.Tcp);
        client.Send(server.Bound, "hello");
        _world.RunUntil(At(1));
        return (client, server);
    }

    private static Instant At(int seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
