namespace Softphone.Core;

/// <summary>Why a path, or one connection of it, did not carry a message.</summary>
public enum PathError
{
    /// <summary>No route, or the interface went away (ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL).</summary>
    Unreachable,

    /// <summary>ICMP port unreachable, or a TCP connection refused.</summary>
    Refused,

    /// <summary>The operating system forbade it (EPERM, EACCES).</summary>
    NotPermitted,

    /// <summary>Larger than the path carries (EMSGSIZE).</summary>
    TooBig,

    /// <summary>The other side closed the connection, or reset it.</summary>
    Closed,

    /// <summary>No connection within the time allowed.</summary>
    TimedOut,

    /// <summary>The port asked for is taken.</summary>
    InUse,

    /// <summary>The system gives no more sockets: open files, or memory for them, have run out (EMFILE, ENFILE, ENOBUFS).</summary>
    Exhausted,

    /// <summary>TLS handshake or certificate failure.</summary>
    TlsFailed,
}
