using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>A network that opens whatever it is asked to, for driving a server without a world.</summary>
internal sealed class VirtualNetworkStub : INetwork
{
    private int _last;

    public IReadOnlyList<LocalInterface> Interfaces => [];

    public PathId Udp => new(1);

    public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
    {
        path = new PathId(++_last);
        bound = new Address(local, port);
        error = default;
        return true;
    }

    public void Close(PathId path)
    {
    }

    public void Disconnect(PathId path, Address remote)
    {
    }

    public bool TryRoute(IpAddress remote, out IpAddress local)
    {
        local = default;
        return false;
    }

    /// <summary>Allocates for alice and binds channel 0x4001 to the peer.</summary>
    public (PathId Relay, Address Bound) Allocate(TurnServer server, Address client, Address peer)
    {
        var buffer = new byte[512];
        var id = TransactionId.Next(new SeededEntropy(1));
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Allocate, id);
        server.Receive(new Datagram(Instant.Zero, Udp, client, writer.Written));
        server.TryTransmit(buffer, out var transmit);
        Assert.True(StunReader.TryParse(buffer.AsSpan(0, transmit.Length), out var challenge, out _));
        Assert.True(challenge.TryGetNonce(out var nonce));
        var octets = nonce.ToArray();
        var allocated = Signed(server, client, octets, StunMethod.Allocate, (ref StunWriter w) => w.AddUInt8(StunAttributeType.RequestedTransport, 17));
        Assert.True(StunReader.TryParse(allocated, out var success, out _));
        Assert.True(success.TryGetAddress(StunAttributeType.XorRelayedAddress, out var bound));
        Signed(server, client, octets, StunMethod.ChannelBind, (ref StunWriter w) =>
        {
            w.AddUInt16(StunAttributeType.ChannelNumber, 0x4001);
            w.AddAddress(StunAttributeType.XorPeerAddress, peer);
        });
        return (new PathId(_last), bound);
    }

    private byte[] Signed(TurnServer server, Address client, byte[] nonce, StunMethod method, TurnHand.Build build)
    {
        var buffer = new byte[512];
        using var key = StunCredentials.LongTermMd5("alice", StunBench.Realm, "alice-secret");
        var writer = new StunWriter(buffer, StunClass.Request, method, TransactionId.Next(new SeededEntropy((ulong)method)));
        build(ref writer);
        writer.AddString(StunAttributeType.Username, "alice");
        writer.AddString(StunAttributeType.Realm, StunBench.Realm);
        writer.Add(StunAttributeType.Nonce, nonce);
        writer.AddIntegrity(key);
        server.Receive(new Datagram(Instant.Zero, Udp, client, writer.Written));
        Assert.True(server.TryTransmit(buffer, out var transmit));
        return buffer[..transmit.Length];
    }
}
