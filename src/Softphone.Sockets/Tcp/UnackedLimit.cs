using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Softphone.Sockets;

/// <summary>How long octets of ours may go without a sign of their arrival before the system ends the connection (RFC 5482); else it tries for a quarter of an hour.</summary>
internal static class UnackedLimit
{
    private const int IpProtocolTcp = 6;

    /// <summary>TCP_USER_TIMEOUT, in milliseconds; Linux has it, other systems by other names or not at all.</summary>
    private const int UserTimeout = 18;

    public static void Set(Socket socket, TimeSpan limit)
    {
        if (!OperatingSystem.IsLinux() || limit <= TimeSpan.Zero) return;
        Span<byte> value = stackalloc byte[sizeof(int)];
        var milliseconds = (int)limit.TotalMilliseconds;
        MemoryMarshal.Write(value, in milliseconds);
        try
        {
            socket.SetRawSocketOption(IpProtocolTcp, UserTimeout, value);
        }
        catch (SocketException)
        {
            // A system that cannot: keepalives find a dead connection too, only later.
        }
    }
}
