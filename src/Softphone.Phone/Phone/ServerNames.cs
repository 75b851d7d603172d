using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>
/// Turns the names of STUN and TURN servers into addresses, once for a phone. A name that does not resolve within the gathering
/// budget is left out, so that no call waits for it.
/// </summary>
internal sealed class ServerNames(NatSettings settings)
{
    // Ids from here on are ours; below them they are the SIP agent's.
    private const int FirstId = 1 << 30;

    private readonly Queue<NameQuery> _queries = [];
    private readonly Dictionary<int, string> _pending = [];
    private readonly Dictionary<string, IReadOnlyList<IpAddress>> _known = new(StringComparer.OrdinalIgnoreCase);
    private int _next = FirstId;
    private Instant? _deadline;

    /// <summary>When waiting for the last names ends; null when nothing is waited for.</summary>
    public Instant? Deadline => _deadline;

    /// <summary>True when every name is known or given up.</summary>
    public bool AreKnown => _deadline is null;

    /// <summary>Names that did not resolve, so far.</summary>
    public IEnumerable<string> Unknown => AreKnown ? _known.Where(k => k.Value.Count == 0).Select(k => k.Key).Concat(_pending.Values) : [];

    public IReadOnlyList<Address> StunServers => settings.StunServers.SelectMany(Resolve).Distinct().ToList();

    public IReadOnlyList<RelayServer> TurnServers => settings.TurnServers
        .SelectMany(t => Resolve(t.Server).Take(1).Select(a => new RelayServer(a, t.User, t.Password))).ToList();

    public static bool Asked(int id) => id >= FirstId;

    public void Begin(Instant now)
    {
        foreach (var host in settings.StunServers.Select(s => s.Host).Concat(settings.TurnServers.Select(t => t.Server.Host)))
        {
            if (IpAddress.TryParse(host, out var ip)) _known[host] = [ip];
            else if (!_pending.ContainsValue(host)) _pending[Ask(host)] = host;
        }

        _deadline = _pending.Count == 0 ? null : now + settings.GatherBudget;
    }

    /// <summary>Asks for a name; the answer has the returned id.</summary>
    public int Ask(string host)
    {
        var id = _next++;
        _queries.Enqueue(new NameQuery(id, host, NameRecord.Address));
        return id;
    }

    public bool TryQuery(out NameQuery query) => _queries.TryDequeue(out query);

    /// <summary>True when this was the last answer waited for.</summary>
    public bool Answer(NameAnswer answer)
    {
        if (!_pending.Remove(answer.Id, out var host)) return false;
        _known[host] = answer.Addresses;
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

    private IEnumerable<Address> Resolve(ServerName server) =>
        _known.TryGetValue(server.Host, out var found) ? found.Select(ip => new Address(ip, server.Port)) : [];
}
