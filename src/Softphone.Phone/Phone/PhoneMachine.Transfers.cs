using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>Calls that take the place of others; which of those that peers ask for are made is up to <see cref="Referrals"/>.</summary>
public sealed partial class PhoneMachine
{
    private readonly Referrals _referrals;

    internal bool IsShuttingDown => _shuttingDown;

    /// <summary>Calls on their way to whom a peer sent us.</summary>
    internal int Following => _calls.Values.Count(c => c.Succession.IsFollowing);

    /// <summary>
    /// The URI by which somebody takes our place in a call (RFC 3891), for <see cref="Transfer"/> in a call of another phone; null when the
    /// call is not answered.
    /// </summary>
    public SipUri? Joining(CallId call) => _calls.TryGetValue(call, out var found) ? found.Joining : null;

    internal bool IsRegistered(AccountId account) => _registered.Contains(account);

    /// <summary>Calls the peer of a call anew, in place of that call.</summary>
    internal void Renew(Instant now, Call old, ReplacesHeader replaces)
    {
        if (_shuttingDown) return;
        var call = Succession.Renewing(now, this, NextCall(), old, replaces);
        Add(call);
        WhenOpen(now, at => _barrier.Guard(at, call, call.Dial, "dialling anew"));
    }

    /// <summary>
    /// A person says whether a transfer that a peer asked for is followed (TransferAsked). TransferRequested tells what became of it.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="call">The call in which it was asked; its peer may have hung up since.</param>
    /// <param name="follows">Yes; else it is declined.</param>
    /// <param name="options">The audio of the new call where that call is over; while it is up its audio goes on.</param>
    public void DecideTransfer(Instant now, CallId call, bool follows, CallOptions? options = null)
    {
        _referrals.Decide(now, call, follows, options);
        Settle(now);
    }

    /// <summary>Makes the call that a peer asked for; it is dialled by whoever made it.</summary>
    internal Call Follow(Instant now, Call old, SipUri target, IReadOnlyList<KeyValuePair<string, string>> headers, ReferralId referral, CallOptions? options)
    {
        var call = Succession.Following(now, this, NextCall(), old, target, headers, referral, options);
        Add(call);
        return call;
    }

    /// <summary>Dials a call that <see cref="Follow"/> made; a fault in it ends that call alone.</summary>
    internal void DialFollowed(Instant now, Call call) => _barrier.Guard(now, call, call.Dial, "following a transfer");

    internal bool IsOneOfOurs(SipUri target) => _accounts.Values.Any(a => a.Aor.AddressOfRecord.IsEquivalentTo(target.AddressOfRecord));

    internal void OnCallEnded(Instant now, CallId call, CallEndCause cause) => _referrals.Left(now, call, cause);

    private void OnReferral(Instant now, SipEvent.ReferReceived asked)
    {
        if (Of(asked.Session) is { } old) _referrals.Take(now, asked, old);
        else Sip.RefuseReferral(now, asked.Referral, 481);
    }
}
