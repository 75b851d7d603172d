using Softphone.Core;

namespace Softphone.Sockets;

/// <summary>
/// Which DNS servers were silent while another one answered: they are asked last, so that one dead server costs its half second once and not with each
/// question. Nothing is held against a server that was silent as all others were. Pure: it is told the time and what came. Answers may come on several threads.
/// </summary>
internal sealed class SilentServers
{
    /// <summary>
    /// How long after its silence, or the last trial, a server is asked again, besides the others and waited for by nobody. Short, for one lost datagram
    /// makes a server look dead, and the first one may know names that the others do not.
    /// </summary>
    public static readonly TimeSpan RecheckAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<Address, Instant> _recheckAt = [];
    private IReadOnlyList<Address> _servers = [];

    /// <summary>The servers as to ask them, those that were silent last. Other servers than before are another network: all is forgotten.</summary>
    /// <param name="servers">As the system names them.</param>
    /// <param name="first">With which of them to begin.</param>
    public IReadOnlyList<Address> InOrder(IReadOnlyList<Address> servers, int first = 0)
    {
        lock (_lock)
        {
            if (!servers.SequenceEqual(_servers)) _recheckAt.Clear();
            _servers = servers;
            return [.. servers.Skip(first).Concat(servers.Take(first)).OrderBy(_recheckAt.ContainsKey)];
        }
    }

    /// <summary>A server that is to be asked again now, so that it is known when it is back.</summary>
    public bool TryRecheck(Instant now, out Address server)
    {
        lock (_lock)
        {
            foreach (var (silent, at) in _recheckAt)
            {
                if (now < at) continue;
                _recheckAt[silent] = now + RecheckAfter;
                server = silent;
                return true;
            }

            server = default;
            return false;
        }
    }

    /// <summary>A server answered, while others did not.</summary>
    public void Note(Instant now, Address answering, IEnumerable<Address> silent)
    {
        lock (_lock)
        {
            _recheckAt.Remove(answering);
            foreach (var server in silent) _recheckAt.TryAdd(server, now + RecheckAfter);
        }
    }
}
