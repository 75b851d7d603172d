namespace Softphone.Media;

/// <summary>What a key remembers of one source (RFC 3711 §3.2.3).</summary>
internal struct SrtpSource(uint ssrc)
{
    public uint Ssrc = ssrc;
    public ReplayWindow Rtp;
    public ReplayWindow Rtcp;

    /// <summary>
    /// The index that a sequence number most likely stands for: the one nearest to the highest that was seen (RFC 3711 §3.3.1, appendix A).
    /// Before the first turn there is nothing to go back to. <see cref="ulong.MaxValue"/> past the last turn of a key.
    /// </summary>
    public static ulong Guess(ulong highest, ushort sequence)
    {
        var turns = highest >> 16;
        var last = (ushort)highest;
        if (last < 0x8000)
        {
            if (sequence - last > 0x8000 && turns > 0) turns--;
        }
        else if (last - 0x8000 > sequence)
        {
            turns++;
        }

        return turns > uint.MaxValue ? ulong.MaxValue : turns << 16 | sequence;
    }
}
