using System.Buffers.Binary;

namespace Softphone.Audio;

/// <summary>How the samples of a WAV file are written: the "fmt " chunk.</summary>
/// <param name="Tag">1 integer PCM, 3 floating point, 6 A-law, 7 µ-law; the tag inside an extensible format.</param>
/// <param name="Channels">Samples side by side.</param>
/// <param name="Rate">Sample rate in Hz.</param>
/// <param name="Bits">Bits a sample.</param>
internal readonly record struct WavFormat(int Tag, int Channels, int Rate, int Bits)
{
    public const int Pcm = 1;
    public const int Float = 3;
    public const int ALaw = 6;
    public const int MuLaw = 7;

    private const int Extensible = 0xFFFE;

    /// <summary>Octets of one sample of all channels.</summary>
    public int FrameLength => Channels * Bits / 8;

    public bool IsKnown => (Tag, Bits) is (Pcm, 8 or 16 or 24 or 32) or (Float, 32 or 64) or (ALaw or MuLaw, 8);

    /// <summary>Reads a chunk of at least 16 octets.</summary>
    public static WavFormat Read(ReadOnlySpan<byte> chunk)
    {
        var tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        if (tag == Extensible && chunk.Length >= 26) tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        return new WavFormat(
            tag,
            BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]),
            BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]));
    }

    /// <summary>One sample of one channel, brought to 16 bits.</summary>
    public float Sample(ReadOnlySpan<byte> at) => (Tag, Bits) switch
    {
        (Pcm, 8) => (at[0] - 128) * 256f,
        (Pcm, 16) => BinaryPrimitives.ReadInt16LittleEndian(at),
        (Pcm, 24) => (at[0] | (at[1] << 8) | ((sbyte)at[2] << 16)) / 256f,
        (Pcm, 32) => BinaryPrimitives.ReadInt32LittleEndian(at) / 65_536f,
        (Float, 32) => Finite(BinaryPrimitives.ReadSingleLittleEndian(at)) * 32_767f,
        (Float, 64) => Finite((float)BinaryPrimitives.ReadDoubleLittleEndian(at)) * 32_767f,
        (ALaw, _) => G711.DecodeA(at[0]),
        _ => G711.DecodeMu(at[0]),
    };

    private static float Finite(float value) => float.IsFinite(value) ? Math.Clamp(value, -1, 1) : 0;
}
