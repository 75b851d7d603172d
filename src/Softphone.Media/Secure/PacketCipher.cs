namespace Softphone.Media;

/// <summary>
/// Protects and opens packets of one kind, RTP or RTCP, under one master key. What differs between the two is a word of four octets behind
/// the payload: the roll-over counter of RTP, which is authenticated and not sent, and the index of RTCP, which is both
/// (RFC 3711 §4.2, §3.4). Not for two threads at once.
/// </summary>
internal abstract class PacketCipher(SrtpKey key, bool isRtcp) : IDisposable
{
    protected const int WordLength = 4;

    /// <summary>Set in the index word of RTCP that is encrypted (RFC 3711 §3.4).</summary>
    public const uint Encrypted = 0x8000_0000;

    public SrtpKey Key { get; } = key;

    protected bool IsRtcp { get; } = isRtcp;

    protected int TagLength { get; } = isRtcp ? key.Suite.RtcpTagLength : key.Suite.TagLength;

    /// <summary>What protection adds to a packet.</summary>
    public int Overhead => TagLength + Key.Mki.Length + (IsRtcp ? WordLength : 0);

    public static PacketCipher For(SrtpKey key, bool isRtcp) => key.Suite.IsAead ? new GcmCipher(key, isRtcp) : new CounterCipher(key, isRtcp);

    /// <summary>Where the index word of a protected RTCP packet stands.</summary>
    public abstract int WordAt(int length);

    /// <summary>Where the MKI of a protected packet stands.</summary>
    public abstract int MkiAt(int length);

    /// <summary>Protects in place; the room behind the packet must hold <see cref="Overhead"/> octets.</summary>
    /// <param name="buffer">The packet and the room behind it.</param>
    /// <param name="header">Octets in front that stay readable.</param>
    /// <param name="length">Octets of the plain packet.</param>
    /// <param name="ssrc">The source.</param>
    /// <param name="index">Of RTP 48 bits, of RTCP 31 (RFC 3711 §3.3.1, §3.4).</param>
    /// <param name="word">The roll-over counter, or the index with its flag.</param>
    public abstract void Seal(Span<byte> buffer, int header, int length, uint ssrc, ulong index, uint word);

    /// <summary>Opens in place; the plain packet is shorter by <see cref="Overhead"/>. False leaves the octets as they came.</summary>
    public abstract bool TryOpen(Span<byte> packet, int header, uint ssrc, ulong index, uint word);

    public abstract void Dispose();
}
