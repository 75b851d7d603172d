using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>One allocation of the TURN server: a client's 5-tuple, its relay sockets, permissions and channels (RFC 8656 §3.2).</summary>
internal sealed class TurnAllocation(int id, PathId path, Address client, TurnUser user, TransactionId request)
{
    public int Id { get; } = id;

    public PathId Path { get; private set; } = path;

    public Address Client { get; private set; } = client;

    /// <summary>Where the client has moved to and has not yet sent from (RFC 8016 §3.2); null when it has not moved.</summary>
    public (PathId Path, Address Client)? Next { get; set; }

    /// <summary>By which the client may move; null when it did not ask for that.</summary>
    public (ulong, ulong)? Ticket { get; set; }

    /// <summary>The request that moved it last, null for none; the same one again gets the same answer.</summary>
    public TransactionId? MoveRequest { get; set; }

    public byte[] MoveResponse { get; set; } = [];

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

    /// <summary>The client has sent from where it moved to: that is its 5-tuple from now on.</summary>
    public void Move()
    {
        if (Next is not { } next) return;
        (Path, Client) = next;
        Next = null;
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
