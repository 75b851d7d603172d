using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>
/// Turns the names of STUN and TURN servers into addresses, once for a phone: SRV records where no port was named (RFC 8489 §8, RFC 5928
/// §3), and at the same time the addresses of the name itself for where there are none. What does not resolve within the gathering
/// budget is left out, so that no call waits for it. What no name server answered is asked again by the next call: a phone may have started before its
/// network.
/// </summary>
internal sealed class ServerNames(NatSettings settings)
{
    // Ids from here on are ours; below them they are the SIP agent's.
    private const int FirstId = 1 << 30;

    /// <summary>Targets of one service that are looked up.</summary>
    private const int MostTargets = 3;

    private readonly Queue<NameQuery> _queries = [];
    private readonly Dictionary<int, (string Name, NameRecord Record)> _pending = [];
    private readonly Dictionary<string, IReadOnlyList<IpAddress>> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IReadOnlyList<SrvRecord>> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _absent = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<TurnAccount> _turn = settings.TurnServers;
    private int _next = FirstId;
    private bool _isUnanswered;
    private Instant? _deadline;

    /// <summary>When waiting for the last names ends; null when nothing is waited for.</summary>
    public Instant? Deadline => _deadline;

    /// <summary>True when every name is known or given up.</summary>
    public bool AreKnown => _deadline is null;

    /// <summary>Servers of which no address was found, so far, and whether DNS said that there is none.</summary>
    public IEnumerable<(string Name, bool IsAbsent)> Unknown => UnknownNames.Select(name => (name, _absent.Contains(name)));

    private IEnumerable<string> UnknownNames => !AreKnown
        ? []
        : settings.StunServers.Where(s => !Resolve(s, "_stun._udp").Any()).Select(s => s.Host)
            .Concat(_turn.Where(t => !Resolve(t.Server, ServiceOf(t.Transport)).Any()).Select(t => t.Server.Host))
            .Distinct(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Address> StunServers => settings.StunServers.SelectMany(s => Resolve(s, "_stun._udp")).Distinct().ToList();

    /// <summary>Of each server one address of each family: they are ways to the same relays.</summary>
    public IReadOnlyList<RelayServer> TurnServers => _turn
        .SelectMany(t => Resolve(t.Server, ServiceOf(t.Transport)).DistinctBy(a => a.Ip.IsV4)
            .Select(a => new RelayServer(a, t.User, t.Password) { Transport = t.Transport, Host = t.Server.Host }))
        .ToList();

    public static bool Asked(int id) => id >= FirstId;

    public void Begin(Instant now)
    {
        foreach (var server in settings.StunServers) Begin(server, "_stun._udp");
        foreach (var turn in _turn) Begin(turn.Server, ServiceOf(turn.Transport));
        _deadline = _pending.Count == 0 ? null : now + settings.GatherBudget;
    }

    /// <summary>A call begins: what was asked in vain is asked again, and waited for as at the start.</summary>
    public void AskAgain(Instant now)
    {
        if (!_isUnanswered) return;
        _isUnanswered = false;
        Begin(now);
    }

    /// <summary>Other servers, or other credentials for them. True when no name has to be waited for.</summary>
    public bool SetTurn(Instant now, IReadOnlyList<TurnAccount> accounts, bool isBegun)
    {
        _turn = accounts;
        if (!isBegun) return false;
        foreach (var turn in accounts) Begin(turn.Server, ServiceOf(turn.Transport));
        if (_pending.Count > 0) _deadline ??= now + settings.GatherBudget;
        return _deadline is null;
    }

    /// <summary>Asks for a name; the answer has the returned id.</summary>
    public int Ask(string host) => Ask(host, NameRecord.Address);

    public bool TryQuery(out NameQuery query) => _queries.TryDequeue(out query);

    /// <summary>True when this was the last answer waited for.</summary>
    public bool Answer(NameAnswer answer)
    {
        if (!_pending.Remove(answer.Id, out var asked)) return false;
        if (answer is { Failed: true, Fault: not NameFault.NotFound }) _isUnanswered = true;
        else if (asked.Record == NameRecord.Srv) Found(asked.Name, answer.Services);
        else Found(asked.Name, answer);
        if (_pending.Count > 0 || _deadline is null) return false;
        _deadline = null;
        return true;
    }

    /// <summary>True when the time to wait is just over.</summary>
    public bool Expire(Instant now)
    {
        if (_deadline is not { } deadline || now < deadline) return false;
        _deadline = null;
        return true;
    }

    private void Found(string name, NameAnswer answer)
    {
        _known[name] = answer.Addresses;
        if (answer is { Addresses.Count: 0, Fault: NameFault.NotFound }) _absent.Add(name);
        else _absent.Remove(name);
    }

    private static string ServiceOf(Transport transport) => transport switch
    {
        Transport.Udp => "_turn._udp",
        Transport.Tcp => "_turn._tcp",
        _ => "_turns._tcp",
    };

    private void Begin(ServerName server, string service)
    {
        Want(server.Host, NameRecord.Address);
        if (server.IsService) Want($"{service}.{server.Host}", NameRecord.Srv);
    }

    private void Want(string name, NameRecord record)
    {
        if (record == NameRecord.Address && IpAddress.TryParse(name, out var ip)) _known[name] = [ip];
        else if (!_known.ContainsKey(name) && !_services.ContainsKey(name) && !_pending.ContainsValue((name, record))) _pending[Ask(name, record)] = (name, record);
    }

    private int Ask(string name, NameRecord record)
    {
        var id = _next++;
        _queries.Enqueue(new NameQuery(id, name, record));
        return id;
    }

    /// <summary>Records in the order of use; the root as a target says that there is no such service (RFC 2782).</summary>
    private void Found(string service, IReadOnlyList<SrvRecord> records)
    {
        var usable = records.Where(r => r.Target.Length > 0 && r.Target != "." && r.Port != 0)
            .OrderBy(r => r.Priority).ThenByDescending(r => r.Weight).Take(MostTargets).ToList();
        _services[service] = usable;
        foreach (var record in usable) Want(record.Target, NameRecord.Address);
    }

    private IEnumerable<Address> Resolve(ServerName server, string service)
    {
        if (server.IsService && _services.TryGetValue($"{service}.{server.Host}", out var records))
        {
            var found = records.SelectMany(r => Known(r.Target).Select(ip => new Address(ip, r.Port))).ToList();
            if (found.Count > 0) return found;
        }

        return Known(server.Host).Select(ip => new Address(ip, server.Port));
    }

    private IReadOnlyList<IpAddress> Known(string host) => _known.TryGetValue(host, out var found) ? found : [];
}
