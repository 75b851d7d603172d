using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>What a call may say in its SIP session, and ask of it. Where there is no session (yet) nothing is said, and the answer is no.</summary>
internal interface ISignalling
{
    /// <summary>The INVITE was sent, or came.</summary>
    bool IsOpen { get; }

    /// <summary>Who refreshes the session and when (RFC 4028); null without a session timer.</summary>
    SessionTimer? Timer { get; }

    /// <summary>What names this dialog to a peer that is called anew in its place.</summary>
    ReplacesHeader? ReplacedBy { get; }

    /// <summary>The peer takes INFO of this package (RFC 6086), in the dialog of this remote tag.</summary>
    bool TakesInfo(string package, string dialog = "");

    /// <summary>The peer's Allow names the method.</summary>
    bool Allows(string method);

    /// <summary>Our address is another than that which the peer has.</summary>
    bool IsContactStale(Instant now);

    /// <summary>Tells the peer our address without an offer; false when only an offer does.</summary>
    bool RefreshTarget(Instant now);

    void Invite(Instant now, AccountId account, SipUri target, ReadOnlyMemory<byte> offer, InviteOptions options);

    void Progress(Instant now, int status, ReadOnlyMemory<byte> sdp = default, bool retransmit = false);

    /// <summary>The caller has what the provisional response said.</summary>
    void StopProgressRetransmission();

    void Accept(Instant now, ReadOnlyMemory<byte> sdp);

    void Reject(Instant now, int status, string? reason = null, IReadOnlyList<KeyValuePair<string, string>>? headers = null);

    /// <summary>Asks for the moment at which an offer may leave; OfferDue tells.</summary>
    void RequestOffer(Instant now);

    void Offer(Instant now, ReadOnlyMemory<byte> sdp, bool byUpdate);

    void AnswerOffer(Instant now, ReadOnlyMemory<byte> sdp);

    void RejectOffer(Instant now, int status);

    void Info(Instant now, string contentType, ReadOnlyMemory<byte> body);

    void Info(Instant now, string dialog, string package, string contentType, ReadOnlyMemory<byte> body);

    /// <summary>False when another transfer is not over.</summary>
    bool Refer(Instant now, SipUri target);

    /// <summary>What the peer that sent us to somebody is told of it.</summary>
    void TellReferral(Instant now, ReferralId referral, int status, string reason);

    /// <summary>Nobody answered in signalling, and nothing else shows that the peer is there.</summary>
    void GiveUp(Instant now, SipEvent.PeerDoubted doubted);
}
