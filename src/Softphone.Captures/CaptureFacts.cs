namespace Softphone.Captures;

/// <summary>What a capture is as a file, and what of it could not be read.</summary>
public sealed record CaptureFacts
{
    public required long Frames { get; init; }

    public required Instant Began { get; init; }

    public required Instant Ended { get; init; }

    /// <summary>Packets of which the capture kept the beginning only (its snap length).</summary>
    public required long Cut { get; init; }

    /// <summary>Frames whose headers do not hold.</summary>
    public required long Broken { get; init; }

    /// <summary>Link types that are not read, and how many frames of each.</summary>
    public required IReadOnlyDictionary<LinkType, long> UnknownLinks { get; init; }

    /// <summary>Datagrams that were put together of fragments.</summary>
    public required int Fragmented { get; init; }

    /// <summary>Datagrams of which a fragment is not in the capture.</summary>
    public required int FragmentsMissing { get; init; }

    /// <summary>Places in TCP connections where octets are not in the capture.</summary>
    public required long StreamGaps { get; init; }

    /// <summary>TLS connections that were read by their keys.</summary>
    public required int TlsRead { get; init; }

    /// <summary>Those that were not, by the reason: SIP in them does not show.</summary>
    public required IReadOnlyDictionary<TlsFlaw, int> TlsUnread { get; init; }

    public required int DtlsPairs { get; init; }

    /// <summary>Messages, requests and sources that there was no room for.</summary>
    public required long LeftOut { get; init; }

    public TimeSpan Duration => Ended - Began;
}
