using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>One allocation of the TURN server: a client's 5-tuple, its relay sockets, permissions and channels (RFC 8656 §3.2).</summary>
internal sealed class TurnAllocation(int id, PathId path, Address client, TurnUser user, TransactionId request)
{
    public int Id { get; } = id;

    public PathId Path { get; } = path;

    public Address Client { get; } = client;

    public TurnUser User { get; } = user;

    /// <summary>The Allocate request that made it; the same one again gets the same answer.</summary>
    public TransactionId Request { get; } = request;

    public byte[] Response { get; set; } = [];

    public Instant Expires { get; set; }

    /// <summary>Relayed, both directions.</summary>
    public long Packets { get; private set; }

    /// <summary>Octets of payload relayed, both directions.</summary>
    public long Bytes { get; private set; }

    /// <summary>One relay socket, or two of different families.</summary>
    public List<(PathId Path, Address Bound)> Relays { get; } = [];

    /// <summary>Until when each peer address may send.</summary>
    public Dictionary<IpAddress, Instant> Permissions { get; } = [];

    public Dictionary<ushort, TurnChannel> Channels { get; } = [];

    public Dictionary<Address, TurnChannel> ChannelsByPeer { get; } = [];

    public void Count(int length)
    {
        Packets++;
        Bytes += length;
        User.RelayedPackets++;
        User.RelayedBytes += length;
    }

    public bool Permits(IpAddress peer, Instant now) => Permissions.TryGetValue(peer, out var until) && now < until;

    public bool HasFamily(bool isV4) => Relays.Exists(r => r.Bound.Ip.IsV4 == isV4);

    public bool TryRelayFor(IpAddress peer, out PathId relay)
    {
        foreach (var candidate in Relays)
        {
            if (candidate.Bound.Ip.IsV4 != peer.IsV4) continue;
            relay = candidate.Path;
            return true;
        }

        relay = default;
        return false;
    }
}
