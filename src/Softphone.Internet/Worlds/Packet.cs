using Softphone.Core;

namespace Softphone.Internet;

/// <summary>What a packet of the virtual internet is.</summary>
internal enum WireKind : byte
{
    Datagram,

    /// <summary>ICMP port unreachable; its addresses are those of the refused packet, turned round.</summary>
    PortUnreachable,

    Syn,
    SynAck,

    /// <summary>A TLS client's opening; the answer carries the names of the server's certificate.</summary>
    Hello,
    HelloAck,
    Segment,
    Fin,
    Reset,
}

/// <summary>A packet on its way. Packets are pooled with their buffers, so that a delivery allocates nothing.</summary>
internal sealed class Packet
{
    private const int EthernetMtu = 1500;

    /// <summary>A server's chain of certificates, which the virtual handshake has by name only: longer than one segment.</summary>
    private const int Certificates = 2500;

    public byte[] Data = new byte[2048];
    public int Length;
    public Address Source;
    public Address Destination;
    public Transport Transport;
    public WireKind Kind;
    public byte Hops;

    /// <summary>True while it has left the sender's line and not yet entered the receiver's.</summary>
    public bool IsMidway;

    /// <summary>The longest piece that its sender cuts it into, headers included, since a line on the way has told so; 0 for that of Ethernet.</summary>
    public int Piece;

    /// <summary>Of a stream: its place in the order of its direction.</summary>
    public uint Sequence;

    /// <summary>Of a stream: how often it was lost, and when first.</summary>
    public int Repeats;
    public Instant LostAt;

    /// <summary>Of a stream: the end that sent it.</summary>
    public StreamEnd? Sender;

    /// <summary>Where it arrives next.</summary>
    public Plug? At;

    /// <summary>The next free packet while this one is in the pool.</summary>
    public Packet? NextFree;

    public ReadOnlySpan<byte> Payload => Data.AsSpan(0, Length);

    public bool IsStream => Kind >= WireKind.Syn;

    /// <summary>Octets on the wire: IP and UDP or TCP headers and the payload.</summary>
    public int WireLength => Length + HeaderLength + (Kind == WireKind.HelloAck ? Certificates : 0);

    /// <summary>Octets of the longest of the packets that carry it: a datagram comes in fragments, a stream's octets in segments.</summary>
    public int LongestPiece => Math.Min(WireLength, IsStream ? (Sender?.MaxSegment ?? 0) + HeaderLength : MostInOne);

    public bool IsInFragments => !IsStream && WireLength > MostInOne;

    private int HeaderLength => (Destination.Ip.IsV4 ? 20 : 40) + (IsStream ? 20 : 8);

    private int MostInOne => Piece > 0 ? Piece : EthernetMtu;

    /// <summary>What it carries, in a word or two for a person.</summary>
    public string Describe() => Kind switch
    {
        WireKind.PortUnreachable => "ICMP port unreachable",
        WireKind.Syn or WireKind.SynAck => "TCP handshake",
        WireKind.Fin => "TCP close",
        WireKind.Reset => "TCP reset",
        // Before the first octet is looked at: capital letters are channel numbers too.
        _ when Payload.IndexOf("SIP/2.0"u8) >= 0 => "SIP",
        _ => Demultiplexer.Classify(Payload) switch
        {
            PacketKind.Stun => "STUN",
            PacketKind.Channel => "TURN channel data",
            PacketKind.Dtls => "DTLS",
            PacketKind.Rtp => "RTP",
            PacketKind.Rtcp => "RTCP",
            _ => "data",
        },
    };

    /// <summary>As its sender first sent it, wherever it was lost.</summary>
    public void StartAnew(Address source, Address destination)
    {
        (Source, Destination) = (source, destination);
        At = null;
        Hops = 0;
        IsMidway = false;
    }

    public void SetPayload(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > Data.Length) Data = new byte[Math.Max(payload.Length, 2 * Data.Length)];
        payload.CopyTo(Data);
        Length = payload.Length;
    }
}
