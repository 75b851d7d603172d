using System.Buffers.Binary;

namespace Softphone.Interop;

/// <summary>A sine as a file, for who is to be known by it: mono, 16 bits.</summary>
internal static class Tone
{
    private const double Level = 0.4 * short.MaxValue;

    /// <summary>A WAV file of so many seconds.</summary>
    public static string Wav(string folder, double hertz, int seconds = 60, int rate = 48_000)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"tone{hertz:F0}-{rate}.wav");
        if (File.Exists(file)) return file;
        var samples = Samples(rate, hertz, seconds);
        using var writer = new BinaryWriter(File.Create(file));
        writer.Write("RIFF"u8);
        writer.Write(36 + samples.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(2 * rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples.Length);
        writer.Write(samples);
        return file;
    }

    /// <summary>Samples alone, 8 kHz, as Asterisk's formats call "slin".</summary>
    public static void Raw(string file, double hertz, int seconds) => File.WriteAllBytes(file, Samples(8_000, hertz, seconds));

    private static byte[] Samples(int rate, double hertz, int seconds)
    {
        var octets = new byte[2 * rate * seconds];
        for (var i = 0; i < rate * seconds; i++) BinaryPrimitives.WriteInt16LittleEndian(octets.AsSpan(2 * i), (short)(Level * Math.Sin(2 * Math.PI * hertz * i / rate)));
        return octets;
    }
}
