namespace Softphone.Captures;

/// <summary>One segment of a TCP connection.</summary>
internal readonly ref struct TcpSegment
{
    public Address From { get; init; }

    public Address To { get; init; }

    public uint Sequence { get; init; }

    public uint Acknowledged { get; init; }

    public bool IsSyn { get; init; }

    public bool IsAck { get; init; }

    public bool IsReset { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }
}
