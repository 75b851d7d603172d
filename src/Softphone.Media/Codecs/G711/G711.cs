namespace Softphone.Media;

/// <summary>
/// G.711 µ-law and A-law, one octet a sample at 8 kHz. Decoding is a table of 256 values built from the segments of the
/// recommendation; encoding finds the segment by the position of the leading bit.
/// </summary>
public static class G711
{
    private const int MuBias = 0x84;
    private const int MuClip = 32_635;

    private static readonly short[] MuTable = Build(ExpandMu);
    private static readonly short[] ATable = Build(ExpandA);

    public static short DecodeMu(byte code) => MuTable[code];

    public static short DecodeA(byte code) => ATable[code];

    public static byte EncodeMu(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(sample < 0 ? -(int)sample : sample, MuClip) + MuBias;
        var segment = 24 - System.Numerics.BitOperations.LeadingZeroCount((uint)magnitude);
        var step = (magnitude >> (segment + 3)) & 0xF;
        return (byte)~(sign | (segment << 4) | step);
    }

    public static byte EncodeA(short sample)
    {
        // 13 bits. A negative sample is taken by its ones' complement, so that -1 and 0 fall into the two smallest intervals.
        var magnitude = (sample < 0 ? ~sample : sample) >> 3;
        var sign = sample < 0 ? 0 : 0x80;
        var segment = magnitude < 32 ? 0 : 27 - System.Numerics.BitOperations.LeadingZeroCount((uint)magnitude);
        var step = (segment < 2 ? magnitude >> 1 : magnitude >> segment) & 0xF;
        return (byte)((sign | (segment << 4) | step) ^ 0x55);
    }

    private static short ExpandMu(int code)
    {
        code = ~code & 0xFF;
        var magnitude = ((((code & 0xF) << 3) + MuBias) << ((code >> 4) & 7)) - MuBias;
        return (short)((code & 0x80) != 0 ? -magnitude : magnitude);
    }

    private static short ExpandA(int code)
    {
        code ^= 0x55;
        var segment = (code >> 4) & 7;
        var magnitude = ((code & 0xF) << 4) + 8;
        if (segment > 0) magnitude = (magnitude + 0x100) << (segment - 1);
        return (short)((code & 0x80) != 0 ? magnitude : -magnitude);
    }

    private static short[] Build(Func<int, short> expand) => [.. Enumerable.Range(0, 256).Select(expand)];
}
