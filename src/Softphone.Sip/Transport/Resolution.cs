using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Finds the places that a SIP URI means, in the order to try them (RFC 3263 §4). DNS questions that do not need each other's answers are
/// asked at once; the order of the places is that of the records, whichever is answered first. The transport named wins, else the first in our
/// order with SRV records; where streams are preferred NAPTR decides (§4.1), and without it SRV of TLS, TCP and UDP, asked for along with it,
/// all of which are tried in that order.
/// DEVIATION: maddr is ignored (RFC 3261 §19.1.1), as in a Via: a peer that writes the name of a server beside an address of its own choice
/// would have requests meant for the one go to the other.
/// </summary>
internal sealed class Resolution
{
    /// <summary>Questions under way at once: strangers write the names, and their DNS the number of records.</summary>
    private const int MostAtOnce = 8;

    private readonly IEntropy _entropy;
    private readonly Func<Transport, IpAddress, bool> _isReachable;
    private readonly Dictionary<(string Name, NameRecord Record), NameAnswer?> _answers = [];
    private readonly Queue<(string Name, NameRecord Record)> _questions = [];
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
    private int _underWay;
    private bool _wantsPointers;
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
            IsDone = true;
            return;
        }

        if (uri.Port is { } port || !useSrv)
        {
            foreach (var each in Addressed(wanted, available)) AddHost(_host, uri.Port ?? DefaultPort(each), each);
            Advance();
            return;
        }

        _fallback = [.. Addressed(wanted, available)];
        if (wanted is null && prefersStream)
        {
            // Where there is NAPTR it mostly leads to these very names.
            _wantsPointers = true;
            Want(_host, NameRecord.Naptr);
            foreach (var each in _available.OrderDescending()) Want(ServiceName(each, _host), NameRecord.Srv);
            return;
        }

        foreach (var each in wanted is { } only ? [only] : available) AddService(ServiceName(each, _host), each);
        Advance();
    }

    /// <summary>All is known, though not every question may be answered yet.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The answer that was needed last; null before any.</summary>
    public NameAnswer? Last { get; private set; }

    /// <summary>What was found so far, in the order to try.</summary>
    public IReadOnlyList<Target> Targets => _targets;

    /// <summary>The next question to ask now.</summary>
    public bool TryAsk(out (string Name, NameRecord Record) question)
    {
        question = default;
        if (IsDone || _underWay == MostAtOnce || !_questions.TryDequeue(out question)) return false;
        _underWay++;
        return true;
    }

    /// <summary>Takes the answer to a question that was asked; they may come in any order.</summary>
    public void Answer(in (string Name, NameRecord Record) question, NameAnswer answer)
    {
        if (IsDone) return;
        _underWay--;
        _answers[Key(question.Name, question.Record)] = answer;
        Advance();
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
            if (pointer.Replacement is { Length: > 0 } name and not ".") AddService(name.TrimEnd('.'), transport);
        }

        if (_srv.Count > 0) return;
        foreach (var each in _available.OrderDescending()) AddService(ServiceName(each, _host), each);
    }

    private static Transport? TransportOf(string service) => service.ToUpperInvariant() switch
    {
        "SIPS+D2T" => Transport.Tls,
        "SIP+D2T" => Transport.Tcp,
        "SIP+D2U" => Transport.Udp,
        _ => null,
    };

    private void TakeServices(NameAnswer answer, Transport transport)
    {
        // A lone "." says that the service is decidedly not there (RFC 2782).
        var records = answer.Services.Where(r => r.Target is not ("." or "")).ToList();
        if (records.Count > 0)
        {
            _hasServices = true;
            if (!_takesAll) _srv.Clear();
            foreach (var record in Order(records.Take(16), _entropy)) AddHost(record.Target.TrimEnd('.'), record.Port, transport);
        }
        else if (_srv.Count == 0 && !_hasServices)
        {
            foreach (var each in _fallback) AddHost(_host, DefaultPort(each), each);
        }
    }

    /// <summary>Goes on as far as answers are there, in the order of the questions.</summary>
    private void Advance()
    {
        if (_wantsPointers)
        {
            if (!TryTake(_host, NameRecord.Naptr, out var pointers)) return;
            _wantsPointers = false;
            TakePointers(pointers);
        }

        while (_srv.TryPeek(out var service))
        {
            if (!TryTake(service.Name, NameRecord.Srv, out var services)) return;
            _srv.Dequeue();
            TakeServices(services, service.Transport);
        }

        while (_hosts.TryPeek(out var host))
        {
            if (IpAddress.TryParse(host.Host, out var numeric)) Add(host.Transport, numeric, host.Port);
            else if (!TryTake(host.Host, NameRecord.Address, out var found)) return;
            else foreach (var ip in InTurn(found.Addresses)) Add(host.Transport, ip, host.Port);
            _hosts.Dequeue();
        }

        IsDone = true;
    }

    private void AddService(string name, Transport transport)
    {
        _srv.Enqueue((name, transport));
        Want(name, NameRecord.Srv);
    }

    private void AddHost(string host, ushort port, Transport transport)
    {
        _hosts.Enqueue((host, port, transport));
        if (!IpAddress.TryParse(host, out _)) Want(host, NameRecord.Address);
    }

    /// <summary>A name that stands there several times is asked for once.</summary>
    private void Want(string name, NameRecord record)
    {
        if (_answers.TryAdd(Key(name, record), null)) _questions.Enqueue((name, record));
    }

    private bool TryTake(string name, NameRecord record, [NotNullWhen(true)] out NameAnswer? answer)
    {
        answer = _answers[Key(name, record)];
        if (answer is not null) Last = answer;
        return answer is not null;
    }

    private static (string, NameRecord) Key(string name, NameRecord record) => (name.ToLowerInvariant(), record);

    private void Add(Transport transport, IpAddress ip, ushort port)
    {
        var target = new Target(transport, new Address(ip, port));
        if (_targets.Count < _mostTargets && _isReachable(transport, ip) && !_targets.Contains(target)) _targets.Add(target);
    }
}
