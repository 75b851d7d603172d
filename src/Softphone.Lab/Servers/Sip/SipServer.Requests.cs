using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>What happens to a request: repeats, judgement, credentials, and who is to get it (RFC 3261 §16.3–16.5).</summary>
public sealed partial class SipServer
{
    private void OnRequest(SipFlow flow, SipRequest request)
    {
        if (!request.Headers.TryVia(out var via))
        {
            Dropped++;
            return;
        }

        request.Headers.SetTopVia(via.WithSource(flow.Remote));
        var key = ServerKey(via, request.Method == SipMethod.Ack ? SipMethod.Invite : request.Method);
        if (_byServerKey.TryGetValue(key, out var known))
        {
            OnRepeat(known, request);
            return;
        }

        Requests++;
        if (request.Method == SipMethod.Ack)
        {
            ForwardAck(flow, request);
            return;
        }

        var transaction = Remember(flow, request, key);
        if (Judge(request) is { } owed) Answer(transaction, owed.Status, owed.Reason);
        else if (request.Method == SipMethod.Cancel) OnCancel(transaction, via);
        else Route(transaction);
    }

    /// <summary>The request again, or the ACK to our final response (§17.2).</summary>
    private void OnRepeat(ProxyTransaction transaction, SipRequest request)
    {
        if (request.Method == SipMethod.Ack)
        {
            if (transaction.State == ProxyState.Completed) _timers.Cancel((transaction.Id, ProxyTimer.RepeatResponse));
            return;
        }

        if (transaction.LastResponse is { } response && transaction.State != ProxyState.Accepted)
            _out.Enqueue(transaction.Upstream.Path, transaction.Upstream.Remote, response);
    }

    private (int Status, string? Reason)? Judge(SipRequest request)
    {
        if (SipValidator.Check(request) is { } fault) return fault;
        if (!request.RequestUri.IsSip) return (416, null);
        if (request.Headers.MaxForwards == 0) return (483, null);
        if (request.Method != SipMethod.Cancel && request.Headers.Has(HeaderName.ProxyRequire)) return (420, null);
        return IsLooping(request) ? (482, null) : _transactions.Count > _options.Capacity ? (503, null) : null;
    }

    private void Route(ProxyTransaction transaction)
    {
        var request = transaction.Request;
        var routes = TakeOwnRoutes(request);
        if (routes.Count == 0 && IsForMe(request.RequestUri) && request.RequestUri.User is null)
        {
            ServeHere(transaction);
            return;
        }

        if (request.Method == SipMethod.Register)
        {
            // A REGISTER names the domain alone; one for another domain is none of ours.
            Answer(transaction, 403);
            return;
        }

        if (!IsAuthorised(transaction)) return;
        LearnFlow(request, transaction.Upstream);
        if (TryTarget(request, routes, out var flow, out var target, out var status)) Forward(transaction, flow, target, routes);
        else Answer(transaction, status);
    }

    private void ServeHere(ProxyTransaction transaction)
    {
        switch (transaction.Request.Method)
        {
            case SipMethod.Register:
                OnRegister(transaction);
                break;
            case SipMethod.Options:
                var response = SipResponse.For(transaction.Request, 200, toTag: NewTag());
                response.Headers.Add(HeaderName.Allow, "REGISTER, OPTIONS, INVITE, ACK, CANCEL, BYE, UPDATE, PRACK, INFO, REFER, SUBSCRIBE, NOTIFY, MESSAGE");
                Conclude(transaction, response);
                break;
            default:
                Answer(transaction, 405);
                break;
        }
    }

    /// <summary>Requests out of dialog from our own domain need credentials of the user in From (§22.3).</summary>
    private bool IsAuthorised(ProxyTransaction transaction)
    {
        var request = transaction.Request;
        if (!_options.ChallengesCalls || !request.Headers.TryFrom(out var from) || !request.Headers.TryTo(out var to)) return true;
        if (to.Tag is not null || !IsMyHost(from.Uri.Host)) return true;
        switch (_digest.Verify(request, isProxy: true, _now, PasswordOf, out var user))
        {
            case DigestVerdict.Accepted when user == from.Uri.DisplayUser:
                return true;
            case DigestVerdict.Accepted:
                Answer(transaction, 403);
                return false;
            case var verdict:
                var challenge = SipResponse.For(request, 407, toTag: NewTag());
                _digest.Challenge(challenge, _now, verdict == DigestVerdict.Stale);
                Conclude(transaction, challenge);
                return false;
        }
    }

    private string? PasswordOf(string user) => _options.Users.GetValueOrDefault(user);

    /// <summary>Where the request goes: the next Route, the location of our user, or the party of a call.</summary>
    private bool TryTarget(SipRequest request, List<NameAddr> routes, out SipFlow flow, out SipUri target, out int status)
    {
        target = request.RequestUri;
        flow = default;
        status = 404;
        if (routes.Count > 0) return TryReach(routes[0].Uri, out flow);
        if (_callPaths.TryFind(request.Headers.CallId!, target.ToString(), out flow)) return true;
        if (!IsForMe(target)) return TryReach(target, out flow);
        var user = target.DisplayUser;
        if (!_options.Users.ContainsKey(user)) return false;
        status = 480;
        if (_locations.Best(user) is not { } binding) return false;
        flow = binding.Flow;
        target = binding.Contact.Uri;
        return true;
    }

    /// <summary>A neighbour by its address; the server resolves no names.</summary>
    private bool TryReach(SipUri uri, out SipFlow flow)
    {
        flow = default;
        if (!IpAddress.TryParse(uri.Host, out var ip)) return false;
        var transport = uri.TransportName switch { "tcp" => Transport.Tcp, "tls" => Transport.Tls, _ => Transport.Udp };
        if (_listeners.Find(l => l.Transport == transport && l.Ip.IsV4 == ip.IsV4) is not { } listener) return false;
        flow = listener.To(new Address(ip, uri.EffectivePort));
        return true;
    }

    /// <summary>Undoes strict routing and takes off the Routes that name this server (§16.4). What remains is where the request goes next.</summary>
    private List<NameAddr> TakeOwnRoutes(SipRequest request)
    {
        var routes = request.Headers.Routes().ToList();
        if (routes.Count > 0 && IsForMe(request.RequestUri) && request.RequestUri.IsLoose)
        {
            request.RequestUri = routes[^1].Uri.AsRequestUri();
            routes.RemoveAt(routes.Count - 1);
        }

        while (routes.Count > 0 && IsForMe(routes[0].Uri)) routes.RemoveAt(0);
        return routes;
    }

    private bool IsForMe(SipUri uri) =>
        uri.IsSip && IsMyHost(uri.Host) && (uri.Port is null or 0 || IsOwnPort(uri.Port.Value));

    private bool IsMyHost(string host) =>
        host.Equals(_options.Domain, StringComparison.OrdinalIgnoreCase)
        || IsMyAddress(host)
        || _options.Aliases.Contains(host, StringComparer.OrdinalIgnoreCase);

    private bool IsMyAddress(string host) => IpAddress.TryParse(host, out var ip) && (ip == _options.Address.Ip || ip == _options.OtherFamily);

    /// <summary>Remembers by which flow the sender of this Contact was heard.</summary>
    private void LearnFlow(SipMessage message, SipFlow flow)
    {
        if (message.Headers.CallId is { } callId && message.Headers.TryContact(out var contact)) _callPaths.Learn(callId, contact.Uri.ToString(), flow);
    }

    private static string ServerKey(Via via, string method) => $"{via.Branch}|{via.Host}:{via.EffectivePort}|{method}";
}
