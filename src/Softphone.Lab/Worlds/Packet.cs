using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab;

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
    public byte[] Data = new byte[2048];
    public int Length;
    public Address Source;
    public Address Destination;
    public Transport Transport;
    public WireKind Kind;
    public byte Hops;

    /// <summary>True while it has left the sender's line and not yet entered the receiver's.</summary>
    public bool IsMidway;

    /// <summary>Of a stream: its place in the order of its direction.</summary>
    public uint Sequence;

    /// <summary>Of a stream: the end that sent it.</summary>
    public StreamEnd? Sender;

    /// <summary>Where it arrives next.</summary>
    public Plug? At;

    /// <summary>The next free packet while this one is in the pool.</summary>
    public Packet? NextFree;

    public ReadOnlySpan<byte> Payload => Data.AsSpan(0, Length);

    public bool IsStream => Kind >= WireKind.Syn;

    /// <summary>Octets on the wire: IP and UDP or TCP headers and the payload.</summary>
    public int WireLength => Length + (Destination.Ip.IsV4 ? 20 : 40) + (IsStream ? 20 : 8);

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

    public void SetPayload(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > Data.Length) Data = new byte[Math.Max(payload.Length, 2 * Data.Length)];
        payload.CopyTo(Data);
        Length = payload.Length;
    }
}
