using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Softphone.Sockets;

/// <summary>What the system knows of octets that were sent and not acknowledged (tcp_info of Linux).</summary>
internal static class Acknowledgement
{
    private const int IpProtocolTcp = 6;
    private const int TcpInfo = 11;
    private const int Room = 32;
    private const int RetransmitsAt = 2;
    private const int UnackedAt = 24;

    /// <summary>So often in a row was the oldest of them repeated, in growing pauses: chance does not lose them all.</summary>
    private const int Repeats = 2;

    public static bool IsMissing(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return false;
        Span<byte> info = stackalloc byte[Room];
        try
        {
            return socket.GetRawSocketOption(IpProtocolTcp, TcpInfo, info) == Room
                && info[RetransmitsAt] >= Repeats && MemoryMarshal.Read<uint>(info[UnackedAt..]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
