using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// The connections of an agent. Those that others opened are bounded, in all and for each address, and the one that is missed least
/// gives way: one that never brought a whole message before one that did, one unused for longer before one that was used. Those that we
/// opened are counted apart, so that strangers cannot cut us off from our server (RFC 3261 §26.1.5).
/// </summary>
internal sealed class ConnectionTable(int bound, int share, OctetLedger ledger)
{
    private readonly Dictionary<(PathId, Address), Connection> _connections = [];

    public IEnumerable<Connection> All => _connections.Values;

    public Connection? Find(in Flow flow) => _connections.GetValueOrDefault((flow.Path, flow.Remote));

    public bool Remove(in Flow flow)
    {
        if (!_connections.Remove((flow.Path, flow.Remote), out var gone)) return false;
        gone.Release(ledger);
        return true;
    }

    public Connection Add(in Flow flow, bool isOurs, Instant now) => _connections[(flow.Path, flow.Remote)] = new Connection(flow, isOurs, now);

    /// <summary>Who must go before one more may come; null when there is room.</summary>
    /// <param name="ip">At the other end of the one that comes.</param>
    /// <param name="isOurs">Whether we open it.</param>
    /// <param name="isSpared">Flows that go only when there is no other.</param>
    public Connection? Crowded(IpAddress ip, bool isOurs, Predicate<Flow> isSpared)
    {
        var (ofAll, ofIp) = (0, 0);
        foreach (var connection in _connections.Values)
        {
            if (connection.IsOurs != isOurs) continue;
            ofAll++;
            if (connection.Flow.Remote.Ip == ip) ofIp++;
        }

        var isTooManyOfIp = !isOurs && ofIp >= share;
        if (!isTooManyOfIp && ofAll < bound) return null;
        return _connections.Values
            .Where(c => c.IsOurs == isOurs && (!isTooManyOfIp || c.Flow.Remote.Ip == ip))
            .MinBy(c => (isSpared(c.Flow), c.HasSpoken, c.LastUsed.Nanoseconds));
    }
}
