using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>What a socket error means to a machine.</summary>
internal static class SocketErrors
{
    public static PathError ToPathError(this SocketError error) => error switch
    {
        SocketError.ConnectionRefused => PathError.Refused,
        SocketError.AccessDenied => PathError.NotPermitted,
        SocketError.MessageSize => PathError.TooBig,
        SocketError.AddressAlreadyInUse => PathError.InUse,
        SocketError.TimedOut => PathError.TimedOut,
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.ProcessLimit => PathError.Exhausted,
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.NotConnected
            or SocketError.Disconnecting => PathError.Closed,
        _ => PathError.Unreachable,
    };

    /// <summary>The Linux error numbers that an ICMP error becomes.</summary>
    public static PathError FromErrno(uint errno) => errno switch
    {
        111 => PathError.Refused,
        1 or 13 => PathError.NotPermitted,
        90 => PathError.TooBig,
        110 => PathError.TimedOut,
        _ => PathError.Unreachable,
    };

    /// <summary>A Linux error number as the socket error that the system's own classes make of it.</summary>
    public static SocketError OfLinux(int errno) => errno switch
    {
        4 => SocketError.Interrupted,
        11 => SocketError.WouldBlock,
        105 => SocketError.NoBufferSpaceAvailable,
        1 or 13 => SocketError.AccessDenied,
        90 => SocketError.MessageSize,
        111 => SocketError.ConnectionRefused,
        110 => SocketError.TimedOut,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        112 or 113 => SocketError.HostUnreachable,
        99 => SocketError.AddressNotAvailable,
        _ => SocketError.SocketError,
    };

    public static bool IsPassing(this SocketError error) =>
        error is SocketError.WouldBlock or SocketError.IOPending or SocketError.InProgress or SocketError.AlreadyInProgress
            or SocketError.Interrupted or SocketError.TryAgain or SocketError.NoBufferSpaceAvailable;
}
