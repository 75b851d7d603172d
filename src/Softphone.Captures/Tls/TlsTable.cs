namespace Softphone.Captures;

/// <summary>The TLS connections of a capture, those that can be read and those that cannot.</summary>
internal sealed class TlsTable(KeyLog keys)
{
    private const int Most = 4096;
    private const byte Handshake = 22, ClientHello = 1;

    private readonly Dictionary<(Address Client, Address Server), TlsConnection> _connections = [];
    private readonly List<TlsConnection> _left = [];
    private readonly List<byte[]> _sent = [];

    /// <summary>For each reason how many connections are not read.</summary>
    public IReadOnlyDictionary<TlsFlaw, int> Unread =>
        _connections.Values.Concat(_left).Where(c => !c.IsRead).GroupBy(c => c.Flaw ?? TlsFlaw.NoKeys).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Connections of which something was read.</summary>
    public int Read => _connections.Values.Concat(_left).Count(c => c.IsRead);

    /// <summary>Takes the next octets of a direction that is TLS; what was sent in them, to be used before the next are taken.</summary>
    public IReadOnlyList<byte[]> Take(Address from, Address to, ReadOnlySpan<byte> octets, bool isAfterGap)
    {
        _sent.Clear();
        var isHello = octets.Length > 5 && octets[0] == Handshake && octets[5] == ClientHello;
        // Who calls again from the same port begins anew.
        if (isHello && isAfterGap && _connections.Remove((from, to), out var before) && _left.Count < Most) _left.Add(before);
        var isClient = isHello || _connections.ContainsKey((from, to));
        var key = isClient ? (from, to) : (to, from);
        if (!_connections.TryGetValue(key, out var connection))
        {
            if (_connections.Count >= Most) return _sent;
            _connections[key] = connection = new TlsConnection(keys);
        }

        connection.Push(isClient, octets, isAfterGap, _sent);
        return _sent;
    }
}
