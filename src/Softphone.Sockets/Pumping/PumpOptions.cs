namespace Softphone.Sockets;

/// <summary>What may be set about a <see cref="Pump"/>.</summary>
public sealed record PumpOptions
{
    public static PumpOptions Default { get; } = new();

    /// <summary>The name of the thread.</summary>
    public string Name { get; init; } = "pump";

    /// <summary>Whom TLS connections trust.</summary>
    public TlsOptions Tls { get; init; } = TlsOptions.Default;

    /// <summary>How long a TCP connection may take to come about, and then its TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection that we end may take to send what is queued.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long what was sent on a connection may stay unacknowledged before it counts as dead; zero leaves that to the system.</summary>
    public TimeSpan UnackedLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Octets that may wait on one connection. A peer that does not read loses the connection, not the phone its memory.</summary>
    public int StreamQueueBound { get; init; } = 1 << 20;

    /// <summary>How long who connected to us may wait with its first octet.</summary>
    public TimeSpan FirstOctetTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Connections to us that one TCP path holds, and as many that it opened itself. Past it, who was never answered, or has more than its
    /// share, leaves for another.
    /// </summary>
    public int ConnectionBound { get; init; } = 256;

    /// <summary>Connections to us that one address may hold of them.</summary>
    public int ConnectionShare { get; init; } = 64;

    /// <summary>True for a server with hundreds of sockets: waiting costs what is ready, not what is open.</summary>
    public bool HasManySockets { get; init; }

    /// <summary>
    /// Octets of the kernel's receive buffer of each UDP socket, as far as the system allows; 0 leaves it at the system's own. A server
    /// that many send to at once needs more than a phone.
    /// </summary>
    public int ReceiveBuffer { get; init; }

    /// <summary>DSCP of UDP packets: EF (RFC 3246), as for interactive audio.</summary>
    public int Dscp { get; init; } = 46;

    /// <summary>
    /// Called on the pump thread when the machine, a callback or a posted action threw: that one input is given up and the pump goes on, so
    /// that one fault of a machine with many calls is not the end of all. Null: the pump ends (<see cref="Crashed"/>).
    /// </summary>
    public Action<PumpFault>? Faulted { get; init; }

    /// <summary>
    /// Called on the pump thread with what the system could not give (interfaces, sockets), in words; once as long as it lasts. What is asked for
    /// gets the last good answer, or none.
    /// </summary>
    public Action<Fault>? Told { get; init; }

    /// <summary>
    /// Called on the pump thread with an exception of a machine, a callback or a posted action; the pump has then ended. Null: the
    /// exception ends the process, as any unhandled one does.
    /// </summary>
    public Action<Exception>? Crashed { get; init; }
}
