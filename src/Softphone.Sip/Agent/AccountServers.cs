using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// The servers of one account: the places to which the names in its profile (registrar, outbound proxy, domain) lead by DNS, in use or
/// not, and nothing that a peer ever wrote. Every decision that takes a peer for a server of ours is made here: who gets credentials, whose
/// word on identities and mailboxes counts, who may ring. A server that moves is known by its old address for another hour.
/// </summary>
internal sealed class AccountServers
{
    private const int MostPlaces = 64;

    private static readonly TimeSpan KeepFor = TimeSpan.FromHours(1);

    /// <summary>Servers are looked up again before requests, this often at most.</summary>
    private static readonly TimeSpan SurveyEvery = TimeSpan.FromMinutes(5);

    private readonly Name[] _names;
    private Instant? _surveyedAt;

    public AccountServers(SipAccount settings)
    {
        var domain = new SipUri { Scheme = settings.Aor.Scheme, Host = settings.Aor.Host, Port = settings.Aor.Port };
        _names = [.. new[] { settings.Registrar, settings.OutboundProxy, domain }
            .Where(uri => uri is { IsSip: true, Host.Length: > 0 })
            .Select(uri => new Name(uri!, uri!.WantedTransport ?? settings.Transport))
            .DistinctBy(name => (name.Uri.Host.ToLowerInvariant(), name.Uri.Port, name.Transport))];
    }

    /// <summary>
    /// Whether a request that goes there goes to a server of ours: the address, the port, and TLS where the profile wants it. UDP and TCP
    /// are one place, since a long request leaves the one for the other (RFC 3261 §18.1.1).
    /// </summary>
    public bool Holds(in Flow flow)
    {
        foreach (var name in _names)
            if (name.Holds(flow)) return true;
        return false;
    }

    /// <summary>Whether what comes from there may be from a server of ours. It need not send from the port at which it listens.</summary>
    public bool IsFrom(IpAddress ip)
    {
        foreach (var name in _names)
            if (name.IsAt(ip)) return true;
        return false;
    }

    /// <summary>Whether a request is meant for a server of ours, wherever it goes first.</summary>
    public bool IsNamed(SipUri target) => Array.Exists(_names, name => name.IsMeant(target));

    /// <summary>
    /// The same server by its other address family: where DNS leads from its name to one place of each, and so to one machine. Null where that is not so.
    /// DEVIATION: a numeric Route leads to that address alone (RFC 3263 §4.2), and a server writes one of its two into it. When its family dies in mid-call the
    /// other one is tried, so that the call can still be changed and ended (BrokenFamilyTests.InACall_TheFamilyInUseDies_TheHangUpArrives).
    /// </summary>
    public Target? OtherFamilyOf(Target place)
    {
        foreach (var name in _names)
            if (name.OtherFamilyOf(place) is { } other) return other;
        return null;
    }

    /// <summary>A hop was resolved: where the profile names the very same, its targets are servers.</summary>
    public void Learn(Instant now, SipUri hop, IReadOnlyList<Target> targets)
    {
        foreach (var name in _names)
            if (name.IsSame(hop)) name.Learn(now, targets);
    }

    /// <summary>Looks up the servers, those that are not in use included, if that was not done lately.</summary>
    public void Survey(Instant now, Resolver resolver)
    {
        if (_surveyedAt is { } last && now - last < SurveyEvery) return;
        _surveyedAt = now;
        foreach (var name in _names) name.Survey(now, resolver);
    }

    /// <summary>One URI of the profile, and when DNS last led from it to each place.</summary>
    private sealed class Name : IResolverUser
    {
        private readonly Dictionary<(Address Address, bool IsSecure), Instant> _places = [];
        private readonly bool _isNumeric;

        public Name(SipUri uri, Transport? transport)
        {
            Uri = uri;
            Transport = transport;
            _isNumeric = IpAddress.TryParse(uri.Host, out var ip);
            if (!_isNumeric) return;
            if (transport != Softphone.Core.Transport.Tls) _places[(new Address(ip, uri.Port ?? 5060), false)] = default;
            if (transport is null or Softphone.Core.Transport.Tls) _places[(new Address(ip, uri.Port ?? 5061), true)] = default;
        }

        public SipUri Uri { get; }

        public Transport? Transport { get; }

        public bool Holds(in Flow flow) => _places.ContainsKey((flow.Remote, flow.Transport == Softphone.Core.Transport.Tls));

        public bool IsAt(IpAddress ip)
        {
            foreach (var (address, _) in _places.Keys)
                if (address.Ip == ip) return true;
            return false;
        }

        public Target? OtherFamilyOf(Target place)
        {
            var isSecure = place.Transport == Softphone.Core.Transport.Tls;
            if (!_places.ContainsKey((place.Address, isSecure))) return null;
            var alike = _places.Keys.Where(p => p.IsSecure == isSecure).Select(p => p.Address).ToList();
            return alike.Count == 2 && alike.Find(p => p.Ip.IsV4 != place.Address.Ip.IsV4) is { IsValid: true } other ? place with { Address = other } : null;
        }

        public bool IsSame(SipUri hop) => hop.IsSip && hop.Port == Uri.Port && hop.Host.Equals(Uri.Host, StringComparison.OrdinalIgnoreCase);

        /// <summary>Whether a URI means this name or a place of it; another port there is another server.</summary>
        public bool IsMeant(SipUri target)
        {
            var isHost = target.Host.Equals(Uri.Host, StringComparison.OrdinalIgnoreCase);
            if (isHost && (target.Port is null || target.Port == Uri.Port)) return true;
            var isNumeric = IpAddress.TryParse(target.Host, out var ip);
            foreach (var (address, _) in _places.Keys)
                if (address.Port == target.EffectivePort && (isHost || (isNumeric && address.Ip == ip))) return true;
            return false;
        }

        public void Survey(Instant now, Resolver resolver)
        {
            if (!_isNumeric) resolver.ResolveAll(now, Uri, Transport, this);
        }

        /// <summary>All that DNS has to say of the name: what it has not said for long is forgotten, but not because it says nothing.</summary>
        public void OnResolved(Instant now, IReadOnlyList<Target> targets, NameAnswer? last)
        {
            if (targets.Count == 0) return;
            Learn(now, targets);
            foreach (var (place, seen) in _places)
                if (now - seen > KeepFor) _places.Remove(place);
        }

        public void Learn(Instant now, IReadOnlyList<Target> targets)
        {
            if (_isNumeric) return;
            foreach (var (transport, address) in targets)
            {
                var isSecure = transport == Softphone.Core.Transport.Tls;
                if (Transport is null || isSecure == (Transport == Softphone.Core.Transport.Tls)) _places[(address, isSecure)] = now;
            }

            while (_places.Count > MostPlaces) _places.Remove(_places.MinBy(place => place.Value.Nanoseconds).Key);
        }
    }
}
