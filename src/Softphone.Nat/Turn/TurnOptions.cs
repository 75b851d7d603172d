using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What one TURN allocation is to be.</summary>
public sealed record TurnOptions
{
    /// <summary>The server.</summary>
    public required Address Server { get; init; }

    /// <summary>The socket that speaks to the server, or the stream that does and serves nothing else.</summary>
    public required PathId Path { get; init; }

    /// <summary>
    /// What <see cref="Path"/> is. On a stream nothing is sent again (RFC 8489 §6.2.2), ChannelData is padded (RFC 8656 §12.5), and the
    /// relay ends with the connection; the owner cuts what arrives into messages with a <see cref="TurnFramer"/>.
    /// </summary>
    public Transport Transport { get; init; } = Transport.Udp;

    /// <summary>The path that the relay is: unwrapped datagrams arrive at it.</summary>
    public required PathId Relay { get; init; }

    public required string Username { get; init; }

    public required string Password { get; init; }

    public TurnFamily Family { get; init; }

    public TurnPort Port { get; init; }

    /// <summary>The RESERVATION-TOKEN of an earlier allocation, to get the port next to its one. Excludes Family and Port.</summary>
    public ulong? Reservation { get; init; }

    /// <summary>The lifetime to ask for; null leaves it to the server (600 s). What the server answers counts.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>Asks the server to send with DF set; given up when the server does not know how (RFC 8656 §18.9).</summary>
    public bool DontFragment { get; init; }

    /// <summary>Asks that the relay may be taken along to another socket (RFC 8016); given up when the server forbids it.</summary>
    public bool Mobility { get; init; }

    /// <summary>SOFTWARE of requests; empty sends none.</summary>
    public string Software { get; init; } = "";

    /// <summary>The first retransmission timeout, and how long <see cref="TurnClient.Close"/> waits at most.</summary>
    public TimeSpan Rto { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Who the trace says it was.</summary>
    public string Source { get; init; } = "turn";

    /// <summary>What the password is stays out of logs.</summary>
    public override string ToString() => $"turn:{Server} as {Username}";
}
