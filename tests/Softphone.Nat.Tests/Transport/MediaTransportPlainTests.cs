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
    public void PeerBehindItsNat_IsFollowedToWhereItsFirstPacketComesFrom()
    {
        // Bob gives his private address, as a phone without STUN does.
        var pair = new TransportPair(NatBehavior.None, NatBehavior.PortRestricted, turn: false, tuneRight: o => o with { Mode = IceMode.None }).Connect(ice: false, mux: true);
        Assert.False(pair.Talk(1));
        var latched = Assert.Single(pair.Left.Events.OfType<MediaTransportEvent.Latched>());
        Assert.Equal(IpAddress.Parse("203.0.113.102"), latched.Remote.Ip);
        Assert.True(pair.Talk(1));
    }

    [Fact]
    [Rfc("4961", "3", Line = "I83")]
    public void Latch_ForeignSourceWhileMediaFlows_IsIgnored()
    {
        var (transport, path, now) = Open();
        var peer = Address.Parse("198.51.100.7:4000");
        var foreign = Address.Parse("203.0.113.66:9");
        Assert.True(transport.Receive(new Datagram(now, path, peer, Packet(7)), out _));
        Assert.False(transport.Receive(new Datagram(now, path, foreign, Packet(8)), out _));
        Assert.Equal(peer, Target(transport, now));

        // The same stream from elsewhere is the peer's NAT having changed its mind.
        Assert.True(transport.Receive(new Datagram(now, path, foreign, Packet(7)), out _));
        Assert.Equal(foreign, Target(transport, now));
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
        Assert.True(transport.Receive(new Datagram(now, path, Address.Parse("198.51.100.7:4000"), Packet(7)), out _));
        now += TimeSpan.FromSeconds(6);
        var next = Address.Parse("198.51.100.7:4444");
        Assert.True(transport.Receive(new Datagram(now, path, next, Packet(8)), out _));
        Assert.Equal(next, Target(transport, now));
    }

    [Fact]
    [Rfc("4961", "3", Line = "I83")]
    public void Media_BeforeTheAnswer_IsNotTaken()
    {
        var (transport, path, now) = Open(answer: false);
        Assert.False(transport.Receive(new Datagram(now, path, Address.Parse("198.51.100.7:4000"), Packet(7)), out _));
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

    private static (MediaTransport Transport, PathId Path, Instant Now) Open(bool answer = true)
    {
        var world = new World(1);
        var ip = IpAddress.Parse("192.0.2.1");
        var host = world.AddHost("host", world.Public, ip);
        var transport = new MediaTransport(new MediaTransportOptions { Mode = IceMode.None }, host, new SeededEntropy(1), Trace.Off, "a");
        transport.Gather(default, true);
        Assert.True(transport.TryEvent(out var gathered));
        var local = ((MediaTransportEvent.Gathered)gathered).Local;
        if (answer) transport.SetRemote(default, new RemoteMedia { Rtp = Address.Parse("198.51.100.7:5000") });
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

    private static Address Target(MediaTransport transport, Instant now)
    {
        Assert.True(transport.Send(now, 1, TransportPair.Rtp));
        Assert.True(transport.TryTransmit(new byte[100], out var transmit));
        return transmit.Remote;
    }

    private static byte[] Packet(uint ssrc)
    {
        var packet = TransportPair.Rtp.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        return packet;
    }
}
