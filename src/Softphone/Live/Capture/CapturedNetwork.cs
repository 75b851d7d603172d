using Softphone.Core;

namespace Softphone.Cli;

/// <summary>A network that tells a capture which path is bound where.</summary>
internal sealed class CapturedNetwork(INetwork network, PacketCapture capture) : INetwork
{
    public IReadOnlyList<LocalInterface> Interfaces => network.Interfaces;

    public bool IsScarce => network.IsScarce;

    public bool IsSpent => network.IsSpent;

    public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
    {
        if (!network.TryOpen(transport, local, port, out path, out bound, out error, serverName)) return false;
        capture.Opened(path, transport, bound);
        return true;
    }

    public void Defer(PathId path) => network.Defer(path);

    public ushort ConnectsFrom(PathId path, Address remote) => network.ConnectsFrom(path, remote);

    public bool IsStuck(PathId path, Address remote) => network.IsStuck(path, remote);

    public void Close(PathId path)
    {
        capture.Closed(path);
        network.Close(path);
    }

    public void Disconnect(PathId path, Address remote) => network.Disconnect(path, remote);

    public bool TryRoute(IpAddress remote, out IpAddress local) => network.TryRoute(remote, out local);
}
