using Softphone.Core;

namespace Softphone.Internet;

/// <summary>One end of a virtual TCP or TLS connection: in order, without loss, without a window.</summary>
internal sealed class StreamEnd(VirtualHost host, PathId path, Transport transport, Address local, Address remote)
{
    public VirtualHost Host { get; } = host;

    public PathId Path { get; } = path;

    public Transport Transport { get; } = transport;

    public Address Local { get; } = local;

    /// <summary>The other end as seen from here.</summary>
    public Address Remote { get; } = remote;

    /// <summary>TLS: the name that the server's certificate must show; null at the server.</summary>
    public string? ServerName { get; init; }

    /// <summary>The most octets that one packet carries, which the ends agree on as the connection opens (RFC 9293 §3.7.1).</summary>
    public int MaxSegment { get; set; } = host.MaxSegment;

    /// <summary>The other end has taken the connection; by TLS it is open only when the handshake is over.</summary>
    public bool IsTaken { get; set; }

    public bool IsOpen { get; set; }

    /// <summary>The owner has ended it; it goes once what waits has left.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Nothing is sent or taken any more.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whatever it sends is swallowed on the way, and whatever is sent to it.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>How often in a row something that it sent was lost.</summary>
    public int Losses { get; set; }

    public uint NextToSend { get; set; }

    public uint NextToTake { get; set; }

    /// <summary>Segments that wait for the connection to open.</summary>
    public Queue<Packet> Unsent { get; } = [];

    /// <summary>Segments that came before their turn.</summary>
    public List<Packet> Early { get; } = [];
}
