using Softphone.Core;

namespace Softphone.Internet;

/// <summary>Where a host or one side of a gateway is plugged into a segment.</summary>
internal sealed class Plug(Segment segment, Link link)
{
    public Segment Segment { get; } = segment;

    public Link Link { get; set; } = link;

    public bool IsUp { get; set; } = true;

    public VirtualHost? Host { get; init; }

    public Gateway? Gateway { get; init; }

    /// <summary>Of a gateway: the side that its hosts are on.</summary>
    public bool IsInside { get; init; }

    /// <summary>The addresses it answers to here.</summary>
    public List<IpAddress> Addresses { get; } = [];

    /// <summary>Away from the host or gateway.</summary>
    public LineState Up { get; } = new();

    /// <summary>Towards it.</summary>
    public LineState Down { get; } = new();

    /// <summary>The name of the host, the gateway or the segment that the line belongs to.</summary>
    public string Name => Host?.Name ?? Gateway?.Name ?? Segment.Name;
}

/// <summary>What one direction of a line remembers.</summary>
internal sealed class LineState
{
    /// <summary>Arrival of the last packet, in nanoseconds, so that jitter keeps the order.</summary>
    public long LastArrival { get; set; }

    /// <summary>When all that waits for the line has entered it, in nanoseconds.</summary>
    public long BusyUntil { get; set; }

    /// <summary>A burst of losses is on.</summary>
    public bool IsLosing { get; set; }

    /// <summary>From where to where somebody was told that packets are too long for the line; null while nobody was.</summary>
    public HashSet<(IpAddress From, IpAddress To)>? Told { get; set; }
}
