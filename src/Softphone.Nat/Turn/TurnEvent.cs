using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What became of an allocation.</summary>
public abstract record TurnEvent
{
    private TurnEvent()
    {
    }

    /// <summary>The relay is there (RFC 8656 §7.3).</summary>
    /// <param name="Relayed">The relayed address: a relay candidate.</param>
    /// <param name="Mapped">The client's address as the server sees it: a server-reflexive candidate for free.</param>
    /// <param name="Lifetime">Until the first refresh must have happened.</param>
    /// <param name="Reservation">The token for the next port, when one was reserved.</param>
    public sealed record Allocated(Address Relayed, Address Mapped, TimeSpan Lifetime, ulong? Reservation) : TurnEvent;

    /// <summary>There will be no relay from this client.</summary>
    /// <param name="Fault">What a person is told.</param>
    /// <param name="Code">The server's error code, or 0 when it did not answer.</param>
    /// <param name="Advice">What the owner may try.</param>
    public sealed record AllocationFailed(Fault Fault, int Code, TurnAdvice Advice) : TurnEvent;

    /// <summary>The server sends the client to another one, and the client went there (RFC 8489 §10).</summary>
    public sealed record Redirected(Address From, Address To) : TurnEvent;

    /// <summary>The server lets this peer through now.</summary>
    public sealed record Permitted(IpAddress Peer) : TurnEvent;

    /// <summary>The server does not let this peer through: only pairs with it are lost, never the relay (RFC 8656 §10.2).</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="Code">403, 443, 508 …, or 0 when the server did not answer.</param>
    public sealed record PermissionFailed(IpAddress Peer, int Code) : TurnEvent;

    /// <summary>Data to this peer goes by the channel from now on.</summary>
    public sealed record ChannelBound(Address Peer, ushort Channel) : TurnEvent;

    /// <summary>An ICMP error came back to the relay: a hint, not a verdict (RFC 8656 §11.6).</summary>
    public sealed record PeerUnreachable(Address Peer, int IcmpType, int IcmpCode) : TurnEvent;

    /// <summary>The relay is gone: allocate anew and restart ICE.</summary>
    /// <param name="Fault">What a person is told.</param>
    /// <param name="Code">The server's error code, or 0 when it did not answer.</param>
    public sealed record RelayLost(Fault Fault, int Code) : TurnEvent;

    /// <summary>Closing is over; nothing more will come.</summary>
    public sealed record Closed : TurnEvent;
}
