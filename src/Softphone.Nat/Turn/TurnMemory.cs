using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// What one process has learnt of its TURN servers, over all its calls: which are to be left alone for a while (RFC 8656 §7.4), and
/// which give no pairs of ports, and which can be had by TCP or TLS only. Keyed by server and user, for quotas are the user's;
/// the time at which a credential ends is no part of that.
/// </summary>
public sealed class TurnMemory
{
    /// <summary>Servers remembered at most; they come from the configuration, so there are few.</summary>
    private const int Most = 64;
    private readonly Dictionary<(Address Server, string User), Instant> _resting = [];
    private readonly HashSet<(Address Server, string User)> _pairless = [];
    private readonly Dictionary<(string Host, string User), Transport> _streams = [];

    /// <summary>The server was out of capacity or quota: it is not asked again before <see cref="TurnClient.RetryAfter"/> is over.</summary>
    public void Rest(Instant now, RelayServer server)
    {
        if (_resting.Count < Most || _resting.ContainsKey(Key(server))) _resting[Key(server)] = now + TurnClient.RetryAfter;
    }

    /// <summary>True while the server is to be left alone.</summary>
    public bool IsResting(Instant now, RelayServer server)
    {
        if (!_resting.TryGetValue(Key(server), out var until)) return false;
        if (now < until) return true;
        _resting.Remove(Key(server));
        return false;
    }

    /// <summary>The server has no even port with its neighbour, or does not know of such.</summary>
    public void NoPairs(RelayServer server)
    {
        if (_pairless.Count < Most) _pairless.Add(Key(server));
    }

    /// <summary>False when asking for a pair only costs a round trip.</summary>
    public bool MayHavePairs(RelayServer server) => !_pairless.Contains(Key(server));

    /// <summary>A relay was had by this transport, and by no better one.</summary>
    internal void Worked((string Host, string User) server, Transport transport)
    {
        server.User = TurnRestCredentials.UserOf(server.User);
        if (transport == Transport.Udp) _streams.Remove(server);
        else if (_streams.Count < Most) _streams[server] = transport;
    }

    /// <summary>The stream by which a server was reached last, where UDP did not get through; null when it does.</summary>
    internal Transport? StreamTo((string Host, string User) server) => _streams.TryGetValue((server.Host, TurnRestCredentials.UserOf(server.User)), out var transport) ? transport : null;

    private static (Address Server, string User) Key(RelayServer server) => (server.Address, TurnRestCredentials.UserOf(server.User));
}
