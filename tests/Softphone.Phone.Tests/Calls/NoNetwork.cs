using Softphone.Core;

namespace Softphone.Phone.Tests;

/// <summary>A machine that has no network at all.</summary>
internal sealed class NoNetwork : INetwork
{
    public IReadOnlyList<LocalInterface> Interfaces => [];

    public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
    {
        (path, bound, error) = (default, default, default);
        return false;
    }

    public void Close(PathId path)
    {
    }

    public void Disconnect(PathId path, Address remote)
    {
    }

    public bool TryRoute(IpAddress remote, out IpAddress local)
    {
        local = default;
        return false;
    }
}
