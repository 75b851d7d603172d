using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Finds the places that a SIP URI means, in the order to try them (RFC 3263 §4). It asks one DNS question at a time and is done
/// when <see cref="Question"/> is null. The transport named wins, else the first in our order with SRV records; where streams are preferred NAPTR is
/// asked first (§4.1), and without it SRV of TLS, TCP and UDP, all of which are tried in that order.
/// DEVIATION: maddr is ignored (RFC 3261 §19.1.1), as in a Via: a peer that writes the name of a server beside an address of its own choice
/// would have requests meant for the one go to the other.
/// </summary>
internal sealed class Resolution
{
    private readonly IEntropy _entropy;
    private readonly Func<Transport, IpAddress, bool> _isReachable;
    private readonly Queue<(string Name, Transport Transport)> _srv = [];
    private readonly Queue<(string Host, ushort Port, Transport Transport)> _hosts = [];
    private readonly List<Target> _targets = [];
    private readonly string _host;
    private readonly Transport _defaultTransport;
    private readonly bool _isExhaustive;
    private readonly IReadOnlyList<Transport> _available;

    /// <summary>Every service counts, and not the first that leads anywhere alone.</summary>
    private readonly bool _takesAll;
    private readonly bool? _prefersV4;
    private readonly int _mostTargets;
    private Transport _asked;
    private bool _hasServices;
    private IReadOnlyList<Transport> _fallback = [];

    /// <param name="uri">The next hop: first Route, or Request-URI.</param>
    /// <param name="transport">The transport prescribed by the URI or the account; null leaves the choice.</param>
    /// <param name="available">Transports that we have paths for, preferred first; not empty.</param>
    /// <param name="useSrv">Whether to ask for SRV where §4.2 says so.</param>
    /// <param name="isReachable">Whether some path of ours can send there by this transport.</param>
    /// <param name="entropy">For the weighted choice of RFC 2782.</param>
    /// <param name="prefersV4">Which of two families comes first; null leaves it to the order in which DNS answers (RFC 6724).</param>
    /// <param name="prefersStream">Streams come before UDP where the name has services of both.</param>
    /// <param name="isExhaustive">Find every place by every transport available, and not the first transport alone that leads somewhere.</param>
    public Resolution(
        SipUri uri,
        Transport? transport,
        IReadOnlyList<Transport> available,
        bool useSrv,
        Func<Transport, IpAddress, bool> isReachable,
        IEntropy entropy,
        bool isExhaustive = false,
        bool? prefersV4 = null,
        bool prefersStream = false)
    {
        _entropy = entropy;
        _isReachable = isReachable;
        _isExhaustive = isExhaustive;
        _prefersV4 = prefersV4;
        _mostTargets = isExhaustive ? 64 : 16;
        _available = available;
        _takesAll = isExhaustive || prefersStream;
        _host = uri.Host;
        var wanted = uri.IsSips ? Transport.Tls : transport;
        _defaultTransport = wanted ?? (available.Count > 0 ? available[0] : Transport.Udp);

        if (IpAddress.TryParse(_host, out var ip))
        {
            // A numeric host tells its family, so a transport without a path of that family is passed over.
            var use = wanted ?? available.FirstOrDefault(t => isReachable(t, ip), _defaultTransport);
            Add(use, ip, uri.Port ?? DefaultPort(use));
            return;
        }

        if (uri.Port is { } port || !useSrv)
        {
            foreach (var each in Addressed(wanted, available)) _hosts.Enqueue((_host, uri.Port ?? DefaultPort(each), each));
            AskNext();
            return;
        }

        _fallback = [.. Addressed(wanted, available)];
        if (wanted is null && prefersStream)
        {
            Question = (_host, NameRecord.Naptr);
            return;
        }

        foreach (var each in wanted is { } only ? [only] : available) _srv.Enqueue((ServiceName(each, _host), each));
        AskNext();
    }

    /// <summary>The question to ask now; null when all is known.</summary>
    public (string Name, NameRecord Record)? Question { get; private set; }

    /// <summary>What was found so far, in the order to try.</summary>
    public IReadOnlyList<Target> Targets => _targets;

    /// <summary>Takes the answer to <see cref="Question"/>.</summary>
    public void Answer(NameAnswer answer)
    {
        if (Question is not { } question) return;
        Question = null;
        if (question.Record == NameRecord.Naptr)
        {
            TakePointers(answer);
        }
        else if (question.Record == NameRecord.Srv)
        {
            TakeServices(answer);
        }
        else
        {
            // One name that stands there for several ports or transports in a row is asked for once.
            var addresses = InTurn(answer.Addresses);
            while (_hosts.TryPeek(out var host) && host.Host.Equals(question.Name, StringComparison.OrdinalIgnoreCase))
            {
                _hosts.Dequeue();
                foreach (var ip in addresses) Add(host.Transport, ip, host.Port);
            }
        }

        AskNext();
    }

    /// <summary>Orders SRV records as RFC 2782 says: by priority, and within one by weighted chance.</summary>
    internal static List<SrvRecord> Order(IEnumerable<SrvRecord> records, IEntropy entropy)
    {
        var ordered = new List<SrvRecord>();
        foreach (var group in records.GroupBy(r => r.Priority).OrderBy(g => g.Key))
        {
            // Weight 0 stands first so that it has its small chance.
            var left = group.OrderBy(r => r.Weight).ToList();
            while (left.Count > 0)
            {
                var draw = entropy.NextInt(left.Sum(r => r.Weight) + 1);
                var sum = 0;
                var at = left.FindIndex(r => (sum += r.Weight) >= draw);
                ordered.Add(left[at]);
                left.RemoveAt(at);
            }
        }

        return ordered;
    }

    /// <summary>One address of each family in turn (RFC 8305 §4), so that a family that is broken costs no more than one of its addresses.</summary>
    private List<IpAddress> InTurn(IReadOnlyList<IpAddress> addresses)
    {
        if (addresses.Count == 0) return [];
        var first = _prefersV4 ?? addresses[0].IsV4;
        var (one, other) = (addresses.Where(ip => ip.IsV4 == first).ToList(), addresses.Where(ip => ip.IsV4 != first).ToList());
        var mixed = new List<IpAddress>();
        for (var i = 0; i < Math.Max(one.Count, other.Count); i++)
        {
            if (i < one.Count) mixed.Add(one[i]);
            if (i < other.Count) mixed.Add(other[i]);
        }

        return mixed;
    }

    private static ushort DefaultPort(Transport transport) => transport == Transport.Tls ? (ushort)5061 : (ushort)5060;

    private static string ServiceName(Transport transport, string host) => transport switch
    {
        Transport.Udp => $"_sip._udp.{host}",
        Transport.Tcp => $"_sip._tcp.{host}",
        _ => $"_sips._tcp.{host}",
    };

    /// <summary>The transports by which the addresses of the name itself are meant: one, unless all are looked for.</summary>
    private IEnumerable<Transport> Addressed(Transport? wanted, IReadOnlyList<Transport> available) =>
        _isExhaustive && wanted is null ? available : [_defaultTransport];

    /// <summary>In the order of the server, those that we speak; without any as if there were no NAPTR, with streams first.</summary>
    private void TakePointers(NameAnswer answer)
    {
        foreach (var pointer in answer.Pointers.Take(16).OrderBy(p => p.Order).ThenBy(p => p.Preference))
        {
            if (!pointer.Flags.Equals("s", StringComparison.OrdinalIgnoreCase) || TransportOf(pointer.Service) is not { } transport || !_available.Contains(transport)) continue;
            if (pointer.Replacement is { Length: > 0 } name and not ".") _srv.Enqueue((name.TrimEnd('.'), transport));
        }

        if (_srv.Count > 0) return;
        foreach (var each in _available.OrderDescending()) _srv.Enqueue((ServiceName(each, _host), each));
    }

    private static Transport? TransportOf(string service) => service.ToUpperInvariant() switch
    {
        "SIPS+D2T" => Transport.Tls,
        "SIP+D2T" => Transport.Tcp,
        "SIP+D2U" => Transport.Udp,
        _ => null,
    };

    private void TakeServices(NameAnswer answer)
    {
        // A lone "." says that the service is decidedly not there (RFC 2782).
        var records = answer.Services.Where(r => r.Target is not ("." or "")).ToList();
        if (records.Count > 0)
        {
            _hasServices = true;
            if (!_takesAll) _srv.Clear();
            foreach (var record in Order(records.Take(16), _entropy)) _hosts.Enqueue((record.Target.TrimEnd('.'), record.Port, _asked));
        }
        else if (_srv.Count == 0 && !_hasServices)
        {
            foreach (var each in _fallback) _hosts.Enqueue((_host, DefaultPort(each), each));
        }
    }

    private void AskNext()
    {
        while (_hosts.TryPeek(out var host))
        {
            if (!IpAddress.TryParse(host.Host, out var ip))
            {
                Question = (host.Host, NameRecord.Address);
                return;
            }

            _hosts.Dequeue();
            Add(host.Transport, ip, host.Port);
        }

        if ((_targets.Count > 0 && !_takesAll) || !_srv.TryDequeue(out var service)) return;
        _asked = service.Transport;
        Question = (service.Name, NameRecord.Srv);
    }

    private void Add(Transport transport, IpAddress ip, ushort port)
    {
        var target = new Target(transport, new Address(ip, port));
        if (_targets.Count < _mostTargets && _isReachable(transport, ip) && !_targets.Contains(target)) _targets.Add(target);
    }
}
