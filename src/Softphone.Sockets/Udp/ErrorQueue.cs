using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>
/// The ICMP errors of an unconnected UDP socket on Linux, each with the destination that it is about (ip(7), IP_RECVERR). Other
/// systems do not tell, and a machine's own timers must do.
/// </summary>
internal static unsafe class ErrorQueue
{
    private const byte OriginLocal = 1;

    public static bool TryEnable(Socket socket, bool isV6)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            socket.SetRawSocketOption(isV6 ? 41 : 0, isV6 ? 25 : 11, BitConverter.GetBytes(1));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Takes the oldest error; false when there is none.</summary>
    public static bool TryTake(Socket socket, bool isV6, out Address remote, out PathError error)
    {
        var name = stackalloc byte[SocketAddresses.V6Size];
        var control = stackalloc byte[512];
        byte payload;
        while (true)
        {
            var piece = new Libc.Piece { Base = &payload, Length = 1 };
            var message = new Libc.MessageHeader
            {
                Name = name,
                NameLength = SocketAddresses.V6Size,
                Pieces = &piece,
                PieceCount = 1,
                Control = control,
                ControlLength = 512,
            };
            remote = default;
            error = default;
            if (Libc.ReceiveMessage((int)socket.Handle, &message, Libc.ErrorQueueFlags) < 0) return false;

            // struct cmsghdr: length, level, type; then struct sock_extended_err: errno, origin. IP_RECVERR comes first.
            var header = sizeof(nuint) + 8;
            if ((int)message.ControlLength < header + 8 || message.NameLength < SocketAddresses.V4Size) continue;
            if (control[header + 4] == OriginLocal) continue;
            remote = SocketAddresses.Read(new ReadOnlySpan<byte>(name, SocketAddresses.V6Size), isV6);
            error = SocketErrors.FromErrno(*(uint*)(control + header));
            return true;
        }
    }
}
