using System.Net.Sockets;
using System.Text;

namespace Softphone.Sockets;

/// <summary>
/// Binds a socket to an interface, so that its packets leave there and not where the default route with the best metric leads: on Linux the source
/// address has no say in that. Any user may since Linux 5.7, once for each socket.
/// </summary>
internal static class DeviceBinding
{
    /// <summary>SOL_SOCKET and SO_BINDTODEVICE of Linux.</summary>
    private const int SocketLevel = 1;

    private const int BindToDevice = 25;

    /// <returns>False when the system does not allow it, or has no such interface. Windows goes by the source address of itself (strong host model).</returns>
    public static bool TryPin(Socket socket, string? device)
    {
        if (OperatingSystem.IsWindows()) return true;
        if (!OperatingSystem.IsLinux() || device is null) return false;
        try
        {
            socket.SetRawSocketOption(SocketLevel, BindToDevice, Encoding.UTF8.GetBytes(device));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
