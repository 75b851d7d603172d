using Softphone.Core;

namespace Softphone.Sip;

/// <summary>The verbs of INVITE sessions.</summary>
public sealed partial class SipAgent
{
    /// <summary>Calls somebody. Events: Progress, then Answered or Ended.</summary>
    /// <param name="now">The time.</param>
    /// <param name="account">Who calls.</param>
    /// <param name="target">Who is called.</param>
    /// <param name="offer">The SDP offer; empty asks the callee for one (then Answered carries it and AnswerOffer answers).</param>
    /// <param name="options">What else is said about the call.</param>
    /// <exception cref="ArgumentException">No such account, or a header that SIP forbids.</exception>
    public SessionId Invite(Instant now, AccountId account, SipUri target, ReadOnlyMemory<byte> offer, InviteOptions? options = null)
    {
        options ??= new InviteOptions();
        // Misuse is refused before anything exists that would have to be taken back.
        foreach (var (name, value) in options.Headers) _ = new SipHeader(name, value);
        var session = new Session(_core, _sessions, _sessions.NextId(), Find(account));
        _sessions.Add(session);
        session.Call(now, target, offer, options);
        return session.Id;
    }

    /// <summary>Says that it rings (180), or more (183), to the caller.</summary>
    /// <param name="now">The time.</param>
    /// <param name="session">An incoming session that is not answered.</param>
    /// <param name="status">101 to 199.</param>
    /// <param name="sdp">An answer, for early media or ICE; may be empty.</param>
    /// <param name="retransmit">Repeat it until a final response or <see cref="StopProgressRetransmission"/> (RFC 8839 §7.1).</param>
    public void Progress(Instant now, SessionId session, int status, ReadOnlyMemory<byte> sdp = default, bool retransmit = false) =>
        _sessions.Find(session)?.Progress(now, status, sdp, retransmit);

    /// <summary>The caller has shown that it has the provisional answer (an ICE check came).</summary>
    public void StopProgressRetransmission(SessionId session) => _sessions.Find(session)?.StopProgress();

    /// <summary>Answers: 200 with our SDP, the answer or, when the INVITE had no offer, our offer. Confirmed follows.</summary>
    public void Accept(Instant now, SessionId session, ReadOnlyMemory<byte> sdp) => _sessions.Find(session)?.Accept(now, sdp);

    /// <summary>Refuses an incoming session: 486, 603, 488 with a Warning…</summary>
    public void Reject(
        Instant now, SessionId session, int status, string? reason = null, IReadOnlyList<KeyValuePair<string, string>>? headers = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 300);
        _sessions.Find(session)?.Reject(now, status, reason, headers);
    }

    /// <summary>Ends the session in whatever way its state asks for: CANCEL, BYE, or 603. Ended comes at once.</summary>
    /// <param name="now">The time.</param>
    /// <param name="session">The session.</param>
    /// <param name="reasonHeader">The value of a Reason header (RFC 3326) for CANCEL and BYE, such as <c>Q.850;cause=16</c>.</param>
    /// <exception cref="ArgumentException">The value holds a line break.</exception>
    public void Hangup(Instant now, SessionId session, string? reasonHeader = null)
    {
        if (reasonHeader is not null && !SipHeader.IsValidValue(reasonHeader)) throw new ArgumentException("a line break in Reason", nameof(reasonHeader));
        _sessions.Find(session)?.Hangup(now, reasonHeader);
    }

    /// <summary>
    /// The owner of a session that is up hears the peer by media: from now on no request that is answered 408 or 481, or not at all, ends it.
    /// PeerDoubted tells of them instead.
    /// </summary>
    public void Keep(SessionId session) => _sessions.Find(session)?.Keep();

    /// <summary>The owner has it that the peer is gone: Ended comes at once, as if the session had not been kept.</summary>
    public void GiveUp(Instant now, SipEvent.PeerDoubted doubted) => _sessions.Find(doubted.Session)?.GiveUp(now, doubted.Status, doubted.Reason, doubted.Fault);

    /// <summary>
    /// Its owner failed by an error of this program: 500 to an INVITE that is not answered, CANCEL or BYE otherwise, and where that cannot be
    /// made either it is dropped. Ended comes at once.
    /// </summary>
    public void Break(Instant now, SessionId session) => _sessions.Find(session)?.Break(now);

    /// <summary>
    /// Offers to change the session by re-INVITE. Offers wait for each other and for the session to be up; of those waiting only
    /// the newest is sent. OfferAnswered or OfferFailed follows.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="session">The session.</param>
    /// <param name="sdp">The offer.</param>
    /// <param name="byUpdate">By UPDATE where the peer allows it (RFC 3311): no person decides about the answer.</param>
    public void Offer(Instant now, SessionId session, ReadOnlyMemory<byte> sdp, bool byUpdate = false) =>
        _sessions.Find(session)?.Offer(now, sdp, byUpdate);

    /// <summary>
    /// Asks when an offer may go out; OfferDue tells, at once where nothing stands against it. An owner that asks is asked again after
    /// 491, so that what it offers is never older than what the peer offered meanwhile.
    /// </summary>
    public void RequestOffer(Instant now, SessionId session) => _sessions.Find(session)?.RequestOffer(now);

    /// <summary>Whether the peer knows a Contact of ours that no longer leads here, since our address changed.</summary>
    public bool IsContactStale(Instant now, SessionId session) => _sessions.Find(session)?.IsContactStale(now) == true;

    /// <summary>Tells the peer our present Contact by UPDATE without an offer (RFC 3311 §5.1).</summary>
    /// <returns>False when the peer allows no UPDATE, and only another offer can tell it.</returns>
    public bool RefreshTarget(Instant now, SessionId session) => _sessions.Find(session)?.RefreshTarget(now) != false;

    /// <summary>Answers OfferReceived, or an Answered or Progress that is an offer.</summary>
    /// <param name="now">The time.</param>
    /// <param name="session">The session.</param>
    /// <param name="sdp">The answer.</param>
    /// <param name="dialog">Of a Progress, its dialog.</param>
    public void AnswerOffer(Instant now, SessionId session, ReadOnlyMemory<byte> sdp, string dialog = "") => _sessions.Find(session)?.AnswerOffer(now, sdp, dialog);

    /// <summary>Refuses OfferReceived (488, 603…): the session stays as it was.</summary>
    public void RejectOffer(Instant now, SessionId session, int status) => _sessions.Find(session)?.RejectOffer(now, status);

    /// <summary>The session timer (RFC 4028); null without one.</summary>
    public SessionTimer? TimerOf(SessionId session) => _sessions.Find(session)?.Timer;

    /// <summary>Whether the peer of a dialog takes this Info Package (Recv-Info, RFC 6086 §5.2.3).</summary>
    /// <param name="session">The session.</param>
    /// <param name="package">The package.</param>
    /// <param name="dialog">The remote tag, as in Progress and Answered; empty for the dialog that stays.</param>
    public bool TakesInfo(SessionId session, string package, string dialog = "") =>
        _sessions.Find(session)?.DialogOf(dialog)?.RemotePackages.Contains(package, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>The Call-ID of a session, by which its messages are found in the trace; empty when it is gone.</summary>
    public string CallIdOf(SessionId session) => _sessions.Find(session)?.CallId ?? "";

    /// <summary>Whether the peer said that it allows this method.</summary>
    public bool Allows(SessionId session, string method) => _sessions.Find(session)?.DialogOf("")?.RemoteAllow.Contains(method) == true;

    /// <summary>
    /// Sends an INFO of a package. One is under way at a time for each dialog and package; of those that wait only the newest is sent.
    /// InfoAnswered follows.
    /// </summary>
    public void Info(Instant now, SessionId session, string dialog, string package, string contentType, ReadOnlyMemory<byte> body) =>
        _sessions.Find(session)?.Info(now, dialog, package, contentType, body);

    /// <summary>Sends an INFO without a package in the dialog that stays (legacy usage of RFC 6086, such as keys); otherwise as one of a package.</summary>
    public void Info(Instant now, SessionId session, string contentType, ReadOnlyMemory<byte> body) =>
        Info(now, session, "", "", contentType, body);
}
