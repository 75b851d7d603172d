using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Softphone.Media;

/// <summary>One master key of the peer with all that it opened (the cryptographic context of RFC 3711 §3.2).</summary>
internal sealed class SrtpReceivingKey(SrtpKey key) : IDisposable
{
    private const ulong Turn = 1UL << 16;

    private readonly PacketCipher _rtp = PacketCipher.For(key, false);
    private readonly PacketCipher _rtcp = PacketCipher.For(key, true);
    private readonly SrtpSources _sources = new();

    public SrtpKey Key => key;

    /// <summary>The highest index of RTP from a source; null where none came.</summary>
    public ulong? HighestOf(uint ssrc)
    {
        ref var source = ref _sources.Find(ssrc);
        return Unsafe.IsNullRef(ref source) || !source.Rtp.Any ? null : source.Rtp.Highest;
    }

    /// <param name="packet">What came.</param>
    /// <param name="header">Octets of its header.</param>
    /// <param name="elsewhere">The highest index of the source under another key of the call.</param>
    /// <param name="length">Octets of the plain packet.</param>
    public SrtpVerdict Open(Span<byte> packet, int header, ulong? elsewhere, out int length)
    {
        length = packet.Length - _rtp.Overhead;
        if (length < header) return SrtpVerdict.Malformed;
        if (!IsOurs(_rtp, packet)) return SrtpVerdict.UnknownKey;
        var sequence = SrtpForm.Sequence(packet);
        var ssrc = SrtpForm.Ssrc(packet);
        ref var source = ref _sources.Find(ssrc);
        var isKnown = !Unsafe.IsNullRef(ref source);
        if (!isKnown && _sources.IsFull) return SrtpVerdict.TooManySources;
        if (isKnown && source.Rtp.Any)
        {
            var index = SrtpSource.Guess(source.Rtp.Highest, sequence);
            if (index == ulong.MaxValue) return SrtpVerdict.Exhausted;
            if (!source.Rtp.IsNew(index) && !source.Rtp.IsTooOld(index)) return SrtpVerdict.Replayed;
            var isOld = source.Rtp.IsTooOld(index);
            if (!isOld && Try(packet, header, ssrc, index)) return SrtpVerdict.Taken;
            // After a silence of more than half a turn the guess is one turn behind. A tag that fits the turn after it is proof of that.
            if (index + Turn < SrtpKey.MostPackets && Try(packet, header, ssrc, index + Turn)) return SrtpVerdict.Taken;
            return isOld ? SrtpVerdict.Replayed : SrtpVerdict.Forged;
        }

        // Where the source is new its counter is that of the key before, or zero, or one when the beginning was missed: senders should
        // begin in the lower half of the numbers (RFC 3711 §3.3.1), and not all do.
        if (elsewhere is { } highest && SrtpSource.Guess(highest, sequence) is var continued and >= Turn and < SrtpKey.MostPackets && Try(packet, header, ssrc, continued))
            return SrtpVerdict.Taken;
        return Try(packet, header, ssrc, sequence) || Try(packet, header, ssrc, Turn + sequence) ? SrtpVerdict.Taken : SrtpVerdict.Forged;
    }

    public SrtpVerdict OpenRtcp(Span<byte> packet, out int length)
    {
        length = packet.Length - _rtcp.Overhead;
        if (length < SrtpForm.RtcpHeader) return SrtpVerdict.Malformed;
        if (!IsOurs(_rtcp, packet)) return SrtpVerdict.UnknownKey;
        var word = BinaryPrimitives.ReadUInt32BigEndian(packet[_rtcp.WordAt(packet.Length)..]);
        if ((word & PacketCipher.Encrypted) == 0) return SrtpVerdict.Unencrypted;
        var index = word & ~PacketCipher.Encrypted;
        var ssrc = SrtpForm.RtcpSsrc(packet);
        ref var source = ref _sources.Find(ssrc);
        if (Unsafe.IsNullRef(ref source) ? _sources.IsFull : !source.Rtcp.IsNew(index))
            return Unsafe.IsNullRef(ref source) ? SrtpVerdict.TooManySources : SrtpVerdict.Replayed;
        if (!_rtcp.TryOpen(packet, SrtpForm.RtcpHeader, ssrc, index, word)) return SrtpVerdict.Forged;
        _sources.FindOrAdd(ssrc).Rtcp.Mark(index);
        return SrtpVerdict.Taken;
    }

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private bool IsOurs(PacketCipher cipher, ReadOnlySpan<byte> packet) =>
        key.Mki.IsEmpty || packet.Slice(cipher.MkiAt(packet.Length), key.Mki.Length).SequenceEqual(key.Mki);

    private bool Try(Span<byte> packet, int header, uint ssrc, ulong index)
    {
        if (!_rtp.TryOpen(packet, header, ssrc, index, (uint)(index >> 16))) return false;
        _sources.FindOrAdd(ssrc).Rtp.Mark(index);
        return true;
    }
}
