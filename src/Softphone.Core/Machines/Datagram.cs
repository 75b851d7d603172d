namespace Softphone.Core;

/// <summary>
/// Bytes handed to a machine: a UDP datagram, or a piece of a stream (which may hold any number of bytes). The payload lives
/// only until Receive returns; a machine copies what it keeps.
/// </summary>
public readonly ref struct Datagram
{
    public Datagram(Instant at, PathId path, Address remote, ReadOnlySpan<byte> payload)
    {
        At = at;
        Path = path;
        Remote = remote;
        Payload = payload;
    }

    /// <summary>When the bytes arrived.</summary>
    public Instant At { get; }

    /// <summary>The local endpoint they arrived at.</summary>
    public PathId Path { get; }

    /// <summary>Who sent them.</summary>
    public Address Remote { get; }

    public ReadOnlySpan<byte> Payload { get; }
}
