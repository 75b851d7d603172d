using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// One call takes the place of another, with its audio: the peer sent us elsewhere (RFC 3515), or an INVITE named the call that it
/// replaces (RFC 3891). The old one stays until the new one is up.
/// </summary>
internal sealed partial class Call
{
    /// <summary>Whoever sent us says BYE itself; one that does not is left.</summary>
    private static readonly TimeSpan ByeLimit = TimeSpan.FromSeconds(4);

    private Call? _predecessor;
    private Call? _successor;
    private ReferralId? _referral;
    private bool _tookAudio;

    /// <summary>How many times in a row its peers have sent us on.</summary>
    public int Hops { get; private init; }

    /// <summary>Another call is on its way to take its place.</summary>
    public bool IsFollowed => _successor is not null;

    /// <summary>On its way to whom a peer sent us.</summary>
    public bool IsFollowing => _referral is not null && _answeredAt is null && State != CallState.Ended;

    /// <summary>The call that the peer of another asks for.</summary>
    public static Call Following(PhoneMachine phone, CallId id, Call old, SipUri target, IReadOnlyList<KeyValuePair<string, string>> headers, ReferralId referral)
    {
        var call = new Call(phone, id, old._account, target, old._options with { Source = null, Sink = null, Dtmf = "" })
        {
            Hops = old.Hops + 1,
            _headers = headers,
            _predecessor = old,
            _referral = referral,
        };
        old._successor = call;
        return call;
    }

    /// <summary>An INVITE that replaces a call of ours: it rings nowhere, and is answered at once.</summary>
    public void Replace(Instant now, SipEvent.Incoming incoming, Call old)
    {
        _predecessor = old;
        old._successor = this;
        _options = old._options with { Source = null, Sink = null, Dtmf = "" };
        _wantHold = _holding = old._wantHold;
        Meet(now, incoming);
        if (!ReadOffer(now, incoming)) return;
        Begin(now);
        Accept(now);
    }

    /// <summary>What the peer that sent us is told of it.</summary>
    private void TellReferral(Instant now, int status, string reason)
    {
        if (_referral is { } referral) _phone.Sip.TellReferral(now, referral, status, reason);
    }

    /// <summary>The new call is heard from now on, and not the old one.</summary>
    private void TakeAudio()
    {
        if (_predecessor is not { } old || _tookAudio) return;
        _tookAudio = true;
        _options = _options with { Source = old._options.Source, Sink = old._options.Sink };
        old._options = old._options with { Source = null, Sink = null };
    }

    /// <summary>This call is answered: the old one goes.</summary>
    private void Succeed(Instant now)
    {
        if (_predecessor is not { } old) return;
        Inherit(now);
        if (_referral is not null) old.LeaveSoon(now, ByeLimit);
        else old.Hangup(now);
    }

    /// <summary>The talk goes on in this call.</summary>
    private void Inherit(Instant now)
    {
        if (_predecessor is not { } old) return;
        TakeAudio();
        _predecessor = null;
        old._successor = null;
        old._farewell ??= $"replaced by a call with {Peer}";
        _phone.Emit(new PhoneEvent.CallReplaced(now, old.Id, Id));
    }

    /// <summary>The new call came to nothing: the old one is heard again.</summary>
    private void GiveUpSuccession()
    {
        if (_predecessor is not { } old) return;
        _predecessor = null;
        old._successor = null;
        if (_tookAudio) old._options = old._options with { Source = _options.Source, Sink = _options.Sink };
    }
}
