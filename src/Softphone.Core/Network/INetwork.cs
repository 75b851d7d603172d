namespace Softphone.Core;

/// <summary>
/// What the shell lends a phone: its interfaces and its sockets. The pump implements it on real sockets, a virtual host in the
/// lab's world. All calls are made from the thread that drives the machine and return at once.
/// </summary>
public interface INetwork
{
    /// <summary>The addresses that are up now, loopback included.</summary>
    IReadOnlyList<LocalInterface> Interfaces { get; }

    /// <summary>Not many sockets can still be opened: whoever begins something takes as few as it can do with.</summary>
    bool IsScarce => false;

    /// <summary>So few sockets can still be opened that they are kept for the calls that are up: nothing new is to be begun.</summary>
    bool IsSpent => false;

    /// <summary>
    /// Opens a UDP socket, or a TCP or TLS stack that connects on the first Transmit to a remote and accepts when it listens.
    /// Port 0 takes a free one. UDP: one socket for each address, never a wildcard for ICE, so that the source address is known.
    /// </summary>
    /// <param name="transport">UDP, TCP or TLS.</param>
    /// <param name="local">The address to bind.</param>
    /// <param name="port">The port, or 0.</param>
    /// <param name="path">The path, valid until it is closed.</param>
    /// <param name="bound">The address and port bound. For a stack that does not listen, port 0.</param>
    /// <param name="error">Why not.</param>
    /// <param name="serverName">
    /// TLS: the name that the certificate of every server this path connects to must show, itself or by a wildcard (RFC 8489 §6.2.3).
    /// Null leaves it to the shell, which knows the domain that SIP was looking for (RFC 5922 §7.1).
    /// </param>
    /// <returns>False when it could not be opened.</returns>
    bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null);

    /// <summary>
    /// What comes by this path is served after all others, such as signalling beside media: it may wait a moment, and strangers may send it
    /// by the thousand. A network whose packets cost no time has nothing to do for it.
    /// </summary>
    void Defer(PathId path)
    {
    }

    /// <summary>
    /// The port that the next connection to a remote leaves from, of a stack that does not listen, once the one that is open has ended: it is free
    /// when it is told, and a connection that finds it taken then leaves from another. 0 for a stack that listens, for UDP, and where it is not known.
    /// </summary>
    ushort ConnectsFrom(PathId path, Address remote) => 0;

    /// <summary>
    /// A connection that came about says nothing more: octets of ours were repeated and not acknowledged, or TLS does not come about on it. False where
    /// there is none, where it is still being opened, and where the system does not tell.
    /// </summary>
    bool IsStuck(PathId path, Address remote) => false;

    /// <summary>Closes the path and every connection of it. Closing twice is harmless.</summary>
    void Close(PathId path);

    /// <summary>Ends one connection of a stream path, after what was queued on it has left.</summary>
    void Disconnect(PathId path, Address remote);

    /// <summary>The address that the system would send from to reach this remote; false when it has no route.</summary>
    bool TryRoute(IpAddress remote, out IpAddress local);
}
