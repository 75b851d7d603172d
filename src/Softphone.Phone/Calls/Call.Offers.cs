using Softphone.Core;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

internal sealed partial class Call
{
    private bool _holding;
    private bool _wantHold;
    private bool _hasLateCandidates;

    public void SetHold(Instant now, bool hold)
    {
        if (State is not (CallState.Connected or CallState.Held) || _session is not { } session || hold == _wantHold) return;
        _wantHold = hold;
        _offer = OfferAnswer.CreateOffer(Capabilities(), _sdp);
        _phone.Sip.Offer(now, session, _offer.ToBytes());
    }

    /// <summary>
    /// A relay that came after our description is of use only to a peer that knows of it, where both are behind symmetric NATs. Checks
    /// have their time first, and the answerer waits longer, so that offers do not cross.
    /// </summary>
    private void WaitForPath(Instant now)
    {
        if (_hasLateCandidates && !_transportUsable)
            _timers.Set(CallTimer.LateCandidates, now + TimeSpan.FromSeconds(Direction == CallDirection.Outgoing ? 1.5 : 4));
    }

    private void TellLateCandidates(Instant now)
    {
        if (_transportUsable || State is not (CallState.Connected or CallState.Held) || _session is not { } session) return;
        _hasLateCandidates = false;
        _local = _transport?.Local ?? _local;
        _offer = OfferAnswer.CreateOffer(Capabilities(), _sdp);
        _phone.Sip.Offer(now, session, _offer.ToBytes());
    }

    /// <summary>The peer changes the session, or asks for our offer.</summary>
    public void OnOffer(Instant now, SipEvent.OfferReceived received)
    {
        if (received.Sdp.Length == 0)
        {
            _offer = OfferAnswer.CreateOffer(Capabilities(), _sdp);
            _phone.Sip.AnswerOffer(now, received.Session, _offer.ToBytes());
            return;
        }

        if (!SessionDescription.TryParse(received.Sdp.Span, out var offer, out _))
        {
            _phone.Sip.RejectOffer(now, received.Session, 400);
            return;
        }

        _local = _transport?.Local ?? _local;
        if (!OfferAnswer.TryAnswer(offer, Capabilities(), _sdp, out var answer, out var agreed, out var rejection))
        {
            _phone.Sip.RejectOffer(now, received.Session, rejection.Status);
            return;
        }

        var credentials = _local!.Ufrag;
        Agree(now, agreed, isAnswer: false);
        // An offer that restarts ICE is answered with credentials that are new too (RFC 8839 §4.4.2).
        if (_local.Ufrag != credentials && OfferAnswer.TryAnswer(offer, Capabilities(), _sdp, out var renewed, out _, out _)) answer = renewed;
        _sdp = _sdp.Received(offer).Sent(answer);
        _phone.Sip.AnswerOffer(now, received.Session, answer.ToBytes());
        ShowHold(now);
    }

    public void OnOfferAnswered(Instant now, SipEvent.OfferAnswered answered)
    {
        if (_offer is null || !SessionDescription.TryParse(answered.Sdp.Span, out var answer, out _)
            || !OfferAnswer.TryComplete(_offer, answer, out var agreed, out _))
        {
            OnOfferFailed(now);
            return;
        }

        _sdp = _sdp.Sent(_offer).Received(answer);
        _holding = _wantHold;
        Agree(now, agreed, isAnswer: true);
        ShowHold(now);
    }

    /// <summary>A refused re-offer leaves everything as it was (RFC 3261 §14.1).</summary>
    public void OnOfferFailed(Instant now)
    {
        _wantHold = _holding;
        ShowHold(now);
    }

    private void ShowHold(Instant now)
    {
        if (State is CallState.Connected or CallState.Held)
            Change(now, _holding || _agreed?.IsHeldByRemote == true ? CallState.Held : CallState.Connected);
    }
}
