using Softphone.Core;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// The network of one phone among several that share a pump: it notes, for each TLS path that this phone opens, which certificates are
/// believed there, and for those of SIP the domain that they must be for (RFC 5922 §7.1). Paths to TURN servers name their server themselves.
/// </summary>
/// <param name="network">The pump.</param>
/// <param name="domain">The domain; empty for the server's address.</param>
/// <param name="trust">Which certificates are believed.</param>
/// <param name="servers">Of every phone's paths; the pump thread's.</param>
internal sealed class DomainNetwork(INetwork network, string domain, TlsTrust trust, Dictionary<PathId, (string? Domain, TlsTrust Trust)> servers) : INetwork
{
    public IReadOnlyList<LocalInterface> Interfaces => network.Interfaces;

    public bool IsScarce => network.IsScarce;

    public bool IsSpent => network.IsSpent;

    public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
    {
        if (!network.TryOpen(transport, local, port, out path, out bound, out error, serverName)) return false;
        if (transport == Transport.Tls) servers[path] = (serverName is null && domain.Length > 0 ? domain : null, trust);
        return true;
    }

    public void Defer(PathId path) => network.Defer(path);

    public ushort ConnectsFrom(PathId path, Address remote) => network.ConnectsFrom(path, remote);

    public bool IsStuck(PathId path, Address remote) => network.IsStuck(path, remote);

    public void Close(PathId path)
    {
        servers.Remove(path);
        network.Close(path);
    }

    public void Disconnect(PathId path, Address remote) => network.Disconnect(path, remote);

    public bool TryRoute(IpAddress remote, out IpAddress local) => network.TryRoute(remote, out local);
}
