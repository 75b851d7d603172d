using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>The session of one call at the phone's SIP agent.</summary>
/// <param name="sip">The agent.</param>
/// <param name="session">The session of a call that came; null for one that we place.</param>
/// <param name="opened">Called when we placed it: events of that session are the call's.</param>
internal sealed class CallSession(SipAgent sip, SessionId? session, Action<Instant, SessionId> opened) : ISignalling
{
    private SessionId? _id = session;

    public bool IsOpen => _id is not null;

    public SessionTimer? Timer => _id is { } id ? sip.TimerOf(id) : null;

    public SipUri? ReplacingUri => _id is { } id ? sip.ReplacingUri(id) : null;

    public ReplacesHeader? ReplacedBy => _id is { } id ? sip.ReplacedBy(id) : null;

    public bool TakesInfo(string package, string dialog = "") => _id is { } id && sip.TakesInfo(id, package, dialog);

    public bool Allows(string method) => _id is { } id && sip.Allows(id, method);

    public bool IsContactStale(Instant now) => _id is { } id && sip.IsContactStale(now, id);

    public bool RefreshTarget(Instant now) => _id is not { } id || sip.RefreshTarget(now, id);

    public void Invite(Instant now, AccountId account, SipUri target, ReadOnlyMemory<byte> offer, InviteOptions options)
    {
        _id = sip.Invite(now, account, target, offer, options);
        opened(now, _id.Value);
    }

    public void Progress(Instant now, int status, ReadOnlyMemory<byte> sdp = default, bool retransmit = false)
    {
        if (_id is { } id) sip.Progress(now, id, status, sdp, retransmit);
    }

    public void StopProgressRetransmission()
    {
        if (_id is { } id) sip.StopProgressRetransmission(id);
    }

    public void Accept(Instant now, ReadOnlyMemory<byte> sdp)
    {
        if (_id is { } id) sip.Accept(now, id, sdp);
    }

    public void Reject(Instant now, int status, string? reason = null, IReadOnlyList<KeyValuePair<string, string>>? headers = null)
    {
        if (_id is { } id) sip.Reject(now, id, status, reason, headers);
    }

    public void Keep()
    {
        if (_id is { } id) sip.Keep(id);
    }

    public void RequestOffer(Instant now)
    {
        if (_id is { } id) sip.RequestOffer(now, id);
    }

    public void Offer(Instant now, ReadOnlyMemory<byte> sdp, bool byUpdate)
    {
        if (_id is { } id) sip.Offer(now, id, sdp, byUpdate);
    }

    public void AnswerOffer(Instant now, ReadOnlyMemory<byte> sdp)
    {
        if (_id is { } id) sip.AnswerOffer(now, id, sdp);
    }

    public void RejectOffer(Instant now, int status)
    {
        if (_id is { } id) sip.RejectOffer(now, id, status);
    }

    public void Info(Instant now, string contentType, ReadOnlyMemory<byte> body)
    {
        if (_id is { } id) sip.Info(now, id, contentType, body);
    }

    public void Info(Instant now, string dialog, string package, string contentType, ReadOnlyMemory<byte> body)
    {
        if (_id is { } id) sip.Info(now, id, dialog, package, contentType, body);
    }

    public bool Refer(Instant now, SipUri target) => _id is { } id && sip.Refer(now, id, target);

    public void TellReferral(Instant now, ReferralId referral, int status, string reason) => sip.TellReferral(now, referral, status, reason);

    public void GiveUp(Instant now, SipEvent.PeerDoubted doubted) => sip.GiveUp(now, doubted);

    public void Hangup(Instant now, string? reason = null)
    {
        if (_id is { } id) sip.Hangup(now, id, reason);
    }

    public void Break(Instant now)
    {
        if (_id is { } id) sip.Break(now, id);
    }
}
