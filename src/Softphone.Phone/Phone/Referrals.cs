using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// Calls that peers ask us to make (RFC 3515), kept to what a transfer needs. One is followed unasked where the profile says so and the
/// call came by a server of ours; else a person is asked, with 202 and NOTIFY of 100 in the meantime, and what nobody decides is declined.
/// </summary>
internal sealed class Referrals(PhoneMachine phone)
{
    /// <summary>One that was sent on so often runs in a circle.</summary>
    private const int MostHops = 8;

    /// <summary>Transfers that are followed or asked about at once, of all calls.</summary>
    private const int MostAtOnce = 8;

    /// <summary>How often a person is asked in one call: a peer does not ask until somebody says yes.</summary>
    private const int MostQuestions = 3;

    /// <summary>How long a person may think.</summary>
    internal static readonly TimeSpan ThinkFor = TimeSpan.FromSeconds(30);

    private readonly Dictionary<CallId, Asked> _open = [];

    /// <summary>The first question that nobody decides.</summary>
    public Instant? NextTimeout
    {
        get
        {
            Instant? next = null;
            foreach (var asked in _open.Values) next = Instant.Earlier(next, asked.Until);
            return next;
        }
    }

    /// <summary>A REFER in a call of ours.</summary>
    public void Take(Instant now, SipEvent.ReferReceived refer, Call old)
    {
        var target = refer.Target with { Headers = "", Password = null, Parameters = refer.Target.Parameters.Without("method") };
        var by = refer.By is { Uri.IsSip: true } named ? named.Uri with { Password = null, Headers = "" } : null;
        var status = RefusalOf(refer, old, out var replaces);
        var asked = new Asked(old, refer.Referral, target, replaces, by, refer.IsByServer, now + ThinkFor);
        if (status is { } refusal) Refuse(now, asked, refusal);
        else if (phone.Options.Referrals == ReferralPolicy.Follow && refer.IsByServer) Follow(now, asked, null);
        else Ask(now, asked);
    }

    /// <summary>A person has decided; nothing happens where nobody asks any more.</summary>
    /// <param name="now">The time.</param>
    /// <param name="call">The call in which it was asked; it may be over.</param>
    /// <param name="follows">Yes.</param>
    /// <param name="options">The audio of the new call where the old one is over; while it is up its audio goes on.</param>
    public void Decide(Instant now, CallId call, bool follows, CallOptions? options)
    {
        if (!_open.Remove(call, out var asked)) return;
        if (follows) Follow(now, asked, options);
        else Close(now, asked, ReferralOutcome.Declined, 603);
    }

    /// <summary>
    /// A call is over. Whoever sends us on may well hang up at once (RFC 5589 §6.1), and then the question stands; but who hangs up here wants
    /// nothing more of it.
    /// </summary>
    public void Left(Instant now, CallId call, CallEndCause cause)
    {
        if (cause != CallEndCause.Remote && _open.Remove(call, out var asked)) Close(now, asked, ReferralOutcome.HungUp, 603);
    }

    public void Advance(Instant now)
    {
        foreach (var (call, asked) in _open)
        {
            if (asked.Until > now) continue;
            _open.Remove(call);
            Close(now, asked, ReferralOutcome.Undecided, 603);
        }
    }

    /// <summary>The phone shuts down.</summary>
    public void Clear(Instant now)
    {
        foreach (var call in _open.Keys) Left(now, call, CallEndCause.Local);
    }

    private int? RefusalOf(SipEvent.ReferReceived refer, Call old, out ReplacesHeader? replaces)
    {
        replaces = null;
        if (phone.Options.Referrals == ReferralPolicy.Refuse) return 603;
        if (!refer.Target.IsSip) return 416;
        if (refer.Target.Parameters["method"] is { } method && !method.Equals(SipMethod.Invite, StringComparison.OrdinalIgnoreCase)) return 403;
        if (refer.Target.Header(HeaderName.Replaces) is { } text && !ReplacesHeader.TryParse(text, out replaces)) return 400;
        if (phone.IsShuttingDown || old.State is not (CallState.Connected or CallState.Held)) return 480;
        if ((phone.IsOneOfOurs(refer.Target) && replaces is null) || old.Succession.Hops >= MostHops) return 482;
        if (_open.ContainsKey(old.Id) || old.Succession.IsFollowed || phone.Following + _open.Count >= MostAtOnce) return 486;
        return null;
    }

    private void Ask(Instant now, Asked asked)
    {
        if (asked.Old.Succession.QuestionsAsked >= MostQuestions)
        {
            Refuse(now, asked, 603);
            return;
        }

        asked.Old.Succession.QuestionsAsked++;
        _open.Add(asked.Old.Id, asked);
        phone.Sip.AcceptReferral(now, asked.Referral);
        var by = asked.By is { } named && !IsPeer(asked.Old, named) ? named.ToString() : "";
        phone.Emit(new PhoneEvent.TransferAsked(now, asked.Old.Id, TransferQuestion.Of(asked.Target, asked.Replaces is not null, asked.IsByServer, by, asked.Until)));
    }

    private void Follow(Instant now, Asked asked, CallOptions? options)
    {
        if (phone.IsShuttingDown || asked.Old.Succession.IsFollowed || phone.Following >= MostAtOnce)
        {
            Close(now, asked, ReferralOutcome.Refused, 486);
            return;
        }

        var call = phone.Follow(now, asked.Old, asked.Target, HeadersOf(asked), asked.Referral, options);
        Tell(now, asked, ReferralOutcome.Followed, call.Id);
        phone.Sip.AcceptReferral(now, asked.Referral);
        phone.DialFollowed(now, call);
    }

    private void Refuse(Instant now, Asked asked, int status)
    {
        Tell(now, asked, ReferralOutcome.Refused, null);
        phone.Sip.RefuseReferral(now, asked.Referral, status);
    }

    /// <summary>It was accepted with 202, so how it ended goes into a NOTIFY (RFC 3515 §2.4.5).</summary>
    private void Close(Instant now, Asked asked, ReferralOutcome outcome, int status)
    {
        Tell(now, asked, outcome, null);
        phone.Sip.TellReferral(now, asked.Referral, status, ReasonPhrase.Of(status));
        phone.Sip.RefuseReferral(now, asked.Referral, status);
    }

    private void Tell(Instant now, Asked asked, ReferralOutcome outcome, CallId? call) =>
        phone.Emit(new PhoneEvent.TransferRequested(now, asked.Old.Id, asked.Target.ToString(), call) { By = asked.By?.ToString() ?? "", Outcome = outcome });

    // DEVIATION: RFC 3892 §2.1 has Referred-By copied from the REFER. A stranger could so speak in anybody's name to whom we are sent, with our own
    // server's word for it; only what a call by our server says of its own other side goes on (ReferralQuestionTests.ReferredBy_OfAStranger_IsNotPassedOn).

    /// <summary>Of the headers that the peer wishes for only Replaces is taken.</summary>
    private static List<KeyValuePair<string, string>> HeadersOf(Asked asked)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (asked.Replaces is { } replaces) headers.AddRange([new(HeaderName.Replaces, replaces.ToString()), new(HeaderName.Require, "replaces")]);
        if (asked is { IsByServer: true, By: { } by } && IsPeer(asked.Old, by)) headers.Add(new(HeaderName.ReferredBy, $"<{by}>"));
        return headers;
    }

    private static bool IsPeer(Call call, SipUri named) => SipUri.TryParse(call.Peer, out var peer, out _) && peer.AddressOfRecord.IsEquivalentTo(named.AddressOfRecord);

    /// <summary>One REFER that may be followed.</summary>
    private sealed record Asked(Call Old, ReferralId Referral, SipUri Target, ReplacesHeader? Replaces, SipUri? By, bool IsByServer, Instant Until);
}
