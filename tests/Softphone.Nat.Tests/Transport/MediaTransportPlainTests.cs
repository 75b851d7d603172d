using System.Buffers.Binary;
using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>Peers without ICE: symmetric RTP (RFC 4961), and who may take a stream over.</summary>
public sealed class MediaTransportPlainTests
{
    [Theory]
    [InlineData("none", "none", false)]
    [InlineData("full-cone", "full-cone", false)]
    [InlineData("symmetric", "symmetric", true)]
    [Rfc("8839", "4.3.3", Line = "I18")]
    public void PeerWithoutIce_MediaFlowsByTheDefaultAddresses(string left, string right, bool turn)
    {
        var pair = new TransportPair(NatBehavior.Named(left), NatBehavior.Named(right), turn).Connect(ice: false);
        pair.Talk(1);
        pair.Talk(2);
        Assert.True(pair.Talk(1));
        Assert.True(pair.Talk(2));
        Assert.Null(pair.Left.Transport.Snapshot());
        Assert.Contains(pair.Left.Events, e => e is MediaTransportEvent.PathUsable);
    }

    [Fact]
    [Rfc("4961", "3", Line = "I83")]
    public void PeerBehindItsNat_IsFollowedToWhereItsFirstPacketsComeFrom()
    {
        // Bob gives his private address, as a phone without STUN does.
        var pair = new TransportPair(NatBehavior.None, NatBehavior.PortRestricted, turn: false, tuneRight: o => o with { Mode = IceMode.None }).Connect(ice: false, mux: true);
        for (var i = 0; i < SourceLearning.RunOfAStranger; i++) Assert.False(pair.Talk(1));
        var latched = Assert.Single(pair.Left.Events.OfType<MediaTransportEvent.Latched>());
        Assert.Equal(IpAddress.Parse("203.0.113.102"), latched.Remote.Ip);
        Assert.True(pair.Talk(1));
    }

    [Fact]
    [Rfc("4961", "3", Line = "I83")]
    public void Latch_ForeignSourceWhileMediaFlows_IsIgnored()
    {
        var (transport, path, now) = Open();
        var peer = Address.Parse("198.51.100.7:5000");
        var foreign = Address.Parse("203.0.113.66:9");
        for (var i = 0; i < 20; i++)
        {
            Assert.True(transport.Receive(new Datagram(now, path, peer, Packet(7, i)), out _));
            Assert.False(transport.Receive(new Datagram(now, path, foreign, Packet(8, i)), out _));
            Assert.Equal(peer, Target(transport, now));
            now += TimeSpan.FromMilliseconds(20);
        }

        // The same stream from elsewhere, with the peer silent, is the peer's NAT having changed its mind.
        for (var i = 20; i < 24; i++) Assert.Equal(i == 23, transport.Receive(new Datagram(now, path, foreign, Packet(7, i)), out _));
        Assert.Equal(foreign, Target(transport, now));

        // The signalled address takes it back with one packet.
        Assert.True(transport.Receive(new Datagram(now, path, peer, Packet(7, 24)), out _));
        Assert.Equal(peer, Target(transport, now));
        Assert.Equal([foreign, peer], Drained(transport).OfType<MediaTransportEvent.Latched>().Select(l => l.Remote));
    }

    [Fact]
    [Rfc("4961", "3", Line = "I83")]
    public void Latch_ForeignReportsOnTheRtcpPort_AreIgnored()
    {
        var (transport, _, now) = Open();
        byte[] report = [0x80, 201, 0, 1, 0, 0, 0, 7];
        Assert.True(transport.Send(now, 2, report));
        Assert.True(transport.TryTransmit(new byte[100], out var sent));
        Assert.True(transport.Receive(new Datagram(now, sent.Path, Address.Parse("198.51.100.7:4001"), report), out var media));
        Assert.Equal(new PathId(2), media.Path);
        Assert.False(transport.Receive(new Datagram(now, sent.Path, Address.Parse("203.0.113.66:9"), report), out _));
    }

    [Fact]
    [Rfc("4961", "3", Line = "I83")]
    public void Latch_AfterSilence_AnotherSourceMayTakeOver()
    {
        var (transport, path, now) = Open();
        Assert.True(transport.Receive(new Datagram(now, path, Address.Parse("198.51.100.7:5000"), Packet(7, 1)), out _));
        now += TimeSpan.FromSeconds(6);
        var next = Address.Parse("203.0.113.4:4444");
        for (var i = 0; i < 4; i++) Assert.Equal(i == 3, transport.Receive(new Datagram(now, path, next, Packet(8, i)), out _));
        Assert.Equal(next, Target(transport, now));
    }

    [Fact]
    public void Latch_TwoStrangersAtOnce_IsToldAndNeitherIsSentTo()
    {
        var (transport, path, now) = Open();
        now += TimeSpan.FromSeconds(1);
        for (var i = 0; i < 50; i++, now += TimeSpan.FromMilliseconds(20))
            foreach (var stranger in new[] { "203.0.113.66:9", "203.0.113.67:9" })
                Assert.False(transport.Receive(new Datagram(now, path, Address.Parse(stranger), Packet((uint)stranger[11], i)), out _));
        Assert.Equal(Address.Parse("198.51.100.7:5000"), Target(transport, now));
        Assert.Single(Drained(transport).OfType<MediaTransportEvent.SourceContested>());
        Assert.True(transport.Plain is { Contests: 1, Refused: 100 }, $"{transport.Plain}");
    }

    [Theory]
    [InlineData("203.0.113.99", false, 20)]
    [InlineData("203.0.113.99", true, 20)]
    [InlineData("198.51.100.7", false, 20)]
    [InlineData("198.51.100.7", true, 500)]
    [Rfc("8445", "19.5.1")]
    public void Send_ToAHostThatWasNotHeard_IsBounded(string host, bool acknowledged, int most)
    {
        var (transport, _, now) = Open(tune: o => o with { HoldsBack = true }, describe: r => r with { Rtp = new Address(IpAddress.Parse(host), 5000), Signalling = IpAddress.Parse("198.51.100.7") });
        if (acknowledged) transport.Acknowledge();
        var sent = 0;
        for (var i = 0; i < 500; i++, now += TimeSpan.FromMilliseconds(20))
            if (transport.Send(now, 1, Packet(1, i))) sent++;
        Assert.InRange(sent, most - 1, most);
    }

    [Fact]
    [Rfc("3264", "8.3.1")]
    public void OurSideMoves_PeerStaysAtItsAddress_MediaGoesFromTheNewSocket()
    {
        foreach (var isLearnt in new[] { false, true })
        {
            var world = new World(1);
            var host = world.AddHost("host", world.Public, IpAddress.Parse("192.0.2.1"));
            var transport = new MediaTransport(new MediaTransportOptions { Mode = IceMode.None }, host, new SeededEntropy(1), Trace.Off, "a");
            transport.Gather(default, true);
            var remote = new RemoteMedia { Rtp = Address.Parse("198.51.100.7:5000") };
            transport.SetRemote(default, remote);
            var before = Sent(transport, default).Path;
            for (var i = 0; isLearnt && i < 2; i++) transport.Receive(new Datagram(default, before, Address.Parse("198.51.100.7:5055"), Packet(7, i)), out _);
            host.Detach(IpAddress.Parse("192.0.2.1"));
            host.Attach(world.Public, IpAddress.Parse("192.0.2.2"));
            transport.NetworkChanged(default);
            transport.Restart(default);
            transport.SetRemote(default, remote with { IsAnswer = true });
            var (path, to) = Sent(transport, default);
            Assert.True(transport.Owns(path) && path != before, $"{before} then {path}");
            Assert.Equal(isLearnt ? 5055 : 5000, to.Port);
            Assert.Contains(Drained(transport), e => e is MediaTransportEvent.PathUsable { Component: 1 });
        }
    }

    [Theory]
    [InlineData(false, null, 2, "198.51.100.7:5001")]
    [InlineData(false, "198.51.100.7:6000", 2, "198.51.100.7:6000")]
    [InlineData(true, null, 1, "198.51.100.7:5000")]
    [Rfc("5761", "5.1.1")]
    [Rfc("3605", "2.1")]
    public void Rtcp_SharesThePortOnlyWhereAgreed(bool mux, string? rtcp, int component, string to)
    {
        var (transport, path, now) = Open(describe: r => r with { Mux = mux, Rtcp = rtcp is null ? null : Address.Parse(rtcp) });
        byte[] report = [0x80, 201, 0, 1, 0, 0, 0, 7];
        Assert.True(transport.Send(now, 2, report));
        Assert.True(transport.TryTransmit(new byte[100], out var sent));
        Assert.Equal(Address.Parse(to), sent.Remote);
        Assert.Equal(component == 1, sent.Path == path);
        Assert.True(transport.Receive(new Datagram(now, sent.Path, Address.Parse(to), report), out var media));
        Assert.Equal(2, media.Path.Value);
    }

    [Fact]
    [Rfc("4961", "3", Line = "I83")]
    public void Media_BeforeTheAnswer_IsNotTaken()
    {
        var (transport, path, now) = Open(answer: false);
        Assert.False(transport.Receive(new Datagram(now, path, Address.Parse("198.51.100.7:4000"), Packet(7, 1)), out _));
        Assert.False(transport.Send(now, 1, TransportPair.Rtp));
    }

    [Theory]
    [InlineData(IceMode.IceOnly)]
    [InlineData(IceMode.RelayOnly)]
    public void PeerWithoutIce_WhereTheProfileDemandsIt_Fails(IceMode mode)
    {
        var pair = new TransportPair(tune: o => o with { Mode = mode }).Connect(ice: false);
        Assert.Contains(pair.Left.Events.OfType<MediaTransportEvent.Failed>(), f => f.Fault.Layer == Layer.Ice);
        Assert.False(pair.Left.Send(1, TransportPair.Rtp));
    }

    [Fact]
    public void ModeNone_HasNoCandidatesAndAsksNoServer()
    {
        var pair = new TransportPair(NatBehavior.None, NatBehavior.None, tune: o => o with { Mode = IceMode.None }).Connect();
        Assert.Empty(pair.Left.Local!.Candidates);
        Assert.Equal(0, pair.Demo.Turn.TotalAllocations);
        Assert.Equal(0, pair.Demo.Stun.Answered);
        Assert.True(pair.Talk(1));
    }

    private static (MediaTransport Transport, PathId Path, Instant Now) Open(
        bool answer = true, Func<MediaTransportOptions, MediaTransportOptions>? tune = null, Func<RemoteMedia, RemoteMedia>? describe = null)
    {
        var world = new World(1);
        var ip = IpAddress.Parse("192.0.2.1");
        var host = world.AddHost("host", world.Public, ip);
        var options = new MediaTransportOptions { Mode = IceMode.None };
        var transport = new MediaTransport(tune?.Invoke(options) ?? options, host, new SeededEntropy(1), Trace.Off, "a");
        transport.Gather(default, true);
        Assert.True(transport.TryEvent(out var gathered));
        var local = ((MediaTransportEvent.Gathered)gathered).Local;
        var remote = new RemoteMedia { Rtp = Address.Parse("198.51.100.7:5000") };
        if (answer) transport.SetRemote(default, describe?.Invoke(remote) ?? remote);
        for (var i = 1; i < 100; i++)
            if (transport.Owns(new PathId(i)) && Demands(transport, new PathId(i), local)) return (transport, new PathId(i), default);
        throw new InvalidOperationException("no socket");
    }

    /// <summary>The RTP socket is the one that RTP leaves by.</summary>
    private static bool Demands(MediaTransport transport, PathId path, LocalIce local)
    {
        if (!transport.Send(default, 1, TransportPair.Rtp)) return local.DefaultRtp.IsValid;
        Assert.True(transport.TryTransmit(new byte[100], out var transmit));
        return transmit.Path == path;
    }

    private static Address Target(MediaTransport transport, Instant now) => Sent(transport, now).Remote;

    private static (PathId Path, Address Remote) Sent(MediaTransport transport, Instant now)
    {
        Assert.True(transport.Send(now, 1, TransportPair.Rtp));
        Assert.True(transport.TryTransmit(new byte[100], out var transmit));
        return (transmit.Path, transmit.Remote);
    }

    private static List<MediaTransportEvent> Drained(MediaTransport transport)
    {
        List<MediaTransportEvent> all = [];
        while (transport.TryEvent(out var happened)) all.Add(happened);
        return all;
    }

    private static byte[] Packet(uint ssrc, int sequence)
    {
        var packet = TransportPair.Rtp.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        return packet;
    }
}
