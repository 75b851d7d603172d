namespace Softphone.Media;

/// <summary>
/// How an Opus packet is laid out (RFC 6716 §3): what its first octet and its lengths say, without decoding it. A packet that breaks one of
/// the rules of §3.4 is not understood, and no library is shown it.
/// </summary>
internal readonly ref struct OpusPacket
{
    /// <summary>120 ms at 48 kHz (RFC 6716 §3.4, R5).</summary>
    private const int Longest = 5760;

    /// <summary>The largest frame in octets (RFC 6716 §3.4, R2).</summary>
    private const int LargestFrame = 1275;

    private OpusPacket(int samples, ReadOnlySpan<byte> first)
    {
        Samples = samples;
        First = first;
    }

    /// <summary>Samples of a channel at 48 kHz.</summary>
    public int Samples { get; }

    /// <summary>The first frame; empty where it is one of DTX.</summary>
    public ReadOnlySpan<byte> First { get; }

    public static bool TryRead(ReadOnlySpan<byte> octets, out OpusPacket packet)
    {
        packet = default;
        if (octets.IsEmpty) return false;
        var frame = FrameOf(octets[0] >> 3);
        var rest = octets[1..];
        switch (octets[0] & 3)
        {
            case 0:
                return Whole(1, frame, rest, out packet);
            case 1:
                if (rest.Length % 2 != 0) return false;
                return Whole(2, frame, rest[..(rest.Length / 2)], out packet);
            case 2:
                if (!TryLength(ref rest, out var length) || length > rest.Length || rest.Length - length > LargestFrame) return false;
                return Whole(2, frame, rest[..length], out packet);
            default:
                return Several(frame, rest, out packet);
        }
    }

    /// <summary>Any number of frames, with padding and of one length or of many (code 3, §3.2.5).</summary>
    private static bool Several(int frame, ReadOnlySpan<byte> rest, out OpusPacket packet)
    {
        packet = default;
        if (rest.IsEmpty) return false;
        var (head, count) = (rest[0], rest[0] & 0x3F);
        rest = rest[1..];
        if (count == 0 || count * frame > Longest || ((head & 0x40) != 0 && !TryDropPadding(ref rest))) return false;
        if ((head & 0x80) == 0) return rest.Length % count == 0 && Whole(count, frame, rest[..(rest.Length / count)], out packet);
        var (total, first) = (0, 0);
        for (var i = 0; i < count - 1; i++)
        {
            if (!TryLength(ref rest, out var length)) return false;
            if (i == 0) first = length;
            total += length;
        }

        if (total > rest.Length || rest.Length - total > LargestFrame) return false;
        return Whole(count, frame, rest[..(count == 1 ? rest.Length : first)], out packet);
    }

    private static bool Whole(int count, int frame, ReadOnlySpan<byte> first, out OpusPacket packet)
    {
        packet = new OpusPacket(count * frame, first);
        return first.Length <= LargestFrame;
    }

    /// <summary>An octet of 255 stands for 254 octets of padding and says that another follows (§3.2.5).</summary>
    private static bool TryDropPadding(ref ReadOnlySpan<byte> rest)
    {
        var padding = 0;
        byte octet;
        do
        {
            if (rest.IsEmpty) return false;
            octet = rest[0];
            rest = rest[1..];
            padding += octet == 255 ? 254 : octet;
        }
        while (octet == 255);
        if (padding > rest.Length) return false;
        rest = rest[..^padding];
        return true;
    }

    /// <summary>The length of a frame in one octet or two (§3.2.1).</summary>
    private static bool TryLength(ref ReadOnlySpan<byte> rest, out int length)
    {
        length = 0;
        if (rest.IsEmpty) return false;
        length = rest[0];
        if (length < 252)
        {
            rest = rest[1..];
            return true;
        }

        if (rest.Length < 2) return false;
        length += rest[1] * 4;
        rest = rest[2..];
        return true;
    }

    /// <summary>The length of a frame by the configuration (§3.1, table 2): SILK 10 to 60 ms, hybrid 10 and 20, CELT 2.5 to 20.</summary>
    private static int FrameOf(int configuration) => configuration switch
    {
        < 12 => (configuration & 3) == 3 ? 2880 : 480 << (configuration & 3),
        < 16 => 480 << (configuration & 1),
        _ => 120 << (configuration & 3),
    };
}
