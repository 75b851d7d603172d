namespace Softphone.Captures;

/// <summary>An IP packet of either version, as far as it was captured: what is in it is a part of the buffer that it was read from.</summary>
internal readonly record struct IpPacket(byte[] Buffer, int Start, int Length)
{
    public const byte Tcp = 6;
    public const byte Udp = 17;

    public IpAddress From { get; init; }

    public IpAddress To { get; init; }

    /// <summary>What is in it: <see cref="Tcp"/>, <see cref="Udp"/> or another number.</summary>
    public byte Protocol { get; init; }

    public ReadOnlySpan<byte> Payload => Buffer.AsSpan(Start, Length);

    /// <summary>It is not all there: the capture kept less than was sent.</summary>
    public bool IsCut { get; init; }

    /// <summary>Ties fragments together (RFC 791 §3.2, RFC 8200 §4.5).</summary>
    public uint Id { get; init; }

    /// <summary>Where a fragment stands in its datagram, in octets.</summary>
    public int Offset { get; init; }

    /// <summary>More fragments follow.</summary>
    public bool HasMore { get; init; }

    public bool IsFragment => HasMore || Offset > 0;
}
