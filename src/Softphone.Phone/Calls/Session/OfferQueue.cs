using Softphone.Core;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// Offers and answers once the call is up. Whatever the peer must be told is a wish; the next offer tells all wishes at once, made from
/// what holds at the moment it may leave, so that one offer is under way at a time and none is older than the peer's last (RFC 3261
/// §14).
/// </summary>
/// <param name="host">The call.</param>
/// <param name="path">Whether candidates for the next description are there.</param>
/// <param name="negotiation">The descriptions.</param>
internal sealed class OfferQueue(ICallHost host, CallPath path, Negotiation negotiation)
{
    private const int MostBetweenOffers = 4000;

    /// <summary>What the next offer has to tell.</summary>
    private Wish _wishes;

    /// <summary>What the offer under way tells.</summary>
    private Wish _telling;

    /// <summary>The offer under way asks for a hold.</summary>
    private bool _offersHold;

    /// <summary>Offers in a row that were not taken.</summary>
    private int _refusals;

    /// <summary>The peer's offer that we owe an answer.</summary>
    private SessionDescription? _unanswered;

    /// <summary>The peer has asked for our offer, which waits for candidates.</summary>
    private bool _isAskedFor;

    /// <summary>The peer was told of a hold, in our last offer that it took or in our last answer.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>A person holds it, from the moment that it is asked for.</summary>
    public bool WantsHold { get; private set; }

    /// <summary>An offer of ours has no answer yet.</summary>
    public bool IsOpen { get; private set; }

    public bool OwesAnswer => _unanswered is not null;

    /// <summary>New credentials of ours are under way to the peer.</summary>
    public bool IsTellingRestart => IsOpen && _telling.HasFlag(Wish.Restart);

    /// <summary>The peer has not yet taken, nor refused, the hold that is wanted.</summary>
    public bool IsHoldUnsettled => IsOpen || _wishes.HasFlag(Wish.Hold);

    /// <summary>Credentials that the peer has not been told are in force here.</summary>
    private bool IsRestartUntold => path.IsRegathering || _wishes.HasFlag(Wish.Restart);

    public void SetHold(Instant now, bool hold)
    {
        if (!host.IsUp || !host.Signalling.IsOpen || hold == WantsHold) return;
        WantsHold = hold;
        host.Cancel(CallTimer.Reoffer);
        Want(now, Wish.Hold);
    }

    /// <summary>The call takes the place of another that is held, or not: its first description says so.</summary>
    public void BeginWith(bool hold) => WantsHold = IsHolding = hold;

    /// <summary>Notes what the next offer must tell, and asks for it to be sent.</summary>
    public void Want(Instant now, Wish wish)
    {
        _wishes |= wish;
        if (_wishes == Wish.None || !host.IsUp || path.IsRegathering || !host.Signalling.IsOpen) return;
        if (host.DueOf(CallTimer.Reoffer) is not null) return;
        host.Signalling.RequestOffer(now);
    }

    /// <summary>Our address as signalling shows it may be another.</summary>
    public void RefreshContact(Instant now)
    {
        if (host.IsUp && host.Signalling.IsContactStale(now)) Want(now, Wish.Contact);
    }

    /// <summary>New credentials are made, and told when candidates for them are there.</summary>
    public void Restart(Instant now)
    {
        _wishes = (_wishes | Wish.Restart) & ~Wish.Outcome;
        path.Regather(now, trickles: negotiation.PeerTrickles && !_isAskedFor);
    }

    /// <summary>Candidates for the restart are there.</summary>
    public void Regathered(Instant now)
    {
        if (_isAskedFor) GiveOffer(now);
        else Want(now, Wish.None);
    }

    /// <summary>An offer may leave now.</summary>
    /// <returns>Whether one did.</returns>
    public bool OfferDue(Instant now)
    {
        if (!host.IsUp || IsOpen || path.IsRegathering || path.Transport is null) return false;
        if (WantsHold == IsHolding) _wishes &= ~Wish.Hold;
        host.HoldSettled(now);
        if (_wishes == Wish.Contact && (!host.Signalling.IsContactStale(now) || host.Signalling.RefreshTarget(now))) _wishes = Wish.None;
        if (_wishes == Wish.None) return false;
        negotiation.RefreshLocal();
        var offer = negotiation.CreateOffer(WantsHold);
        (_telling, _wishes, IsOpen, _offersHold) = (_wishes, Wish.None, true, WantsHold);
        host.Signalling.Offer(now, offer.ToBytes(), byUpdate: (_telling & ~(Wish.Outcome | Wish.Contact | Wish.Refresh)) == 0);
        return true;
    }

    /// <summary>The peer changes the session, or asks for our offer.</summary>
    public void OnOffer(Instant now, ReadOnlyMemory<byte> sdp)
    {
        if (sdp.Length == 0)
        {
            // Who asks for an offer may hand it to another peer, to whom nothing of ours is known (RFC 8839 §7.5).
            _isAskedFor = true;
            path.Regather(now, trickles: false);
            return;
        }

        if (!SessionDescription.TryParse(sdp.Span, out var offer, out _))
        {
            host.Signalling.RejectOffer(now, 400);
            return;
        }

        var isRestart = offer.Audio is { } audio && offer.IceOf(audio) is { } ice && ice.Ufrag != negotiation.Agreed?.RemoteIce?.Ufrag;
        if (IsRestartUntold && !isRestart && negotiation.Agreed?.RemoteIce is not null)
        {
            // Our own restart has begun, and an answer to this offer must not show it (RFC 8839 §4.4.2): ours first.
            host.Signalling.RejectOffer(now, 491);
            return;
        }

        negotiation.RefreshLocal();
        if (negotiation.TrySuspend(offer, WantsHold, out var suspended))
        {
            Suspend(now, offer, suspended);
            return;
        }

        if (!negotiation.TryAnswer(offer, WantsHold, out _, out var agreed, out var rejection))
        {
            host.Signalling.RejectOffer(now, rejection.Status);
            return;
        }

        host.Agree(now, agreed, isAnswer: false);
        _unanswered = offer;
        if (path.Transport!.MayAnswer) AnswerOffer(now);
    }

    public void OnOfferAnswered(Instant now, ReadOnlyMemory<byte> sdp)
    {
        if (negotiation.Offer is not { } offer || !SessionDescription.TryParse(sdp.Span, out var answer, out _))
        {
            CloseOffer(now, isDone: false);
            return;
        }

        if (!OfferAnswer.TryComplete(offer, answer, out var agreed, out var fault))
        {
            if (!negotiation.Crypto.EndsOver(now, answer, fault)) CloseOffer(now, isDone: false);
            return;
        }

        host.PeerIsThere(now);
        negotiation.OfferAnswered(answer);
        IsHolding = _offersHold;
        negotiation.ToldBy(offer);
        _refusals = 0;
        host.Agree(now, agreed, isAnswer: true);
        CloseOffer(now, isDone: true);
    }

    /// <summary>A refused re-offer leaves everything as it was (RFC 3261 §14.1).</summary>
    public void OnOfferFailed(Instant now, int status)
    {
        if (!IsOpen)
        {
            // The peer took its own offer back.
            _unanswered = null;
            _isAskedFor = false;
            return;
        }

        // Where it was the network, or a server without time, the same may well succeed a little later, and at another address. While there is no path
        // only the end of the wait for one ends the attempts.
        var isUnanswered = status is 408 or 481;
        if ((isUnanswered || (status is 480 or >= 500 and < 600 && _telling.HasFlag(Wish.Restart))) && (++_refusals <= 6 || host.DueOf(CallTimer.LostPeer) is not null))
        {
            _wishes |= isUnanswered ? _telling : Wish.Restart;
            if (isUnanswered) _telling &= ~Wish.Hold;
            host.Set(CallTimer.Reoffer, now + TimeSpan.FromMilliseconds(Math.Min(250 * (1 << Math.Min(_refusals, 6)), MostBetweenOffers)));
        }

        // The peer asked for our offer, which showed new credentials, and answered nothing: they are still to be told.
        if (status == 200 && path.UsesIce) _wishes |= Wish.Restart;
        CloseOffer(now, isDone: false);
    }

    /// <summary>It met one of the peer's, which is there then; OfferDue comes again.</summary>
    public void OnOfferPostponed(Instant now)
    {
        host.PeerIsThere(now);
        if (!IsOpen) return;
        IsOpen = false;
        _wishes |= _telling;
        _telling = Wish.None;
    }

    /// <summary>Sends the answer to the peer's offer, with our side as it is now.</summary>
    public void AnswerOffer(Instant now)
    {
        if (_unanswered is not { } offer) return;
        _unanswered = null;
        negotiation.RefreshLocal();
        if (!negotiation.TryAnswer(offer, WantsHold, out var answer, out _, out var rejection))
        {
            host.Signalling.RejectOffer(now, rejection.Status);
            return;
        }

        negotiation.Answered(offer, answer);
        IsHolding = WantsHold;
        negotiation.Name(answer.Audio?.Value("mid"));
        // What it shows is told: new credentials of ours with the peer's restart, all candidates, and in the 2xx our Contact.
        if (Negotiation.UfragOf(answer) is { Length: > 0 } ufrag && ufrag != negotiation.ToldUfrag) _wishes &= ~(Wish.Restart | Wish.Outcome);
        negotiation.ToldBy(answer);
        _wishes &= ~(Wish.Candidates | Wish.Contact);
        host.Signalling.AnswerOffer(now, answer.ToBytes());
        host.ShowHold(now);
        host.RestartIfWanted(now);
    }

    /// <summary>The peer takes the stream out for a while, port 0: some phones hold so. The call stays, and nothing flows.</summary>
    private void Suspend(Instant now, SessionDescription offer, SessionDescription answer)
    {
        negotiation.Answered(offer, answer);
        host.Rest(now);
        host.Signalling.AnswerOffer(now, answer.ToBytes());
        host.ShowHold(now);
    }

    /// <summary>Makes the offer that the peer has asked for; its answer comes in the ACK.</summary>
    private void GiveOffer(Instant now)
    {
        _isAskedFor = false;
        // Who asks may hand it to another peer, and nobody who had the old key is to hear that talk.
        negotiation.Crypto.Renew();
        var offer = negotiation.CreateOffer(WantsHold);
        (_telling, _wishes, IsOpen, _offersHold) = (_wishes | Wish.Restart, Wish.None, true, WantsHold);
        host.Signalling.AnswerOffer(now, offer.ToBytes());
    }

    private void CloseOffer(Instant now, bool isDone)
    {
        if (!isDone && _telling.HasFlag(Wish.Hold)) WantsHold = IsHolding;
        IsOpen = false;
        _telling = Wish.None;
        host.ShowHold(now);
        host.RestartIfWanted(now);
        Want(now, Wish.None);
        host.HoldSettled(now);
    }
}
