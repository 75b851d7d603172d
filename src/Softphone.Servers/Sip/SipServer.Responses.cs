using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Servers;

/// <summary>Responses on their way upstream (RFC 3261 §16.7), those of our own, and the timers of both sides (§17).</summary>
public sealed partial class SipServer
{
    private static readonly TimeSpan RingingTime = TimeSpan.FromMinutes(3);

    private void OnResponse(SipFlow flow, SipResponse response)
    {
        if (!response.Headers.TryVia(out var via) || via.Branch is null || !response.Headers.TryCSeq(out var cseq)
            || !_byBranch.TryGetValue(via.Branch, out var transaction))
        {
            Dropped++;
            return;
        }

        if (cseq.Method == SipMethod.Cancel)
        {
            _timers.Cancel((transaction.Id, ProxyTimer.RepeatCancel));
            return;
        }

        // Whoever answers knows the branch of our Via, so it is who was asked.
        if (response.IsSuccess) _calls.Settle(transaction.Request.Headers.CallId!);
        LearnFlow(response, flow, isSure: true);
        response.Headers.SetTopVia(null);
        if (transaction.State == ProxyState.Accepted)
        {
            if (response.IsSuccess) Send(transaction.Upstream, response);
        }
        else if (transaction.State == ProxyState.Completed)
        {
            // The final response again: our ACK was lost.
            if (transaction.IsInvite && response.Status >= 300) Acknowledge(transaction, response);
        }
        else if (response.IsProvisional)
        {
            OnProvisional(transaction, response);
        }
        else
        {
            if (transaction.IsInvite && response.Status >= 300) Acknowledge(transaction, response);
            Conclude(transaction, response);
        }
    }

    private void OnProvisional(ProxyTransaction transaction, SipResponse response)
    {
        transaction.State = ProxyState.Proceeding;
        if (transaction.IsInvite)
        {
            _timers.Cancel((transaction.Id, ProxyTimer.Repeat));
            if (!transaction.IsCancelSent) _timers.Set((transaction.Id, ProxyTimer.GiveUp), _now + RingingTime);
        }

        if (response.Status > 100) Relay(transaction, response);
        if (transaction.Cancel is not null && !transaction.IsCancelSent) SendCancel(transaction);
    }

    /// <summary>Sends a response upstream and keeps it for repeats of the request.</summary>
    private void Relay(ProxyTransaction transaction, SipResponse response)
    {
        var octets = response.ToArray();
        transaction.LastResponse = octets;
        _out.Enqueue(transaction.Upstream.Path, transaction.Upstream.Remote, octets);
    }

    /// <summary>The final response of a transaction, from downstream or of our own.</summary>
    private void Conclude(ProxyTransaction transaction, SipResponse response)
    {
        foreach (var timer in (ReadOnlySpan<ProxyTimer>)[ProxyTimer.Repeat, ProxyTimer.GiveUp, ProxyTimer.RepeatCancel])
            _timers.Cancel((transaction.Id, timer));
        transaction.State = transaction.IsInvite && response.IsSuccess ? ProxyState.Accepted : ProxyState.Completed;
        Relay(transaction, response);
        if (transaction.Branch is not null && IsFirstInvite(transaction) && _trace.IsOn)
            _trace.Emit(new SipServerTrace.CallAnswered(_now, _name, transaction.Request.Headers.CallId!, response.Status));
        if (transaction.Branch is null)
        {
            if (response.Status >= 300) Refused++;
            if (_trace.IsOn)
            {
                _trace.Emit(new SipServerTrace.Answered(
                    _now, _name, transaction.Request.Method, transaction.Request.RequestUri.ToString(), response.Status));
            }
        }

        if (transaction is { IsInvite: true, State: ProxyState.Completed, Upstream.IsReliable: false })
        {
            transaction.Interval = T1;
            _timers.Set((transaction.Id, ProxyTimer.RepeatResponse), _now + T1);
        }

        _timers.Set((transaction.Id, ProxyTimer.Forget), _now + TransactionTime);
    }

    /// <summary>A call begins with an INVITE out of dialog and ends with a BYE.</summary>
    private void TraceCall(ProxyTransaction transaction)
    {
        if (!_trace.IsOn) return;
        var headers = transaction.Request.Headers;
        if (transaction.Request.Method == SipMethod.Bye) _trace.Emit(new SipServerTrace.CallEnded(_now, _name, headers.CallId!));
        else if (IsFirstInvite(transaction) && headers.TryFrom(out var from) && headers.TryTo(out var to))
            _trace.Emit(new SipServerTrace.CallStarted(_now, _name, headers.CallId!, from.Uri.ToString(), to.Uri.ToString()));
    }

    private static bool IsFirstInvite(ProxyTransaction transaction) =>
        transaction.IsInvite && transaction.Request.Headers.TryTo(out var to) && to.Tag is null;

    private void Answer(ProxyTransaction transaction, int status, string? reason = null)
    {
        var response = SipResponse.For(transaction.Request, status, reason, NewTag());
        Conclude(transaction, response);
    }

    /// <summary>
    /// Answers without keeping anything (RFC 3261 §8.2.7): who has proved nothing costs no memory. A repeat is judged anew, with the same tag;
    /// the ACK to such an answer matches nothing and ends here.
    /// </summary>
    private void Refuse(SipFlow flow, SipRequest request, SipResponse response)
    {
        if (!flow.IsReliable && !_refusals.TryTake(flow.Remote.Ip.Site, _now))
        {
            Dropped++;
            return;
        }

        if (response.Status >= 300) Refused++;
        if (_trace.IsOn) _trace.Emit(new SipServerTrace.Answered(_now, _name, request.Method, request.RequestUri.ToString(), response.Status));
        request.Headers.TryVia(out var via);
        Send(ResponseFlow(flow, via!), response);
    }

    private void Refuse(SipFlow flow, SipRequest request, int status, string? reason = null)
    {
        var response = SipResponse.For(request, status, reason, StatelessTag(request));
        if (status == 405) response.Headers.Add(HeaderName.Allow, "REGISTER, OPTIONS");
        if (status == 420)
            foreach (var tag in request.Headers.GetList(HeaderName.ProxyRequire)) response.Headers.Add(HeaderName.Unsupported, tag);
        Refuse(flow, request, response);
    }

    private void Challenge(SipFlow flow, SipRequest request, int status, DigestVerdict verdict)
    {
        var challenge = SipResponse.For(request, status, toTag: StatelessTag(request));
        _digest.Challenge(challenge, _now, verdict == DigestVerdict.Stale);
        Refuse(flow, request, challenge);
    }

    /// <summary>The same for the same request, another for others and in another run.</summary>
    private string StatelessTag(SipRequest request) => Fnv(_stamp, request.Headers.CallId, request.Headers.Get(HeaderName.From), request.Headers.Get(HeaderName.CSeq), request.Headers.Get(HeaderName.Via));

    /// <summary>The ACK to a final response other than 2xx is hop by hop, under the branch of the INVITE (§17.1.1.3).</summary>
    private void Acknowledge(ProxyTransaction transaction, SipResponse response)
    {
        var invite = transaction.Forwarded!;
        var ack = new SipRequest(SipMethod.Ack, invite.RequestUri);
        invite.Headers.TryVia(out var via);
        ack.Headers.Add(HeaderName.Via, via!.ToString());
        foreach (var header in invite.Headers)
            if (header.Name is HeaderName.From or HeaderName.CallId or HeaderName.Route or HeaderName.MaxForwards) ack.Headers.Add(header);
        ack.Headers.Add(HeaderName.To, response.Headers.Get(HeaderName.To) ?? invite.Headers.Get(HeaderName.To)!);
        invite.Headers.TryCSeq(out var cseq);
        ack.Headers.Add(HeaderName.CSeq, $"{cseq.Number} {SipMethod.Ack}");
        Send(transaction.Downstream, ack);
    }

    private void OnTimer(ProxyTransaction transaction, ProxyTimer timer)
    {
        switch (timer)
        {
            case ProxyTimer.Repeat:
                Send(transaction.Downstream, transaction.Forwarded!);
                var isCapped = !transaction.IsInvite;
                Again(transaction, timer, transaction.State == ProxyState.Proceeding ? T2 : isCapped ? Min(2 * transaction.Interval, T2) : 2 * transaction.Interval);
                break;
            case ProxyTimer.RepeatResponse:
                _out.Enqueue(transaction.Upstream.Path, transaction.Upstream.Remote, transaction.LastResponse);
                Again(transaction, timer, Min(2 * transaction.Interval, T2));
                break;
            case ProxyTimer.RepeatCancel:
                Send(transaction.Downstream, transaction.Cancel!);
                Again(transaction, timer, Min(2 * transaction.Interval, T2));
                break;
            case ProxyTimer.GiveUp when transaction.IsInvite:
                OnInviteTimeout(transaction);
                break;
            default:
                // A request other than INVITE that nobody answered ends in silence: its sender has timed out too (RFC 4320 §4.2).
                Forget(transaction);
                break;
        }
    }

    private void OnInviteTimeout(ProxyTransaction transaction)
    {
        if (transaction.State == ProxyState.Proceeding && transaction.Cancel is null)
        {
            // Timer C: it has rung long enough (§16.8).
            transaction.Cancel = CancelOf(transaction.Forwarded!, transaction.Request);
            SendCancel(transaction);
            return;
        }

        Conclude(transaction, SipResponse.For(transaction.Request, transaction.IsCancelSent ? 487 : 408, toTag: NewTag()));
    }

    private void Again(ProxyTransaction transaction, ProxyTimer timer, TimeSpan interval)
    {
        transaction.Interval = interval;
        _timers.Set((transaction.Id, timer), _now + interval);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>Keeps a request; false when its source has its share of transactions already, or all are taken.</summary>
    private bool TryRemember(SipFlow flow, SipRequest request, string key, int share, [NotNullWhen(true)] out ProxyTransaction? transaction)
    {
        transaction = null;
        if (_transactions.Count >= _options.Capacity || !_shares.TryTake(flow.Remote.Ip, share)) return false;
        request.Headers.TryVia(out var via);
        transaction = new ProxyTransaction(++_lastId, request, ResponseFlow(flow, via!), key);
        _transactions.Add(transaction.Id, transaction);
        _byServerKey[key] = transaction;
        return true;
    }

    /// <summary>Where responses go: the same connection, or over UDP the source noted in the Via, at its own port when it asked for that (RFC 3581 §4).</summary>
    private static SipFlow ResponseFlow(SipFlow flow, Via via) =>
        flow.IsReliable || via.Rport is not null ? flow : flow with { Remote = flow.Remote with { Port = via.EffectivePort } };

    private void Forget(ProxyTransaction transaction)
    {
        foreach (var timer in Enum.GetValues<ProxyTimer>()) _timers.Cancel((transaction.Id, timer));
        if (!_transactions.Remove(transaction.Id)) return;
        _shares.Return(transaction.Upstream.Remote.Ip);
        if (_byServerKey.GetValueOrDefault(transaction.ServerKey) == transaction) _byServerKey.Remove(transaction.ServerKey);
        if (transaction.Branch is { } branch) _byBranch.Remove(branch);
    }
}
