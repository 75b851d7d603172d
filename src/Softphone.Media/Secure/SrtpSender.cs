using System.Runtime.CompilerServices;

namespace Softphone.Media;

/// <summary>
/// Protects what one side sends under its master key (RFC 3711 §3.3). It refuses what would protect two packets with the same keystream,
/// and what the key may no longer do. Allocates nothing for a packet of a source that is known. Not for two threads at once.
/// </summary>
public sealed class SrtpSender : IDisposable
{
    private readonly PacketCipher _rtp;
    private readonly PacketCipher _rtcp;
    private readonly SrtpSources _sources = new();
    private readonly SrtpSources? _before;

    /// <param name="key">Our key, which no one else sends under.</param>
    /// <param name="before">What the key takes over from: the roll-over counter of a source goes on (RFC 3711 §3.3.1).</param>
    public SrtpSender(SrtpKey key, SrtpSender? before = null)
    {
        _rtp = PacketCipher.For(key, false);
        _rtcp = PacketCipher.For(key, true);
        _before = before?._sources.Over(before._before);
    }

    public SrtpKey Key => _rtp.Key;

    /// <summary>RTP packets that the key has protected.</summary>
    public ulong Packets { get; private set; }

    /// <summary>RTCP packets that the key has protected.</summary>
    public ulong Reports { get; private set; }

    /// <summary>Fifteen sixteenths of what the key may do are done: time for another.</summary>
    public bool IsWorn => Packets >= Worn(Key.Lifetime) || Reports >= Worn(MostReports);

    private ulong MostReports => Math.Min(Key.Lifetime, SrtpKey.MostReports);

    /// <summary>Protects an RTP packet in place.</summary>
    /// <param name="buffer">The packet, and behind it room for <see cref="SrtpSuite.MostOverhead"/>.</param>
    /// <param name="length">Octets of the plain packet.</param>
    /// <param name="protectedLength">Octets to send.</param>
    /// <returns>False for what is no RTP, a sequence number that was used, a source too many and a key that is used up: send nothing.</returns>
    public bool TryProtect(Span<byte> buffer, int length, out int protectedLength)
    {
        protectedLength = 0;
        var header = SrtpForm.RtpHeaderLength(buffer[..length]);
        if (header == 0 || Packets >= Key.Lifetime) return false;
        var ssrc = SrtpForm.Ssrc(buffer);
        ref var source = ref _sources.Find(ssrc);
        var sequence = SrtpForm.Sequence(buffer);
        if (Unsafe.IsNullRef(ref source) && _sources.IsFull) return false;
        var index = Unsafe.IsNullRef(ref source) || !source.Rtp.Any ? Continued(ssrc, sequence) : SrtpSource.Guess(source.Rtp.Highest, sequence);
        if (index == ulong.MaxValue) return false;
        if (!Unsafe.IsNullRef(ref source) && !source.Rtp.IsNew(index)) return false;
        _rtp.Seal(buffer[..(length + _rtp.Overhead)], header, length, ssrc, index, (uint)(index >> 16));
        _sources.FindOrAdd(ssrc).Rtp.Mark(index);
        Packets++;
        protectedLength = length + _rtp.Overhead;
        return true;
    }

    /// <summary>Protects a compound RTCP packet in place; the rest as in <see cref="TryProtect"/>.</summary>
    public bool TryProtectRtcp(Span<byte> buffer, int length, out int protectedLength)
    {
        protectedLength = 0;
        if (length < SrtpForm.RtcpHeader || Reports >= MostReports) return false;
        var ssrc = SrtpForm.RtcpSsrc(buffer);
        ref var known = ref _sources.Find(ssrc);
        if (Unsafe.IsNullRef(ref known) && _sources.IsFull) return false;
        ref var source = ref _sources.FindOrAdd(ssrc);
        // From zero, one up with each packet, and never round (RFC 3711 §3.4, §9.1).
        var index = source.Rtcp.Any ? source.Rtcp.Highest + 1 : 0;
        if (index >= SrtpKey.MostReports) return false;
        _rtcp.Seal(buffer[..(length + _rtcp.Overhead)], SrtpForm.RtcpHeader, length, ssrc, index, (uint)index | PacketCipher.Encrypted);
        source.Rtcp.Mark(index);
        Reports++;
        protectedLength = length + _rtcp.Overhead;
        return true;
    }

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private static ulong Worn(ulong most) => most - most / 16;

    private ulong Continued(uint ssrc, ushort sequence)
    {
        if (_before is null) return sequence;
        ref var source = ref _before.Find(ssrc);
        return Unsafe.IsNullRef(ref source) || !source.Rtp.Any ? sequence : SrtpSource.Guess(source.Rtp.Highest, sequence);
    }
}
