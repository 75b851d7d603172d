using Softphone.Core;

namespace Softphone.Lab;

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

    /// <summary>Arrival of the last packet that left by this line, in nanoseconds, so that jitter keeps the order.</summary>
    public long LastUp { get; set; }

    /// <summary>Arrival of the last packet that came by this line.</summary>
    public long LastDown { get; set; }
}
