using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// One call takes the place of another, with its audio: the peer sent us elsewhere (RFC 3515), or an INVITE named the call that it
/// replaces (RFC 3891), or we call anew since neither side's offer reaches the other any more. The old one stays until the new one is up.
/// </summary>
internal sealed partial class Call
{
    /// <summary>Whoever sent us says BYE itself; one that does not is left.</summary>
    private static readonly TimeSpan ByeLimit = TimeSpan.FromSeconds(4);

    /// <summary>Offers that cross have their second try by then, and both phones have registered where they are now.</summary>
    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RenewLimit = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Whoever calls in place of a call that seems lost gives up where that one is heard again; its CANCEL, when it comes too late, is an ACK
    /// with a BYE behind it (RFC 3261 §15). The old call is left only when the new one was meant.
    /// </summary>
    private static readonly TimeSpan MeantFor = TimeSpan.FromMilliseconds(300);

    private Call? _predecessor;
    private Call? _successor;
    private ReferralId? _referral;
    private bool _tookAudio;

    /// <summary>Nobody is told of an attempt to save a call until it has.</summary>
    private bool _isSilent;

    /// <summary>How the old dialog ended while another call was on its way into its place; told when that came to nothing.</summary>
    private SipEvent.Ended? _endBeforeOutcome;

    /// <summary>How many times in a row its peers have sent us on.</summary>
    public int Hops { get; private init; }

    /// <summary>Another call is on its way to take its place.</summary>
    public bool IsFollowed => _successor is not null;

    /// <summary>On its way to whom a peer sent us.</summary>
    public bool IsFollowing => _referral is not null && _answeredAt is null && State != CallState.Ended;

    /// <summary>How often a person was asked here whether a transfer is followed.</summary>
    public int QuestionsAsked { get; set; }

    /// <summary>The call that the peer of another asks for. Where that one is over meanwhile it is a call of its own, with audio of its own.</summary>
    public static Call Following(
        Instant now, PhoneMachine phone, CallId id, Call old, SipUri target, IReadOnlyList<KeyValuePair<string, string>> headers, ReferralId referral, CallOptions? options)
    {
        var isUp = old.State != CallState.Ended;
        var call = new Call(phone, id, old._account, target, isUp ? old.OptionsOfSuccessor(now) : options ?? new CallOptions())
        {
            Hops = old.Hops + 1,
            _headers = headers,
            _predecessor = isUp ? old : null,
            _referral = referral,
        };
        if (isUp) old._successor = call;
        return call;
    }

    /// <summary>The same peer, called anew by its address of record in place of a call whose dialog leads nowhere.</summary>
    public static Call Renewing(Instant now, PhoneMachine phone, CallId id, Call old, ReplacesHeader replaces)
    {
        var call = new Call(phone, id, old._account, old._target!, old.OptionsOfSuccessor(now) with { RingLimit = RenewLimit })
        {
            Hops = old.Hops,
            _headers = [new(HeaderName.Replaces, replaces.ToString()), new(HeaderName.Require, "replaces")],
            _predecessor = old,
            _wantHold = old._wantHold,
            _holding = old._wantHold,
            _isSilent = true,
        };
        old._successor = call;
        return call;
    }

    /// <summary>An INVITE that replaces a call of ours: it rings nowhere, and is answered at once.</summary>
    public void Replace(Instant now, SipEvent.Incoming incoming, Call old)
    {
        // Another one of its kind may be on its way into that place. Servers repeat an INVITE that was taken back as well, so the one that comes last
        // need not be the one that is meant: it waits behind the other, and the ACK, or the BYE, of each tells.
        while (old._successor is { Direction: CallDirection.Incoming, State: not CallState.Ended } earlier) old = earlier;
        _predecessor = old;
        old._successor = this;
        _audio.Use(old.OptionsOfSuccessor(now));
        _wantHold = _holding = old._wantHold;
        Meet(now, incoming);
        if (!ReadOffer(now, incoming)) return;
        Begin(now);
        Accept(now);
    }

    /// <summary>The audio comes when it is answered; what is left of the time goes on.</summary>
    private CallOptions OptionsOfSuccessor(Instant now) => _audio.Options with
    {
        Source = null,
        Sink = null,
        Dtmf = "",
        Duration = _audio.Options.Duration is { } all && _answeredAt is { } answered ? all - (now - answered) is { } left && left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1) : _audio.Options.Duration,
    };

    /// <summary>
    /// Our restart was not answered: the peer too may be elsewhere, and then nothing in the old dialog reaches it. The caller alone calls anew,
    /// once it is registered where it is now.
    /// </summary>
    private void Renew(Instant now)
    {
        if (!IsUp || _successor is not null || _target is null || !_session.IsOpen || !(DueOf(CallTimer.LostPeer) >= now + RenewLimit)) return;
        if (!_isOfferOpen || !_telling.HasFlag(Wish.Restart) || !_phone.IsRegistered(_account)) Set(CallTimer.Renew, now + TimeSpan.FromSeconds(1));
        else if (_session.ReplacedBy is { } replaces) _phone.Renew(now, this, replaces);
    }

    /// <summary>What the peer that sent us is told of it.</summary>
    private void TellReferral(Instant now, int status, string reason)
    {
        if (_referral is { } referral) _session.TellReferral(now, referral, status, reason);
    }

    /// <summary>The new call is heard from now on, and not the old one.</summary>
    private void TakeAudio()
    {
        if (_predecessor is not { } old || _tookAudio) return;
        _tookAudio = true;
        _audio.TakeFrom(old._audio);
    }

    /// <summary>This call is answered: the old one goes.</summary>
    private void Succeed(Instant now)
    {
        if (_predecessor is not { } old) return;
        if (_successor is { Direction: CallDirection.Incoming, State: not CallState.Ended })
        {
            // A newer one has the place when it is meant.
            Set(CallTimer.Succeed, now + MeantFor);
            return;
        }

        if (old._predecessor is { } first)
        {
            // What was to take the place of the first before us never did.
            (old._predecessor, old._successor) = (null, null);
            (_predecessor, first._successor) = (first, this);
            old.Hangup(now);
            old = first;
        }

        Inherit(now);
        if (_referral is not null) old.LeaveSoon(now, ByeLimit);
        else old.Hangup(now);
    }

    /// <summary>
    /// We call anew in place of this call. The peer that takes that says BYE in the old dialog, which may be faster than its 200, and a dialog that the
    /// peer has left answers 481: only the new call's outcome tells whether the talk is over.
    /// </summary>
    private bool IsBeingRenewed => _successor is { _isSilent: true, State: not CallState.Ended };

    /// <summary>The old call is over first: who was sent on goes on, but a call that was only to save the old one has nothing left to save.</summary>
    private void OutliveOld(Instant now)
    {
        if (Direction == CallDirection.Incoming || _referral is not null)
        {
            Inherit(now);
            return;
        }

        _predecessor = null;
        Hangup(now);
    }

    /// <summary>This call is over: who was to take its place takes it, or, where it never had one itself, stands in line for the one that it was to have.</summary>
    private void PassOn(Instant now)
    {
        var place = _predecessor;
        GiveUpSuccession(now);
        if (_successor is not { IsBroken: false } next) return;
        if (place is { State: not CallState.Ended } && next.Direction == CallDirection.Incoming) (next._predecessor, place._successor) = (place, next);
        else next.OutliveOld(now);
    }

    /// <summary>The talk goes on in this call.</summary>
    private void Inherit(Instant now)
    {
        if (_predecessor is not { } old) return;
        TakeAudio();
        _isSilent = false;
        _predecessor = null;
        if (old._successor == this) old._successor = null;
        old._farewell ??= $"replaced by a call with {Peer}";
        Emit(new PhoneEvent.CallReplaced(now, old.Id, Id));
    }

    /// <summary>The new call came to nothing: the old one is heard again, and may try once more while it is waited for.</summary>
    private void GiveUpSuccession(Instant now)
    {
        if (_predecessor is not { } old) return;
        _predecessor = null;
        if (old._successor == this) old._successor = null;
        if (old._endBeforeOutcome is { } ended)
        {
            old.OnEnded(now, ended);
            return;
        }

        if (_tookAudio) old._audio.TakeBackFrom(_audio);
        if (_referral is null) old.Set(CallTimer.Renew, now + TimeSpan.FromSeconds(1));
    }
}
