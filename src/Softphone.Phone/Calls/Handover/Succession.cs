using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// One call takes the place of another, with its audio: the peer sent us elsewhere (RFC 3515), or an INVITE named the call that it
/// replaces (RFC 3891), or we call anew since neither side's offer reaches the other any more. The old one stays until the new one is up.
/// </summary>
/// <param name="call">The call.</param>
internal sealed class Succession(Call call)
{
    /// <summary>Offers that cross have their second try by then, and both phones have registered where they are now.</summary>
    public static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(5);

    /// <summary>The peer that sent us away ends its call itself by BYE; if it does not, we do.</summary>
    private static readonly TimeSpan ByeLimit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan RenewLimit = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Whoever calls in place of a call that seems lost gives up where that one is heard again; its CANCEL, when it comes too late, is an ACK
    /// with a BYE behind it (RFC 3261 §15). The old call is left only when the new one was meant.
    /// </summary>
    private static readonly TimeSpan MeantFor = TimeSpan.FromMilliseconds(300);

    /// <summary>The call whose place this one is to take; null when it has, or never was to.</summary>
    private Call? _predecessor;

    /// <summary>The call that is on its way into this one's place.</summary>
    private Call? _successor;

    /// <summary>The REFER that this call was made for.</summary>
    private ReferralId? _referral;

    /// <summary>The old call's audio is this one's.</summary>
    private bool _tookAudio;

    /// <summary>How the old dialog ended while another call was on its way into its place; told when that came to nothing.</summary>
    private SipEvent.Ended? _endBeforeOutcome;

    /// <summary>Nobody is told of an attempt to save a call until it has.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>How many times in a row its peers have sent us on.</summary>
    public int Hops { get; private set; }

    /// <summary>How often a person was asked here whether a transfer is followed.</summary>
    public int QuestionsAsked { get; set; }

    /// <summary>Another call is on its way to take its place.</summary>
    public bool IsFollowed => _successor is not null;

    /// <summary>On its way to whom a peer sent us.</summary>
    public bool IsFollowing => _referral is not null && call.AnsweredAt is null && call.State != CallState.Ended;

    /// <summary>Its dialog is over, which is not told yet.</summary>
    public bool IsEndUntold => _endBeforeOutcome is not null;

    /// <summary>
    /// We call anew in place of this call. The peer that takes that says BYE in the old dialog, which may be faster than its 200, and a dialog that the
    /// peer has left answers 481: only the new call's outcome tells whether the talk is over.
    /// </summary>
    private bool IsBeingRenewed => _successor is { Succession.IsSilent: true, State: not CallState.Ended };

    /// <summary>The call that the peer of another asks for. Where that one is over meanwhile it is a call of its own, with audio of its own.</summary>
    public static Call Following(
        Instant now, PhoneMachine phone, CallId id, Call old, SipUri target, IReadOnlyList<KeyValuePair<string, string>> headers, ReferralId referral, CallOptions? options)
    {
        var isUp = old.State != CallState.Ended;
        // Whom a peer names is nobody whom the person chose: headers and transport were for another.
        var call = new Call(phone, id, old.Account, target, isUp ? old.Succession.OptionsOfSuccessor(now) with { Headers = [], Transport = null } : options ?? new CallOptions(), headers);
        call.Succession.Hops = old.Succession.Hops + 1;
        call.Succession._predecessor = isUp ? old : null;
        call.Succession._referral = referral;
        if (isUp) old.Succession._successor = call;
        return call;
    }

    /// <summary>The same peer, called anew by its address of record in place of a call whose dialog leads nowhere.</summary>
    public static Call Renewing(Instant now, PhoneMachine phone, CallId id, Call old, ReplacesHeader replaces)
    {
        var call = new Call(
            phone, id, old.Account, old.Target!, old.Succession.OptionsOfSuccessor(now) with { RingLimit = RenewLimit },
            [new(HeaderName.Replaces, replaces.ToString()), new(HeaderName.Require, "replaces")]);
        call.Succession.Hops = old.Succession.Hops;
        call.Succession._predecessor = old;
        call.Succession.IsSilent = true;
        call.Offers.BeginWith(old.Offers.WantsHold);
        old.Succession._successor = call;
        return call;
    }

    /// <summary>An INVITE that replaces a call of ours: this one stands in line for that one's place.</summary>
    public void StandInFor(Instant now, Call old)
    {
        // Another one of its kind may be on its way into that place. Servers repeat an INVITE that was taken back as well, so the one that comes last
        // need not be the one that is meant: it waits behind the other, and the ACK, or the BYE, of each tells.
        while (old.Succession._successor is { Direction: CallDirection.Incoming, State: not CallState.Ended } earlier) old = earlier;
        _predecessor = old;
        old.Succession._successor = call;
        call.Audio.Use(old.Succession.OptionsOfSuccessor(now));
        call.Offers.BeginWith(old.Offers.WantsHold);
    }

    /// <summary>
    /// Our restart was not answered: the peer too may be elsewhere, and then nothing in the old dialog reaches it. The caller alone calls anew,
    /// once it is registered where it is now.
    /// </summary>
    public void Renew(Instant now)
    {
        if (!call.IsUp || _successor is not null || call.Target is null || !call.Signalling.IsOpen || !(call.DueOf(CallTimer.LostPeer) >= now + RenewLimit)) return;
        if (!call.Offers.IsTellingRestart || !call.IsRegistered) call.Set(CallTimer.Renew, now + TimeSpan.FromSeconds(1));
        else if (call.Signalling.ReplacedBy is { } replaces) call.CallAnew(now, replaces);
    }

    /// <summary>What the peer that sent us is told of it.</summary>
    public void TellReferral(Instant now, int status, string reason)
    {
        if (_referral is { } referral) call.Signalling.TellReferral(now, referral, status, reason);
    }

    /// <summary>The new call is heard from now on, and not the old one.</summary>
    public void TakeAudio()
    {
        if (_predecessor is not { } old || _tookAudio) return;
        _tookAudio = true;
        call.Audio.TakeFrom(old.Audio);
    }

    /// <summary>The peer has acknowledged this call: it was meant, unless the next moment says otherwise.</summary>
    public void Confirmed(Instant now)
    {
        if (_predecessor is not null) call.Set(CallTimer.Succeed, now + MeantFor);
    }

    /// <summary>This call is answered: the old one goes.</summary>
    public void Succeed(Instant now)
    {
        if (_predecessor is not { } old) return;
        if (_successor is { Direction: CallDirection.Incoming, State: not CallState.Ended })
        {
            // A newer one has the place when it is meant.
            call.Set(CallTimer.Succeed, now + MeantFor);
            return;
        }

        if (old.Succession._predecessor is { } first)
        {
            // What was to take the place of the first before us never did.
            (old.Succession._predecessor, old.Succession._successor) = (null, null);
            (_predecessor, first.Succession._successor) = (first, call);
            old.Hangup(now);
            old = first;
        }

        Inherit(now);
        if (_referral is not null) old.LeaveSoon(now, ByeLimit);
        else old.Hangup(now);
    }

    /// <summary>The dialog ended; while another call is on its way into its place nobody is told of it.</summary>
    public bool Withholds(SipEvent.Ended ended)
    {
        if (!IsBeingRenewed || ended.Cause == EndCause.Local) return false;
        _endBeforeOutcome = ended;
        return true;
    }

    /// <summary>This call is over: who was to take its place takes it, or, where it never had one itself, stands in line for the one that it was to have.</summary>
    public void PassOn(Instant now)
    {
        var place = _predecessor;
        GiveUp(now);
        if (_successor is not { IsBroken: false } next) return;
        if (place is { State: not CallState.Ended } && next.Direction == CallDirection.Incoming) (next.Succession._predecessor, place.Succession._successor) = (place, next);
        else next.Succession.OutliveOld(now);
    }

    /// <summary>The audio comes when it is answered; what is left of the time goes on.</summary>
    private CallOptions OptionsOfSuccessor(Instant now)
    {
        var options = call.Audio.Options;
        return options with
        {
            Source = null,
            Sink = null,
            Dtmf = "",
            Duration = options.Duration is { } all && call.AnsweredAt is { } answered ? all - (now - answered) is { } left && left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1) : options.Duration,
        };
    }

    /// <summary>The old call is over first: who was sent on goes on, but a call that was only to save the old one has nothing left to save.</summary>
    private void OutliveOld(Instant now)
    {
        if (call.Direction == CallDirection.Incoming || _referral is not null)
        {
            Inherit(now);
            return;
        }

        _predecessor = null;
        call.Hangup(now);
    }

    /// <summary>The talk goes on in this call.</summary>
    private void Inherit(Instant now)
    {
        if (_predecessor is not { } old) return;
        TakeAudio();
        IsSilent = false;
        _predecessor = null;
        if (old.Succession._successor == call) old.Succession._successor = null;
        old.Ending.SayFarewell($"replaced by a call with {call.Peer}");
        call.Emit(new PhoneEvent.CallReplaced(now, old.Id, call.Id));
    }

    /// <summary>The new call came to nothing: the old one is heard again, and may try once more while it is waited for.</summary>
    private void GiveUp(Instant now)
    {
        if (_predecessor is not { } old) return;
        _predecessor = null;
        if (old.Succession._successor == call) old.Succession._successor = null;
        if (old.Succession._endBeforeOutcome is { } ended)
        {
            old.OnEnded(now, ended);
            return;
        }

        if (_tookAudio) old.Audio.TakeBackFrom(call.Audio);
        if (_referral is null) old.Set(CallTimer.Renew, now + TimeSpan.FromSeconds(1));
    }
}
