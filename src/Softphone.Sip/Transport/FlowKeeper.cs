using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Keeps the flows of registrations and calls alive and finds out when they are not (RFC 5626 §4.4): the first keepalive goes out at once, each next one
/// after 80 to 100 % of the interval. What asks is preferred to what only sends, since a NAT that forgot us shows in the answer alone.
/// DEVIATION: STUN and pings go to servers that did not announce that they take them (§4.4, RFC 6223), and a missing answer is a failure only where
/// one came before on this flow: many servers swallow what they do not know.
/// </summary>
internal sealed class FlowKeeper(SipAgentOptions options, IEntropy entropy, TransmitQueue output, IFlowKeeperUser user)
{
    private const int MostSendings = 5;
    private const int MostMute = 64;
    private const int RequestRoom = 64;

    /// <summary>A stream has so long to answer (§4.4.1); five sendings of STUN take as long.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>A server that was never heard to answer is given less, before it is asked otherwise.</summary>
    private static readonly TimeSpan FirstAnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>Two sendings of a keepalive have waited long enough for their answers, where one always came.</summary>
    private static readonly TimeSpan FaintAfter = TimeSpan.FromSeconds(3.5);

    /// <summary>Two sendings without an answer, and then one: the server was away, and may have come back without its memory.</summary>
    private static readonly TimeSpan LateBy = TimeSpan.FromSeconds(1.4);

    /// <summary>The first repetition of a STUN request (RFC 8489 §6.2.1); the pauses double.</summary>
    private static readonly TimeSpan FirstRepeat = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<Flow, KeptFlow> _kept = [];
    private readonly TimerTable<(Flow Flow, KeepaliveTimer Timer)> _timers = new();

    /// <summary>Servers of streams that answered nothing on a fresh connection. It may have died at once, so it is opened anew, but only this once.</summary>
    private readonly HashSet<Address> _mute = [];

    public Instant? NextTimeout => _timers.Next;

    public bool Keeps(Flow flow) => _kept.ContainsKey(flow);

    /// <summary>Keeps a flow alive until it is released as often, or fails.</summary>
    /// <param name="now">The time.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="registered">Where the registrar saw the REGISTER come from; null where that is not told.</param>
    /// <param name="kept">The hold, which is released once. It is set before the first keepalive asks its owner for a request.</param>
    public void Keep(Instant now, in Flow flow, Address? registered, out KeptFlow kept)
    {
        if (_kept.TryGetValue(flow, out var known))
        {
            kept = known;
            kept.Users++;
            kept.Registered = registered ?? kept.Registered;
            return;
        }

        _kept[flow] = kept = new KeptFlow(flow, FirstMeans(flow)) { Registered = registered };
        Ask(now, flow, kept);
    }

    /// <summary>The registrar answered once more on a flow that is kept.</summary>
    public void Refreshed(Instant now, KeptFlow kept, Address? registered)
    {
        kept.Registered = registered;
        if (kept.IsForgotten || kept.Means != KeepaliveMeans.Blind) return;
        kept.Means = FirstMeans(kept.Flow);
        Ask(now, kept.Flow, kept);
    }

    public void Release(KeptFlow kept)
    {
        if (!kept.IsForgotten && --kept.Users == 0) Forget(kept.Flow);
    }

    public void Forget(in Flow flow)
    {
        if (!_kept.Remove(flow, out var kept)) return;
        kept.IsForgotten = true;
        _timers.Cancel((flow, KeepaliveTimer.Ask));
        StopWaiting(flow);
    }

    /// <summary>Forgets every flow of a path.</summary>
    public void Forget(PathId path)
    {
        foreach (var flow in _kept.Keys.Where(flow => flow.Path == path).ToList()) Forget(flow);
    }

    public void Advance(Instant now)
    {
        while (_timers.TryExpire(now, out var timer))
        {
            if (!_kept.TryGetValue(timer.Flow, out var kept)) continue;
            if (timer.Timer == KeepaliveTimer.Ask) Ask(now, timer.Flow, kept);
            else if (timer.Timer == KeepaliveTimer.Repeat) SendBinding(now, timer.Flow, kept);
            else if (timer.Timer == KeepaliveTimer.Faint) user.OnFaint(now, timer.Flow, kept.AskedAt);
            else GiveUpWaiting(now, timer.Flow, kept);
        }
    }

    /// <summary>A CRLF on a stream: true when it is the answer that we wait for.</summary>
    public bool TakePong(Instant now, in Flow flow) =>
        _kept.TryGetValue(flow, out var kept) && kept.Means == KeepaliveMeans.Native && Answered(now, flow, null);

    /// <summary>What may be STUN on a datagram flow. Only the server that was asked, and only the transaction under way, is believed.</summary>
    public void TakeBinding(Instant now, in Flow flow, ReadOnlySpan<byte> datagram)
    {
        if (options.Stun is not { } stun || !_kept.TryGetValue(flow, out var kept) || kept.Means != KeepaliveMeans.Native) return;
        Span<byte> id = stackalloc byte[IBindingCodec.IdLength];
        if (stun.TryRead(datagram, id, out var mapped) && id.SequenceEqual(kept.Id)) Answered(now, flow, mapped);
    }

    /// <summary>The keepalive under way has its answer.</summary>
    /// <param name="now">The time.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="mapped">Where the server saw it come from; null where it does not say.</param>
    /// <returns>False when none is under way.</returns>
    public bool Answered(Instant now, in Flow flow, Address? mapped)
    {
        if (!_kept.TryGetValue(flow, out var kept)) return false;
        if (!StopWaiting(flow))
        {
            // A request that was given up is answered after all: the server does answer, and was away.
            if (kept.Means == KeepaliveMeans.Blind) (kept.Means, kept.IsProved) = (KeepaliveMeans.Request, true);
            return false;
        }

        var took = now - kept.AskedAt;
        var isLate = kept.IsProved && !flow.IsReliable && took > kept.Took + LateBy;
        kept.Took = took;
        kept.IsProved = true;
        kept.IsDoubtable = false;
        kept.AnsweredAt = now;
        _mute.Remove(flow.Remote);
        if (flow.IsReliable || mapped is not { } seen) return true;
        // STUN may be answered by another program than SIP, which sees another address: only what both told the same way is compared.
        var before = kept.Mapped ?? (kept.Means == KeepaliveMeans.Request ? kept.Registered : null);
        kept.Mapped = seen;
        if (before is { } was && was != seen && kept.Registered != seen) user.OnMapped(now, flow, was, seen);
        else if (isLate) user.OnLate(now, flow);
        return true;
    }

    /// <summary>A datagram of ours came back: nobody listens there.</summary>
    public void Refused(Instant now, in Flow flow)
    {
        if (!_kept.TryGetValue(flow, out var kept) || !kept.IsDoubtable) return;
        kept.IsDoubtable = false;
        StopWaiting(flow);
        user.OnDoubted(now, flow, PathError.Refused, kept.AskedAt);
    }

    private KeepaliveMeans FirstMeans(in Flow flow) =>
        flow.IsReliable || options.Stun is not null ? KeepaliveMeans.Native : KeepaliveMeans.Request;

    private void Ask(Instant now, in Flow flow, KeptFlow kept)
    {
        var interval = flow.IsReliable ? options.StreamKeepalive : options.UdpKeepalive;
        if (interval <= TimeSpan.Zero) return;
        _timers.Set((flow, KeepaliveTimer.Ask), now + interval * (0.8 + 0.2 * entropy.NextDouble()));
        if (_timers.DueOf((flow, KeepaliveTimer.Answer)) is not null) return;
        kept.AskedAt = now;
        kept.IsDoubtable = true;
        if (kept.Means == KeepaliveMeans.Blind)
        {
            output.Enqueue(flow.Path, flow.Remote, flow.IsReliable ? "\r\n\r\n"u8 : "\r\n"u8, StreamUse.Existing);
            return;
        }

        _timers.Set((flow, KeepaliveTimer.Answer), now + (kept.IsProved ? AnswerLimit : FirstAnswerLimit));
        if (kept.IsProved) _timers.Set((flow, KeepaliveTimer.Faint), now + FaintAfter);
        if (kept.Means == KeepaliveMeans.Request)
        {
            user.OnProbeDue(now, flow);
        }
        else if (flow.IsReliable)
        {
            output.Enqueue(flow.Path, flow.Remote, "\r\n\r\n"u8, StreamUse.Existing);
        }
        else
        {
            kept.NewId(entropy);
            kept.Sendings = 0;
            SendBinding(now, flow, kept);
        }
    }

    private void SendBinding(Instant now, in Flow flow, KeptFlow kept)
    {
        Span<byte> request = stackalloc byte[RequestRoom];
        output.Enqueue(flow.Path, flow.Remote, request[..options.Stun!.Write(request, kept.Id)]);
        if (++kept.Sendings < MostSendings) _timers.Set((flow, KeepaliveTimer.Repeat), now + FirstRepeat * (1 << (kept.Sendings - 1)));
    }

    private void GiveUpWaiting(Instant now, in Flow flow, KeptFlow kept)
    {
        StopWaiting(flow);
        if (kept.IsProved)
        {
            kept.IsProved = false;
            user.OnDoubted(now, flow, PathError.TimedOut, kept.AskedAt);
            return;
        }

        kept.Mapped = null;
        if (kept.Means == KeepaliveMeans.Native)
        {
            kept.Means = KeepaliveMeans.Request;
            Ask(now, flow, kept);
            return;
        }

        // It may answer none, or the way there has died since the REGISTER: whoever can ask by another way finds out.
        kept.Means = KeepaliveMeans.Blind;
        user.OnFaint(now, flow, kept.AskedAt);
        if (!flow.IsReliable || _mute.Contains(flow.Remote)) return;
        if (_mute.Count == MostMute) _mute.Clear();
        _mute.Add(flow.Remote);
        user.OnDoubted(now, flow, PathError.TimedOut, kept.AskedAt);
    }

    /// <returns>Whether an answer was waited for.</returns>
    private bool StopWaiting(in Flow flow)
    {
        _timers.Cancel((flow, KeepaliveTimer.Repeat));
        _timers.Cancel((flow, KeepaliveTimer.Faint));
        return _timers.Cancel((flow, KeepaliveTimer.Answer));
    }
}
