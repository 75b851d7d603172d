using Softphone.Core;

namespace Softphone.Cli;

/// <summary>
/// The network of one phone among several that share a pump: it notes of which domain the server's certificate must be for the TLS
/// paths that this phone opens for SIP (RFC 5922 §7.1). Paths that name their server themselves are not its business.
/// </summary>
/// <param name="network">The pump.</param>
/// <param name="domain">The domain; empty for the server's address.</param>
/// <param name="domains">Of every phone's paths; the pump thread's.</param>
internal sealed class DomainNetwork(INetwork network, string domain, Dictionary<PathId, string> domains) : INetwork
{
    public IReadOnlyList<LocalInterface> Interfaces => network.Interfaces;

    public bool IsScarce => network.IsScarce;

    public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
    {
        if (!network.TryOpen(transport, local, port, out path, out bound, out error, serverName)) return false;
        if (transport == Transport.Tls && serverName is null && domain.Length > 0) domains[path] = domain;
        return true;
    }

    public void Defer(PathId path) => network.Defer(path);

    public void Close(PathId path)
    {
        domains.Remove(path);
        network.Close(path);
    }

    public void Disconnect(PathId path, Address remote) => network.Disconnect(path, remote);

    public bool TryRoute(IpAddress remote, out IpAddress local) => network.TryRoute(remote, out local);
}
