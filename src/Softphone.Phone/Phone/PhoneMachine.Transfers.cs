using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>Calls that peers ask us to make (RFC 3515), kept to what a transfer needs.</summary>
public sealed partial class PhoneMachine
{
    /// <summary>One that was sent on so often runs in a circle.</summary>
    private const int MostHops = 8;

    /// <summary>Transfers that are followed at once, of all calls.</summary>
    private const int MostFollowed = 8;

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
        var call = Softphone.Phone.Call.Renewing(now, this, NextCall(), old, replaces);
        Add(call);
        WhenOpen(now, at => _barrier.Guard(at, call, call.Dial, "dialling anew"));
    }

    private void OnReferral(Instant now, SipEvent.ReferReceived asked)
    {
        if (Of(asked.Session) is not { } old)
        {
            Sip.RefuseReferral(now, asked.Referral, 481);
            return;
        }

        var target = asked.Target with { Headers = "", Password = null, Parameters = asked.Target.Parameters.Without("method") };
        var by = asked.By is { Uri.IsSip: true } named ? (named.Uri with { Password = null, Headers = "" }).ToString() : "";
        if (RefusalOf(asked, old, out var replaces) is { } status)
        {
            Emit(new PhoneEvent.TransferRequested(now, old.Id, target.ToString(), null) { By = by });
            Sip.RefuseReferral(now, asked.Referral, status);
            return;
        }

        var call = Softphone.Phone.Call.Following(now, this, NextCall(), old, target, HeadersOf(replaces, by), asked.Referral);
        Add(call);
        Emit(new PhoneEvent.TransferRequested(now, old.Id, target.ToString(), call.Id) { By = by });
        Sip.AcceptReferral(now, asked.Referral);
        _barrier.Guard(now, call, call.Dial, "following a transfer");
    }

    private int? RefusalOf(SipEvent.ReferReceived asked, Call old, out ReplacesHeader? replaces)
    {
        replaces = null;
        if (Options.Referrals == ReferralPolicy.Refuse) return 603;
        if (!asked.Target.IsSip) return 416;
        if (asked.Target.Parameters["method"] is { } method && !method.Equals(SipMethod.Invite, StringComparison.OrdinalIgnoreCase)) return 403;
        if (asked.Target.Header(HeaderName.Replaces) is { } text && !ReplacesHeader.TryParse(text, out replaces)) return 400;
        if (_shuttingDown || old.State is not (CallState.Connected or CallState.Held)) return 480;
        var isOwn = _accounts.Values.Any(a => a.Aor.AddressOfRecord.IsEquivalentTo(asked.Target.AddressOfRecord));
        if ((isOwn && replaces is null) || old.Hops >= MostHops) return 482;
        return old.IsFollowed || _calls.Values.Count(c => c.IsFollowing) >= MostFollowed ? 486 : null;
    }

    /// <summary>Of the headers that the peer wishes for only Replaces is taken; who sent us is told as it told us (RFC 3892 §2.1).</summary>
    private static IReadOnlyList<KeyValuePair<string, string>> HeadersOf(ReplacesHeader? replaces, string by)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (replaces is not null) headers.AddRange([new(HeaderName.Replaces, replaces.ToString()), new(HeaderName.Require, "replaces")]);
        if (by.Length > 0) headers.Add(new(HeaderName.ReferredBy, $"<{by}>"));
        return headers;
    }
}
