using Softphone.Core;

namespace Softphone.Phone;

/// <summary>
/// The network as one call has it: it notes which paths are open, so that those of a call that can close nothing itself any more, since it
/// throws, are given back all the same.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="opened">Told of each path.</param>
/// <param name="closed">Told of its end.</param>
internal sealed class LentPaths(INetwork network, Action<PathId>? opened = null, Action<PathId>? closed = null) : INetwork
{
    private readonly List<PathId> _open = [];

    public IReadOnlyList<LocalInterface> Interfaces => network.Interfaces;

    public bool IsScarce => network.IsScarce;

    public bool IsSpent => network.IsSpent;

    public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
    {
        if (!network.TryOpen(transport, local, port, out path, out bound, out error, serverName)) return false;
        _open.Add(path);
        opened?.Invoke(path);
        return true;
    }

    public void Close(PathId path)
    {
        _open.Remove(path);
        closed?.Invoke(path);
        network.Close(path);
    }

    public void Disconnect(PathId path, Address remote) => network.Disconnect(path, remote);

    public bool TryRoute(IpAddress remote, out IpAddress local) => network.TryRoute(remote, out local);

    public bool Pin(PathId path) => network.Pin(path);

    public void CloseAll()
    {
        foreach (var path in _open)
        {
            closed?.Invoke(path);
            network.Close(path);
        }

        _open.Clear();
    }
}
