using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Servers;

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

        if (Judge(request) is { } owed) Refuse(flow, request, owed.Status, owed.Reason);
        else if (request.Method == SipMethod.Cancel) OnCancel(flow, request, via, key);
        else Route(flow, request, key);
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
        return IsLooping(request) ? (482, null) : null;
    }

    private int UsersShare => _options.Capacity / 4;

    private int StrangersShare => Math.Max(1, _options.Capacity / 20);

    private void Route(SipFlow flow, SipRequest request, string key)
    {
        var routes = TakeOwnRoutes(request);
        if (routes.Count == 0 && IsForMe(request.RequestUri) && request.RequestUri.User is null)
        {
            ServeHere(flow, request, key);
            return;
        }

        if (request.Method == SipMethod.Register)
        {
            // A REGISTER names the domain alone; one for another domain is none of ours.
            Refuse(flow, request, 403);
            return;
        }

        if (!TryAdmit(flow, request, out var access)) return;
        var isFound = TryTarget(request, access, routes, out var downstream, out var target, out var status);
        if (!isFound && access == SipAccess.Party && request.Headers.TryFrom(out var from) && IsMyHost(from.Uri.Host))
        {
            // Whoever it is for was not heard in this call since the server was started: what a user may do besides, he may with his credentials.
            if (!TryAuthenticate(flow, request, from)) return;
            access = SipAccess.User;
            isFound = TryTarget(request, access, routes, out downstream, out target, out status);
        }

        if (!isFound)
        {
            Refuse(flow, request, status);
            return;
        }

        if (!TryRemember(flow, request, key, access == SipAccess.Stranger ? StrangersShare : UsersShare, out var transaction))
        {
            Refuse(flow, request, 503);
            return;
        }

        if (access != SipAccess.Party && request.Headers.TryContact(out var contact)) _calls.Begin(request.Headers.CallId!, contact.Uri.ToString(), transaction.Upstream);
        else LearnFlow(request, transaction.Upstream, isSure: _locations.Holds(transaction.Upstream));
        Forward(transaction, downstream, target, routes);
    }

    private void ServeHere(SipFlow flow, SipRequest request, string key)
    {
        switch (request.Method)
        {
            case SipMethod.Register:
                OnRegister(flow, request, key);
                break;
            case SipMethod.Options:
                var response = SipResponse.For(request, 200, toTag: StatelessTag(request));
                response.Headers.Add(HeaderName.Allow, "REGISTER, OPTIONS, INVITE, ACK, CANCEL, BYE, UPDATE, PRACK, INFO, REFER, SUBSCRIBE, NOTIFY, MESSAGE");
                Refuse(flow, request, response);
                break;
            default:
                Refuse(flow, request, 405);
                break;
        }
    }

    /// <summary>
    /// Tells who asks; false when that was answered already. Within a call that was set up here nobody is asked for credentials. From our own
    /// domain, out of dialog or within a call that this server does not know (it was started anew), they are those of the user in From (§22.3).
    /// </summary>
    private bool TryAdmit(SipFlow flow, SipRequest request, out SipAccess access)
    {
        request.Headers.TryFrom(out var from);
        request.Headers.TryTo(out var to);
        access = SipAccess.Party;
        var isWithin = to!.Tag is not null;
        if (isWithin && _calls.Knows(request.Headers.CallId!)) return true;
        if (IsMyHost(from!.Uri.Host))
        {
            access = SipAccess.User;
            return TryAuthenticate(flow, request, from);
        }

        access = SipAccess.Stranger;
        if (isWithin) Refuse(flow, request, 481);
        return !isWithin;
    }

    private bool TryAuthenticate(SipFlow flow, SipRequest request, NameAddr from)
    {
        var verdict = _digest.Verify(request, isProxy: true, _now, PasswordOf, out var user);
        if (verdict != DigestVerdict.Accepted) Challenge(flow, request, 407, verdict);
        else if (user != from.Uri.DisplayUser) Refuse(flow, request, 403);
        else return true;
        return false;
    }

    private string? PasswordOf(string user) => _options.Users.GetValueOrDefault(user);

    /// <summary>Where the request goes, by who asks: along its call, to the location of a user, or to a neighbour that the owner lets users reach.</summary>
    private bool TryTarget(SipRequest request, SipAccess access, List<NameAddr> routes, out SipFlow flow, out SipUri target, out int status)
    {
        target = request.RequestUri;
        flow = default;
        status = 403;
        var callId = request.Headers.CallId!;
        if (routes.Count > 0)
        {
            return access switch
            {
                SipAccess.Party => TryAddress(routes[0].Uri, out var next) && _calls.TryFind(callId, next, out flow),
                SipAccess.User => TryReach(routes[0].Uri, out flow, out status),
                _ => false,
            };
        }

        // A connection to a client cannot be opened anew from here: where that of the call is gone, the client's registration is the way.
        if (access == SipAccess.Party && _calls.TryFind(callId, target.ToString(), out flow))
        {
            if (flow.IsReliable && !_streams.Holds(flow) && _locations.TryFindHost(target, out var registered)) flow = registered;
            return true;
        }

        if (!IsForMe(target))
        {
            if (access == SipAccess.Stranger) return false;
            if (_locations.TryFindContact(target, out var bound))
            {
                flow = bound.Flow;
                return true;
            }

            return access == SipAccess.User && (_locations.TryFindHost(target, out flow) || TryReach(target, out flow, out status));
        }

        var user = target.DisplayUser;
        status = 404;
        if (!_options.Users.ContainsKey(user)) return false;
        status = 480;
        if (_locations.Best(user) is not { } binding) return false;
        flow = binding.Flow;
        target = binding.Contact.Uri;
        return true;
    }

    /// <summary>A neighbour by its address; the server resolves no names.</summary>
    private bool TryReach(SipUri uri, out SipFlow flow, out int status)
    {
        flow = default;
        status = 404;
        if (!TryAddress(uri, out var address)) return false;
        status = 403;
        if (IsMyAddress(uri.Host) || _options.OwnAddresses.Contains(address.Ip) ? !_options.Peers.Names(address.Ip) && !address.Ip.IsLoopback : !_options.Peers.Allows(address.Ip)) return false;
        status = 404;
        var transport = uri.TransportName switch { "tcp" => Transport.Tcp, "tls" => Transport.Tls, _ => Transport.Udp };
        if (_listeners.Find(l => l.Transport == transport && l.Ip.IsV4 == address.Ip.IsV4) is not { } listener) return false;
        flow = listener.To(address);
        return true;
    }

    private static bool TryAddress(SipUri uri, out Address address)
    {
        address = IpAddress.TryParse(uri.Host, out var ip) ? new Address(ip, uri.EffectivePort) : default;
        return ip.IsValid;
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
    private void LearnFlow(SipMessage message, SipFlow flow, bool isSure)
    {
        if (message.Headers.CallId is { } callId && message.Headers.TryContact(out var contact)) _calls.Learn(callId, contact.Uri.ToString(), flow, isSure);
    }

    private static string ServerKey(Via via, string method) => $"{via.Branch}|{via.Host}:{via.EffectivePort}|{method}";
}
