using Softphone.Core;

namespace Softphone.Nat;

/// <summary>The peer's side of one media stream, from its session description.</summary>
public sealed record RemoteMedia
{
    /// <summary>c= and m=. An unspecified address or port 9 means that only candidates count.</summary>
    public required Address Rtp { get; init; }

    /// <summary>a=rtcp; null takes the RTP address and the next port.</summary>
    public Address? Rtcp { get; init; }

    /// <summary>Null for a peer without ICE.</summary>
    public RemoteIce? Ice { get; init; }

    /// <summary>
    /// It answers an offer of ours. Other ICE credentials than before then mean another peer, and ours stay as offered; in an offer of
    /// the peer they mean a restart, and ours change (RFC 8839 §4.4.1.1.1, §7.3).
    /// </summary>
    public bool IsAnswer { get; init; }

    /// <summary>
    /// For a peer without ICE: where else its packets may come from, such as the address that its signalling came from. A relay lets them
    /// in, and they are believed sooner than others; to whom we send is still decided by what comes (RFC 4961).
    /// </summary>
    public IReadOnlyList<IpAddress> Sources { get; init; } = [];

    /// <summary>The host that its signalling really comes from, which no header says; not valid while unknown.</summary>
    public IpAddress Signalling { get; init; }

    /// <summary>Payload types that were agreed, telephone events too: a source of others is not the peer. None takes any.</summary>
    public IReadOnlyList<byte> PayloadTypes { get; init; } = [];

    /// <summary>
    /// a=remote-candidates of an offer: which of our candidates the controlling peer has nominated (RFC 8839 §4.4.2). The answer waits
    /// while our side of a pair is still being checked: see <see cref="MediaTransport.MayAnswer"/>.
    /// </summary>
    public IReadOnlyList<RemoteCandidate> RemoteCandidates { get; init; } = [];

    /// <summary>a=rtcp-mux was agreed.</summary>
    public bool Mux { get; init; }
}
