using Softphone.Core;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

internal sealed partial class Call
{
    // Long enough for servers nearby to answer, so that one 180 with the answer in it is usually all that is sent.
    private static readonly TimeSpan RingSoonAfter = TimeSpan.FromMilliseconds(100);

    private SessionDescription? _received;
    private SessionDescription? _answer;
    private bool _delayedOffer;
    private bool _acceptWanted;
    private IReadOnlyList<IpAddress> _peerSources = [];
    private IpAddress _signalling;

    /// <summary>Where the caller is sent when nobody takes the call; null for nowhere.</summary>
    private SipUri? _forwardTo;
    private bool _wasForwarded;

    public void Ring(Instant now, SipEvent.Incoming incoming)
    {
        Meet(now, incoming);
        if (_phone.Options.Answering is AnswerPolicy.Refuse refuse)
        {
            Reject(now, refuse.Status);
            return;
        }

        if (!ReadOffer(now, incoming)) return;
        Emit(new PhoneEvent.IncomingCall(now, Id, Peer, _displayName) { IsByServer = incoming.IsByServer });
        Emit(new PhoneEvent.CallChanged(now, Id, CallState.Ringing, Direction, Peer, null, ""));
        Set(CallTimer.RingSoon, now + RingSoonAfter);
        if (_phone.Options.Answering is AnswerPolicy.Auto auto)
        {
            _audio.Use(auto.Options());
            Set(CallTimer.AutoAnswer, now + auto.After);
        }
        else
        {
            RingUntil(now, incoming.IsByServer);
        }

        Begin(now);
    }

    /// <summary>Nobody is told where else the person is but by our own servers.</summary>
    private void RingUntil(Instant now, bool isByServer)
    {
        var manners = _phone.MannersOf(_account);
        var patience = _phone.Options.RingFor;
        if (isByServer && manners.ForwardNoAnswer is { } target)
        {
            _forwardTo = target;
            if (manners.ForwardAfter < patience) patience = manners.ForwardAfter;
        }

        Set(CallTimer.RingEnd, now + patience);
    }

    /// <summary>Nobody took it.</summary>
    private void EndRinging(Instant now)
    {
        if (State != CallState.Ringing || _forwardTo is not { } target)
        {
            Reject(now, 480);
            return;
        }

        _wasForwarded = true;
        _timers.Clear();
        Emit(new PhoneEvent.CallForwarded(now, Id, target.ToString()));
        _session.Reject(now, 302, null, [new(HeaderName.Contact, new NameAddr(target).ToString())]);
    }

    private void Meet(Instant now, SipEvent.Incoming incoming)
    {
        _invitedAt = now;
        _signalling = incoming.Remote.Ip;
        _peerSources = incoming.Origin.IsValid && incoming.Origin != _signalling ? [incoming.Origin, _signalling] : [_signalling];
    }

    private bool ReadOffer(Instant now, SipEvent.Incoming incoming)
    {
        _delayedOffer = incoming.Offer.Length == 0;
        if (_delayedOffer || SessionDescription.TryParse(incoming.Offer.Span, out _received, out var error)) return true;
        _fault = new Fault(Layer.Sdp, $"the caller's offer cannot be read: {error}", "report it to whoever runs the caller");
        _session.Reject(now, 400, "Bad session description");
        return false;
    }

    private void Begin(Instant now)
    {
        _isBegun = true;
        _phone.Servers.AskAgain(now);
        if (_phone.Servers.AreKnown) OpenTransport(now);
    }

    public void Answer(Instant now, CallOptions options)
    {
        if (State != CallState.Ringing || Direction != CallDirection.Incoming) return;
        _audio.Use(options);
        Accept(now);
    }

    public void Reject(Instant now, int status)
    {
        if (State != CallState.Ringing || Direction != CallDirection.Incoming) return;
        _timers.Clear();
        _session.Reject(now, status);
    }

    public void OnConfirmed(Instant now, SipEvent.Confirmed confirmed)
    {
        _mayInform = true;
        _transport?.Acknowledge();
        TellLate(now);
        if (_predecessor is not null) Set(CallTimer.Succeed, now + MeantFor);
        if (!_delayedOffer || State == CallState.Ended) return;
        if (confirmed.Sdp.Length == 0)
        {
            EndWith(now, new Fault(Layer.Sdp, "the caller never answered our offer", "the caller breaks RFC 3261 §13.2.1; report it there"));
            return;
        }

        TakeAnswer(now, "", confirmed.Sdp);
        if (_agreed is not null) StartTalking(now);
    }

    private void AutoAnswer(Instant now)
    {
        if (State == CallState.Ringing) Accept(now);
    }

    private void SayRinging(Instant now)
    {
        if (State == CallState.Ringing && _answer is null) _session.Progress(now, 180, default);
    }

    /// <summary>
    /// The candidates are there: the answer is made, and goes out in a provisional response so that checks run while it rings
    /// (RFC 8839 §7.1).
    /// </summary>
    private void PrepareAnswer(Instant now)
    {
        if (State != CallState.Ringing) return;
        if (_delayedOffer)
        {
            _offer = OfferAnswer.CreateOffer(Capabilities(isOffer: true), _sdp);
            _sdp = _sdp.Sent(_offer);
        }
        else if (OfferAnswer.TryAnswer(_received!, Capabilities(isOffer: false), _sdp, out _answer, out var agreed, out var rejection))
        {
            _sdp = _sdp.Received(_received!).Sent(_answer);
            _toldUfrag = UfragOf(_answer);
            _mid = _received!.Media[agreed.MediaIndex].Value("mid");
            Agree(now, agreed, isAnswer: false);
            if (!_acceptWanted)
            {
                Cancel(CallTimer.RingSoon);
                _session.Progress(now, 180, _answer.ToBytes(), retransmit: _usesIce);
            }
        }
        else
        {
            _fault = rejection.Fault;
            _timers.Clear();
            _session.Reject(now, rejection.Status, null, [new("Warning", $"{rejection.WarningCode} softphone \"{rejection.WarningText}\"")]);
            return;
        }

        if (_acceptWanted) Accept(now);
    }

    private void Accept(Instant now)
    {
        Cancel(CallTimer.AutoAnswer);
        Cancel(CallTimer.RingEnd);
        if (_local is null)
        {
            _acceptWanted = true;
            return;
        }

        _answeredAt = now;
        _transport?.Trust(now);
        Cancel(CallTimer.RingSoon);
        _session.Accept(now, (_delayedOffer ? _offer : _answer)!.ToBytes());
        TakeAudio();
        if (_delayedOffer) Change(now, CallState.Connected, 200, "OK");
        else Connect(now);
    }
}
