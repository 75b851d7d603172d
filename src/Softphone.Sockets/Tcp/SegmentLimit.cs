using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Softphone.Sockets;

/// <summary>
/// Segments, of both directions, that fit every path: of 1280 octets where a router on the way drops what is longer and the ICMP that would tell
/// (RFC 2923 §2.1). Set before the connection is opened, since its first packet tells the other end.
/// </summary>
internal static class SegmentLimit
{
    /// <summary>1280 octets less the headers of IPv4 and TCP, and room for TCP's options.</summary>
    public const int V4 = 1220;

    /// <summary>The same of IPv6.</summary>
    public const int V6 = 1200;

    private const int IpProtocolTcp = 6;

    /// <summary>Linux; BSD and macOS have the same number, Windows has it not.</summary>
    private const int MaxSegment = 2;

    public static void Set(Socket socket, bool isV4)
    {
        if (OperatingSystem.IsWindows()) return;
        Span<byte> value = stackalloc byte[sizeof(int)];
        var octets = isV4 ? V4 : V6;
        MemoryMarshal.Write(value, in octets);
        try
        {
            socket.SetRawSocketOption(IpProtocolTcp, MaxSegment, value);
        }
        catch (SocketException)
        {
            // A system that cannot: the connection is like any other.
        }
    }
}
