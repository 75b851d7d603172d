using Softphone.Core;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>A call that came: who may take it, how long it rings, and our answer, which goes out while it does (RFC 8839 §7.1).</summary>
/// <param name="host">The call.</param>
/// <param name="path">Where media is to flow.</param>
/// <param name="negotiation">The descriptions.</param>
/// <param name="offers">Whether it begins on hold.</param>
/// <param name="audio">What the call is to do.</param>
internal sealed class Ringing(ISetupHost host, CallPath path, Negotiation negotiation, OfferQueue offers, CallAudio audio) : CallSetup(host, negotiation)
{
    // Long enough for servers nearby to answer, so that one 180 with the answer in it is usually all that is sent.
    private static readonly TimeSpan RingSoonAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Made as soon as our candidates are there.</summary>
    private SessionDescription? _answer;

    /// <summary>
    /// The INVITE had no offer: ours goes in the 200, and the answer comes in the ACK; where provisional responses are acknowledged it goes in the first of
    /// them, and the answer comes in its PRACK (RFC 3262 §5).
    /// </summary>
    private bool _delaysOffer;

    private bool _isReliable;

    /// <summary>Somebody has taken the call before our candidates were there.</summary>
    private bool _isAcceptWanted;

    /// <summary>Where the caller is sent when nobody takes the call; null for nowhere.</summary>
    private SipUri? _forwardTo;

    /// <summary>Where the caller was sent; null where it was not.</summary>
    public SipUri? ForwardedTo { get; private set; }

    private bool IsRinging => Host.State == CallState.Ringing;

    public void Ring(Instant now, SipEvent.Incoming incoming)
    {
        Meet(now, incoming);
        if (Host.Options.Answering is AnswerPolicy.Refuse refuse)
        {
            Reject(now, refuse.Status);
            return;
        }

        if (!ReadOffer(now, incoming)) return;
        Host.Emit(new PhoneEvent.IncomingCall(now, Host.Id, Host.Peer, Host.DisplayName)
        {
            IsByServer = incoming.IsByServer,
            Forwarding = incoming.Forwarding,
            Wish = incoming.Wish,
            IsWishDemanded = incoming.IsWishDemanded,
        });
        Host.Emit(new PhoneEvent.CallChanged(now, Host.Id, CallState.Ringing, Host.Direction, Host.Peer, null, "") { Forwarding = incoming.Forwarding });
        Host.Set(CallTimer.RingSoon, now + RingSoonAfter);
        if (Host.Options.Answering is AnswerPolicy.Auto auto)
        {
            audio.Use(auto.Options());
            Host.Set(CallTimer.AutoAnswer, now + auto.After);
        }
        else
        {
            RingUntil(now, incoming.IsByServer);
        }

        Begin(now);
    }

    /// <summary>It takes the place of another call: it rings nowhere, and is answered at once.</summary>
    public void AnswerAtOnce(Instant now, SipEvent.Incoming incoming)
    {
        Meet(now, incoming);
        if (!ReadOffer(now, incoming)) return;
        Begin(now);
        Accept(now);
    }

    /// <summary>A person, or the profile, takes it.</summary>
    public void Answer(Instant now, CallOptions options)
    {
        if (!IsRinging) return;
        audio.Use(options);
        Accept(now);
    }

    public void AutoAnswer(Instant now)
    {
        if (IsRinging) Accept(now);
    }

    public void Reject(Instant now, int status)
    {
        if (!IsRinging) return;
        Host.ForgetTimers();
        Host.Signalling.Reject(now, status);
    }

    public void SayRinging(Instant now)
    {
        if (IsRinging && _answer is null) Host.Signalling.Progress(now, 180);
    }

    /// <summary>Nobody took it.</summary>
    public void EndRinging(Instant now)
    {
        if (!IsRinging || _forwardTo is not { } target)
        {
            Reject(now, 480);
            return;
        }

        ForwardedTo = target;
        Host.ForgetTimers();
        Host.Emit(new PhoneEvent.CallForwarded(now, Host.Id, target.ToString()));
        Host.Signalling.Reject(now, 302, null, [new(HeaderName.Contact, new NameAddr(target).ToString())]);
    }

    /// <summary>The caller has answered our offer while it rings.</summary>
    public void OnProgressAnswered(Instant now, ReadOnlyMemory<byte> sdp)
    {
        if (!_delaysOffer || Host.State == CallState.Ended) return;
        _delaysOffer = false;
        TakeAnswer(now, "", sdp);
        if (Negotiation.Agreed is null) Host.EndWith(now, Host.Fault ?? new Fault(Layer.Sdp, "the caller's answer is of no use"));
        else if (AnsweredAt is not null) Host.StartTalking(now);
    }

    /// <summary>The ACK came, with the answer where the offer was ours.</summary>
    public void OnConfirmed(Instant now, ReadOnlyMemory<byte> sdp)
    {
        if (!_delaysOffer || Host.State == CallState.Ended) return;
        if (sdp.Length == 0)
        {
            Host.EndWith(now, new Fault(Layer.Sdp, "the caller never answered our offer", "the caller breaks RFC 3261 §13.2.1; report it there"));
            return;
        }

        TakeAnswer(now, "", sdp);
        if (Negotiation.Agreed is not null) Host.StartTalking(now);
    }

    /// <summary>
    /// The candidates are there: the answer is made, and goes out in a provisional response so that checks run while it rings
    /// (RFC 8839 §7.1).
    /// </summary>
    public override void Gathered(Instant now)
    {
        if (!IsRinging) return;
        if (_delaysOffer)
        {
            var offer = Negotiation.CreateFirstOffer(offers.WantsHold);
            if (_isReliable && !_isAcceptWanted) Host.Signalling.Progress(now, 180, offer.ToBytes());
        }
        else if (Negotiation.TryAnswer(Negotiation.Received!, offers.WantsHold, out _answer, out var agreed, out var rejection))
        {
            var received = Negotiation.Received!;
            Negotiation.Answered(received, _answer);
            Negotiation.ToldBy(_answer);
            Negotiation.Name(received.Media[agreed.MediaIndex].Value("mid"));
            Host.Agree(now, agreed, isAnswer: false);
            if (!_isAcceptWanted)
            {
                Host.Cancel(CallTimer.RingSoon);
                Host.Signalling.Progress(now, 180, _answer.ToBytes(), retransmit: path.UsesIce);
            }
        }
        else
        {
            Host.Blame(rejection.Fault);
            Host.ForgetTimers();
            Host.Signalling.Reject(now, rejection.Status, null, [new("Warning", $"{rejection.WarningCode} softphone \"{rejection.WarningText}\"")]);
            return;
        }

        if (_isAcceptWanted) Accept(now);
    }

    /// <summary>Nobody is told where else the person is but by our own servers.</summary>
    private void RingUntil(Instant now, bool isByServer)
    {
        var manners = Host.Manners;
        var patience = Host.Options.RingFor;
        if (isByServer && manners.ForwardNoAnswer is { } target)
        {
            _forwardTo = target;
            if (manners.ForwardAfter < patience) patience = manners.ForwardAfter;
        }

        Host.Set(CallTimer.RingEnd, now + patience);
    }

    private void Meet(Instant now, SipEvent.Incoming incoming)
    {
        InvitedAt = now;
        _isReliable = incoming.IsReliable;
        var signalling = incoming.Remote.Ip;
        Negotiation.Meet(signalling, incoming.Origin.IsValid && incoming.Origin != signalling ? [incoming.Origin, signalling] : [signalling]);
    }

    private bool ReadOffer(Instant now, SipEvent.Incoming incoming)
    {
        _delaysOffer = incoming.Offer.Length == 0;
        if (_delaysOffer || Negotiation.TryReceive(incoming.Offer.Span, out var error)) return true;
        Host.Blame(new Fault(Layer.Sdp, $"the caller's offer cannot be read: {error}", "report it to whoever runs the caller"));
        Host.Signalling.Reject(now, 400, "Bad session description");
        return false;
    }

    private void Accept(Instant now)
    {
        Host.Cancel(CallTimer.AutoAnswer);
        Host.Cancel(CallTimer.RingEnd);
        if (Negotiation.Local is null)
        {
            _isAcceptWanted = true;
            return;
        }

        AnsweredAt = now;
        path.Transport?.Trust(now);
        Host.Cancel(CallTimer.RingSoon);
        // Where our offer is answered already nothing is left to describe.
        Host.Signalling.Accept(now, (_delaysOffer ? Negotiation.Offer : _answer)?.ToBytes() ?? default);
        Host.TakeAudio();
        if (_delaysOffer) Host.Change(now, CallState.Connected, 200, "OK");
        else Host.Connect(now);
    }
}
