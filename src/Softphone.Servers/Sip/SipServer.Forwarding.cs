using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Servers;

/// <summary>Requests on their way downstream (RFC 3261 §16.6), CANCEL (§16.10) and ACK.</summary>
public sealed partial class SipServer
{
    private void Forward(ProxyTransaction transaction, SipFlow flow, SipUri target, List<NameAddr> routes)
    {
        var forwarded = Copy(transaction.Request, target, routes, flow, transaction.Upstream, out var branch);
        transaction.Branch = branch;
        transaction.Downstream = flow;
        transaction.Forwarded = forwarded;
        _byBranch.Add(branch, transaction);
        TraceCall(transaction);
        if (_trace.IsOn) _trace.Emit(new SipServerTrace.Forwarded(_now, _name, forwarded.Method, target.ToString(), flow.Remote));
        if (transaction.IsInvite) Relay(transaction, SipResponse.For(transaction.Request, 100));
        Send(flow, forwarded);
        transaction.Interval = T1;
        if (!flow.IsReliable) _timers.Set((transaction.Id, ProxyTimer.Repeat), _now + T1);
        _timers.Set((transaction.Id, ProxyTimer.GiveUp), _now + TransactionTime);
    }

    private SipRequest Copy(SipRequest request, SipUri target, List<NameAddr> routes, SipFlow flow, SipFlow from, out string branch)
    {
        var copy = new SipRequest(request.Method, target.AsRequestUri()) { Body = request.Body };
        foreach (var header in request.Headers)
        {
            if (header.Name is not (HeaderName.Route or HeaderName.ProxyAuthorization or HeaderName.MaxForwards)) copy.Headers.Add(header);
        }

        copy.Headers.Set(HeaderName.MaxForwards, ((request.Headers.MaxForwards ?? 70) - 1).ToString());
        foreach (var authorization in request.Headers.GetAll(HeaderName.ProxyAuthorization))
            if (!authorization.Contains($"realm=\"{_options.Domain}\"", StringComparison.Ordinal)) copy.Headers.Add(HeaderName.ProxyAuthorization, authorization);
        ApplyRoutes(copy, routes);
        if (request.Method is SipMethod.Invite or SipMethod.Subscribe or SipMethod.Refer or SipMethod.Notify or SipMethod.Update)
            RecordRoute(copy, from, flow);
        branch = $"{Via.MagicCookie}{_entropy.NextToken(16)}.{LoopMark(request)}";
        copy.Headers.Prepend(HeaderName.Via, Via.Create(flow.Transport, IpOf(flow).ToString(), PortOf(flow.Transport), branch, rport: false).ToString());
        return copy;
    }

    /// <summary>A next hop that knows no loose routing gets itself as the Request-URI and the target last (§16.6 step 6).</summary>
    private static void ApplyRoutes(SipRequest copy, List<NameAddr> routes)
    {
        if (routes.Count == 0) return;
        var remaining = routes;
        if (!routes[0].IsLoose)
        {
            remaining = [.. routes.Skip(1), new NameAddr(copy.RequestUri)];
            copy.RequestUri = routes[0].Uri.AsRequestUri();
        }

        foreach (var route in remaining) copy.Headers.Add(HeaderName.Route, route.ToString());
    }

    /// <summary>One Record-Route, or two when the sides differ in transport or address family, so that each side comes back as it can (RFC 5658 §3).</summary>
    private void RecordRoute(SipRequest copy, SipFlow from, SipFlow to)
    {
        var (back, on) = (OwnRoute(from), OwnRoute(to));
        copy.Headers.Prepend(HeaderName.RecordRoute, back);
        if (back != on) copy.Headers.Prepend(HeaderName.RecordRoute, on);
    }

    private string OwnRoute(SipFlow flow)
    {
        var ip = IpOf(flow);
        var host = _options.RouteName ?? (ip.IsV6 ? $"[{ip}]" : ip.ToString());
        return $"<sip:{host}:{PortOf(flow.Transport)}{(flow.Transport switch { Transport.Tcp => ";transport=tcp", Transport.Tls => ";transport=tls", _ => "" })};lr>";
    }

    /// <summary>The address of ours that this neighbour sees.</summary>
    private IpAddress IpOf(SipFlow flow) => ListenerOf(flow.Path)?.Ip ?? _options.Address.Ip;

    private ushort PortOf(Transport transport) => transport == Transport.Tls ? _options.TlsPort : _options.Address.Port;

    private bool IsOwnPort(int port) => port == _options.Address.Port || (port == _options.TlsPort && port != 0);

    /// <summary>An ACK to a 2xx is its own transaction: forwarded once, never answered (§16.11 for what remains of state).</summary>
    private void ForwardAck(SipFlow from, SipRequest ack)
    {
        if (SipValidator.Check(ack) is not null || ack.Headers.MaxForwards == 0 || !ack.RequestUri.IsSip || IsLooping(ack))
        {
            Dropped++;
            return;
        }

        // An ACK cannot be challenged (§22.1): it goes along a call, or not at all.
        var routes = TakeOwnRoutes(ack);
        if (_calls.Knows(ack.Headers.CallId!) && TryTarget(ack, SipAccess.Party, routes, out var flow, out var target, out _))
        {
            LearnFlow(ack, from, isSure: false);
            Send(flow, Copy(ack, target, routes, flow, from, out _));
        }
        else
        {
            Dropped++;
        }
    }

    /// <summary>CANCEL goes hop by hop: answered here, and sent on under the branch of our INVITE once that has had a provisional response.</summary>
    private void OnCancel(SipFlow flow, SipRequest request, Via via, string key)
    {
        if (!_byServerKey.TryGetValue(ServerKey(via, SipMethod.Invite), out var invite) || !TryRemember(flow, request, key, _options.Capacity, out var transaction))
        {
            Refuse(flow, request, 481);
            return;
        }

        Conclude(transaction, SipResponse.For(transaction.Request, 200, toTag: NewTag()));
        if (invite.Branch is null || invite.State is not (ProxyState.Calling or ProxyState.Proceeding) || invite.Cancel is not null) return;
        invite.Cancel = CancelOf(invite.Forwarded!, transaction.Request);
        if (invite.State == ProxyState.Proceeding) SendCancel(invite);
    }

    private static SipRequest CancelOf(SipRequest invite, SipRequest received)
    {
        var cancel = new SipRequest(SipMethod.Cancel, invite.RequestUri);
        invite.Headers.TryVia(out var via);
        cancel.Headers.Add(HeaderName.Via, via!.ToString());
        foreach (var header in invite.Headers)
            if (header.Name is HeaderName.From or HeaderName.To or HeaderName.CallId or HeaderName.Route or HeaderName.MaxForwards) cancel.Headers.Add(header);
        invite.Headers.TryCSeq(out var cseq);
        cancel.Headers.Add(HeaderName.CSeq, $"{cseq.Number} {SipMethod.Cancel}");
        // Why it was cancelled matters to the phone that rang (RFC 3326).
        foreach (var reason in received.Headers.GetAll(HeaderName.Reason)) cancel.Headers.Add(HeaderName.Reason, reason);
        return cancel;
    }

    private void SendCancel(ProxyTransaction invite)
    {
        invite.IsCancelSent = true;
        Send(invite.Downstream, invite.Cancel!);
        invite.Interval = T1;
        if (!invite.Downstream.IsReliable) _timers.Set((invite.Id, ProxyTimer.RepeatCancel), _now + T1);
        // Without an answer to the INVITE by then, the call is over for us too (§9.1).
        _timers.Set((invite.Id, ProxyTimer.GiveUp), _now + TransactionTime);
    }

    /// <summary>Ours in the Vias with the mark of the same request: it has come round unchanged (§16.3 step 4). Changed, it spirals, which is fine.</summary>
    private bool IsLooping(SipRequest request)
    {
        var mark = LoopMark(request);
        foreach (var via in request.Headers.Vias().Skip(1))
        {
            if (IsMyAddress(via.Host) && IsOwnPort(via.EffectivePort)
                && via.Branch is { } branch && branch.EndsWith("." + mark, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static string LoopMark(SipRequest request) => Fnv(
        request.RequestUri.ToString(), request.Headers.CallId, request.Headers.Get(HeaderName.CSeq), request.Headers.Get(HeaderName.From),
        request.Headers.Get(HeaderName.To), request.Headers.Get(HeaderName.Route));

    /// <summary>FNV-1a over the texts, with a mark between: it guards against accidents, not attacks.</summary>
    private static string Fnv(params ReadOnlySpan<string?> texts)
    {
        var hash = 14695981039346656037UL;
        foreach (var text in texts)
        {
            foreach (var c in text ?? "-") hash = (hash ^ c) * 1099511628211UL;
        }

        return hash.ToString("x16");
    }
}
