using Softphone.Core;

namespace Softphone.Phone;

/// <summary>
/// The network as this phone goes by it: without the interfaces that are up and lead nowhere. While there are any, whatever is opened is bound to
/// the interface of its address, since the system's routes still prefer the dead one.
/// </summary>
internal sealed class UsableNetwork(INetwork network) : INetwork
{
    private readonly HashSet<string> _shunned = [];
    private string? _instead;

    /// <summary>No interface but loopback is seen: as in the moment between two cables.</summary>
    public bool IsUnplugged { get; set; }

    /// <summary>False once the system did not allow to bind to an interface.</summary>
    public bool CanPin { get; private set; } = true;

    public bool IsWhole => _shunned.Count == 0;

    /// <summary>The shunned ones too.</summary>
    public IReadOnlyList<LocalInterface> All => network.Interfaces;

    public IReadOnlyList<LocalInterface> Interfaces => IsUnplugged ? [.. network.Interfaces.Where(i => i.Address.IsLoopback)]
        : IsWhole ? network.Interfaces
        : [.. network.Interfaces.Where(i => !_shunned.Contains(i.Name))];

    public bool IsScarce => network.IsScarce;

    public bool IsSpent => network.IsSpent;

    /// <summary>From now on without this interface; what the system would send by it goes by the other.</summary>
    public void Shun(string name, string instead)
    {
        _shunned.Add(name);
        _shunned.Remove(instead);
        _instead = instead;
    }

    /// <summary>The system's routes are good again, or others.</summary>
    public void Clear()
    {
        _shunned.Clear();
        _instead = null;
    }

    public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
    {
        if (!network.TryOpen(transport, local, port, out path, out bound, out error, serverName)) return false;
        if (!IsWhole && !local.IsLoopback) CanPin &= network.Pin(path);
        return true;
    }

    /// <summary>Opens a path to see where it leads, which may be by an interface that is shunned.</summary>
    public bool TryOpenAside(Transport transport, IpAddress local, bool isPinned, out PathId path, out Address bound)
    {
        if (!network.TryOpen(transport, local, 0, out path, out bound, out _)) return false;
        if (isPinned) CanPin &= network.Pin(path);
        return true;
    }

    public void Defer(PathId path) => network.Defer(path);

    public ushort ConnectsFrom(PathId path, Address remote) => network.ConnectsFrom(path, remote);

    public bool IsStuck(PathId path, Address remote) => network.IsStuck(path, remote);

    public bool Pin(PathId path) => network.Pin(path);

    public void Close(PathId path) => network.Close(path);

    public void Disconnect(PathId path, Address remote) => network.Disconnect(path, remote);

    public bool TryRoute(IpAddress remote, out IpAddress local)
    {
        local = default;
        if (IsUnplugged || !network.TryRoute(remote, out local)) return false;
        if (IsWhole || local.IsLoopback || NameOf(local) is not { } name || !_shunned.Contains(name)) return true;
        local = Addresses(_instead!, remote.IsV4).FirstOrDefault();
        return local.IsValid;
    }

    /// <summary>The interface of an address, shunned or not.</summary>
    public string? NameOf(IpAddress local)
    {
        foreach (var one in network.Interfaces)
            if (one.Address == local) return one.Name;
        return null;
    }

    /// <summary>The addresses of an interface by which others are reached.</summary>
    public IEnumerable<IpAddress> Addresses(string name, bool isV4) =>
        network.Interfaces.Where(i => i.Name == name && i.Address.IsV4 == isV4 && !i.Address.IsLinkLocal && !i.IsDeprecated).OrderByDescending(i => i.IsTemporary).Select(i => i.Address);
}
