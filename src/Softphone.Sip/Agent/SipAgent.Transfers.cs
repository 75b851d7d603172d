using Softphone.Core;

namespace Softphone.Sip;

/// <summary>The verbs of call transfer (RFC 3515, RFC 3891, RFC 5589).</summary>
public sealed partial class SipAgent
{
    /// <summary>Asks the peer to call somebody else. ReferAnswered follows, then ReferNews; our session goes on until it is hung up.</summary>
    /// <param name="now">The time.</param>
    /// <param name="session">A session that is up.</param>
    /// <param name="target">Whom; with a Replaces header in it, whose place to take there (<see cref="ReplacingUri"/>).</param>
    /// <returns>False when nothing was asked: the session is not up, or another REFER is open.</returns>
    public bool Refer(Instant now, SessionId session, SipUri target) => _sessions.Find(session)?.Refer(now, target) == true;

    /// <summary>The URI of the peer of a session, with the header that lets another take our place there (RFC 5589 §7.1); null before it is answered.</summary>
    public SipUri? ReplacingUri(SessionId session) => _sessions.Find(session) is { AsReplaced: { } replaced, PeerUri: { } peer }
        ? peer.WithHeader(HeaderName.Replaces, replaced.ToString())
        : null;

    /// <summary>The dialog of a session as an INVITE that takes its place names it to the peer (RFC 3891 §3); null before it is answered.</summary>
    public ReplacesHeader? ReplacedBy(SessionId session) => _sessions.Find(session)?.AsReplaced;

    /// <summary>We call whom the peer asked for, or may yet: 202, and NOTIFY of 100. What becomes of it is told by <see cref="TellReferral"/>.</summary>
    public void AcceptReferral(Instant now, ReferralId referral) => _core.Referrals.GetValueOrDefault(referral)?.Accept(now);

    /// <summary>We do not; nothing happens where that was accepted before.</summary>
    public void RefuseReferral(Instant now, ReferralId referral, int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 300);
        _core.Referrals.GetValueOrDefault(referral)?.Refuse(now, status);
    }

    /// <summary>Tells the peer how our call to whom it asked for goes; a final status is the last it hears of it.</summary>
    public void TellReferral(Instant now, ReferralId referral, int status, string reason) => _core.Referrals.GetValueOrDefault(referral)?.Tell(now, status, reason);
}
