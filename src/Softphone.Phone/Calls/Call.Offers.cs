using Softphone.Core;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// Offers and answers once the call is up. Whatever the peer must be told is a wish; the next offer tells all wishes at once, made from
/// what holds at the moment it may leave, so that one offer is under way at a time and none is older than the peer's last (RFC 3261
/// §14).
/// </summary>
internal sealed partial class Call
{
    /// <summary>The peer was told of a hold, in our last offer that it took or in our last answer.</summary>
    private bool _holding;
    private const int MostBetweenOffers = 4000;

    private bool _wantHold;
    private bool _offersHold;
    private Wish _wishes;
    private Wish _telling;
    private bool _isOfferOpen;
    private string _toldUfrag = "";
    private int _refusals;
    private (SessionId Session, SessionDescription Offer)? _unanswered;
    private SessionId? _offerAsked;

    /// <summary>What the next offer has to tell.</summary>
    [Flags]
    private enum Wish
    {
        None = 0,
        Hold = 1,

        /// <summary>New ICE credentials, and the candidates found for them.</summary>
        Restart = 2,

        /// <summary>Candidates that came too late for the last description.</summary>
        Candidates = 4,

        /// <summary>The pairs that ICE has chosen, for servers that look at default addresses (RFC 8839 §4.3.4).</summary>
        Outcome = 8,

        /// <summary>Our address for signalling.</summary>
        Contact = 16,

        /// <summary>That the session goes on (RFC 4028).</summary>
        Refresh = 32,
    }

    /// <summary>A person holds it, from the moment that it is asked for.</summary>
    public bool WantsHold => State != CallState.Ended && _wantHold;



    public void SetHold(Instant now, bool hold)
    {
        if (!IsUp || !_session.IsOpen || hold == _wantHold) return;
        _wantHold = hold;
        Cancel(CallTimer.Reoffer);
        Want(now, Wish.Hold);
    }

    /// <summary>An offer may leave now.</summary>
    public void OnOfferDue(Instant now, SipEvent.OfferDue due)
    {
        if (!IsUp || _isOfferOpen || _isRegathering || _transport is null) return;
        if (_wantHold == _holding) _wishes &= ~Wish.Hold;
        SendReferIfDue(now);
        if (_wishes == Wish.Contact && (!_session.IsContactStale(now) || _session.RefreshTarget(now))) _wishes = Wish.None;
        if (_wishes == Wish.None) return;
        _local = _transport.Local ?? _local;
        _offer = OfferAnswer.CreateOffer(Capabilities(isOffer: true), _sdp);
        (_telling, _wishes, _isOfferOpen, _offersHold) = (_wishes, Wish.None, true, _wantHold);
        _session.Offer(now, _offer.ToBytes(), byUpdate: (_telling & ~(Wish.Outcome | Wish.Contact | Wish.Refresh)) == 0);
        TellLate(now);
    }

    public void OnRefreshDue(Instant now) => Want(now, Wish.Refresh);

    /// <summary>The peer changes the session, or asks for our offer.</summary>
    public void OnOffer(Instant now, SipEvent.OfferReceived received)
    {
        if (_transport is null) return;
        EndDoubt(now);
        if (received.Sdp.Length == 0)
        {
            // Who asks for an offer may hand it to another peer, to whom nothing of ours is known (RFC 8839 §7.5).
            _offerAsked = received.Session;
            Regather(now);
            return;
        }

        if (!SessionDescription.TryParse(received.Sdp.Span, out var offer, out _))
        {
            _session.RejectOffer(now, 400);
            return;
        }

        var isRestart = offer.Audio is { } audio && offer.IceOf(audio) is { } ice && ice.Ufrag != _agreed?.RemoteIce?.Ufrag;
        if (IsRestartUntold && !isRestart && _agreed?.RemoteIce is not null)
        {
            // Our own restart has begun, and an answer to this offer must not show it (RFC 8839 §4.4.2): ours first.
            _session.RejectOffer(now, 491);
            return;
        }

        _local = _transport.Local ?? _local;
        if (_agreed is not null && OfferAnswer.TrySuspend(offer, Capabilities(isOffer: false), _sdp, out var suspended))
        {
            Suspend(now, received.Session, offer, suspended);
            return;
        }

        if (!OfferAnswer.TryAnswer(offer, Capabilities(isOffer: false), _sdp, out _, out var agreed, out var rejection))
        {
            _session.RejectOffer(now, rejection.Status);
            return;
        }

        Agree(now, agreed, isAnswer: false);
        _unanswered = (received.Session, offer);
        if (_transport.MayAnswer) AnswerOffer(now);
    }

    /// <summary>The peer takes the stream out for a while, port 0: some phones hold so. The call stays, and nothing flows.</summary>
    private void Suspend(Instant now, SessionId session, SessionDescription offer, SessionDescription answer)
    {
        _sdp = _sdp.Received(offer).Sent(answer);
        _agreed = _agreed! with { RemoteDirection = MediaDirection.Inactive, LocalDirection = MediaDirection.Inactive };
        _audio.Update(now, MediaOptionsOf(_agreed));
        _session.AnswerOffer(now, answer.ToBytes());
        ShowHold(now);
    }

    public void OnOfferAnswered(Instant now, SipEvent.OfferAnswered answered)
    {
        if (_offer is null || !SessionDescription.TryParse(answered.Sdp.Span, out var answer, out _)
            || !OfferAnswer.TryComplete(_offer, answer, out var agreed, out var fault))
        {
            CloseOffer(now, isDone: false);
            return;
        }

        EndDoubt(now);
        _sdp = _sdp.Sent(_offer).Received(answer);
        _holding = _offersHold;
        _toldUfrag = UfragOf(_offer);
        _refusals = 0;
        Agree(now, agreed, isAnswer: true);
        CloseOffer(now, isDone: true);
    }

    /// <summary>A refused re-offer leaves everything as it was (RFC 3261 §14.1).</summary>
    public void OnOfferFailed(Instant now, SipEvent.OfferFailed failed)
    {
        if (!_isOfferOpen)
        {
            // The peer took its own offer back.
            _unanswered = null;
            _offerAsked = null;
            return;
        }

        // Where it was the network, or a server without time, the same may well succeed a little later, and at another address. While there is no path
        // only the end of the wait for one ends the attempts.
        var isUnanswered = failed.Status is 408 or 481;
        if ((isUnanswered || (failed.Status is 480 or >= 500 and < 600 && _telling.HasFlag(Wish.Restart))) && (++_refusals <= 6 || DueOf(CallTimer.LostPeer) is not null))
        {
            _wishes |= isUnanswered ? _telling : Wish.Restart;
            if (isUnanswered) _telling &= ~Wish.Hold;
            Set(CallTimer.Reoffer, now + TimeSpan.FromMilliseconds(Math.Min(250 * (1 << Math.Min(_refusals, 6)), MostBetweenOffers)));
        }

        // The peer asked for our offer, which showed new credentials, and answered nothing: they are still to be told.
        if (failed.Status == 200 && _usesIce) _wishes |= Wish.Restart;
        CloseOffer(now, isDone: false);
    }

    /// <summary>It met one of the peer's, which is there then; OfferDue comes again.</summary>
    public void OnOfferPostponed(Instant now)
    {
        EndDoubt(now);
        if (!_isOfferOpen) return;
        _isOfferOpen = false;
        _wishes |= _telling;
        _telling = Wish.None;
    }

    /// <summary>What we hold and what the peer holds may differ: one more restart makes it the same.</summary>
    public void OnOfferOutdated(Instant now)
    {
        _isRestartWanted = true;
        RestartIfWanted(now);
    }

    /// <summary>
    /// A relay that came after our description is of use only to a peer that knows of it, where both are behind symmetric NATs. Checks
    /// have their time first, and the answerer waits longer, so that offers do not cross.
    /// </summary>
    private void WaitForPath(Instant now)
    {
        if (_hasLateCandidates && !_transportUsable)
            Set(CallTimer.LateCandidates, now + TimeSpan.FromSeconds(Direction == CallDirection.Outgoing ? 1.5 : 4));
    }

    private void TellLateCandidates(Instant now)
    {
        if (_transportUsable || !IsUp) return;
        _hasLateCandidates = false;
        Want(now, Wish.Candidates);
    }

    /// <summary>Notes what the next offer must tell, and asks for it to be sent.</summary>
    private void Want(Instant now, Wish wish)
    {
        _wishes |= wish;
        if (_wishes == Wish.None || !IsUp || _isRegathering || !_session.IsOpen) return;
        if (DueOf(CallTimer.Reoffer) is not null) return;
        _session.RequestOffer(now);
    }

    /// <summary>Credentials that the peer has not been told are in force here.</summary>
    private bool IsRestartUntold => _isRegathering || _wishes.HasFlag(Wish.Restart);

    /// <summary>Sends the answer to the peer's offer, with our side as it is now.</summary>
    private void AnswerOffer(Instant now)
    {
        if (_unanswered is not var (session, offer)) return;
        _unanswered = null;
        _local = _transport?.Local ?? _local;
        if (!OfferAnswer.TryAnswer(offer, Capabilities(isOffer: false), _sdp, out var answer, out _, out var rejection))
        {
            _session.RejectOffer(now, rejection.Status);
            return;
        }

        _sdp = _sdp.Received(offer).Sent(answer);
        _holding = _wantHold;
        _mid = answer.Audio?.Value("mid");
        // What it shows is told: new credentials of ours with the peer's restart, all candidates, and in the 2xx our Contact.
        if (UfragOf(answer) is { Length: > 0 } ufrag && ufrag != _toldUfrag) _wishes &= ~(Wish.Restart | Wish.Outcome);
        _toldUfrag = UfragOf(answer);
        _wishes &= ~(Wish.Candidates | Wish.Contact);
        _session.AnswerOffer(now, answer.ToBytes());
        ShowHold(now);
        RestartIfWanted(now);
    }

    /// <summary>Makes the offer that the peer has asked for; its answer comes in the ACK.</summary>
    private void GiveOffer(Instant now, SessionId session)
    {
        _offerAsked = null;
        _offer = OfferAnswer.CreateOffer(Capabilities(isOffer: true), _sdp);
        (_telling, _wishes, _isOfferOpen, _offersHold) = (_wishes | Wish.Restart, Wish.None, true, _wantHold);
        _session.AnswerOffer(now, _offer.ToBytes());
    }

    private void CloseOffer(Instant now, bool isDone)
    {
        if (!isDone && _telling.HasFlag(Wish.Hold)) _wantHold = _holding;
        _isOfferOpen = false;
        _telling = Wish.None;
        ShowHold(now);
        RestartIfWanted(now);
        Want(now, Wish.None);
        SendReferIfDue(now);
    }

    private void ShowHold(Instant now)
    {
        if (IsUp) Change(now, _holding || _agreed?.IsHeldByRemote == true ? CallState.Held : CallState.Connected);
    }

    private static string UfragOf(SessionDescription description) =>
        description.Audio is { } audio ? description.ValueOf(audio, "ice-ufrag") ?? "" : "";
}
