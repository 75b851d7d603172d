using System.Buffers.Binary;

namespace Softphone.Audio;

/// <summary>
/// Reads a WAV file of any common format, rate and number of channels into what the phone works with: 48 kHz, mono, 16 bits.
/// </summary>
public static class WavFile
{
    private const int Rate = Pcm.Rate;
    private const int ResamplerQuality = 8;

    /// <summary>Larger files are refused: the whole file is held in memory.</summary>
    private const long LargestFile = 256L << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="AudioFileException">The file is missing, cannot be read or has a format that is not supported.</exception>
    public static short[] Load(string path)
    {
        byte[] bytes;
        try
        {
            var length = new FileInfo(path).Length;
            if (length > LargestFile)
                throw Refuse(path, $"has {length >> 20} MiB, more than {LargestFile >> 20}", "cut it, as with: sox in.wav out.wav trim 0 600");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse(path, "does not exist", "check the path");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refuse(path, $"cannot be read: {e.Message}", "check its permissions");
        }

        return Read(bytes, path);
    }

    /// <summary>Reads the octets of a file; the name is for messages only.</summary>
    /// <exception cref="AudioFileException">The format is not supported.</exception>
    public static short[] Read(ReadOnlySpan<byte> file, string name)
    {
        const string remedy = "convert it, for example with: sox in.wav -r 48000 -c 1 -b 16 out.wav";
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8))
            throw Refuse(name, "is not a WAV file", remedy);
        WavFormat? format = null;
        var rest = file[12..];
        while (rest.Length >= 8)
        {
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]), (uint)rest.Length - 8);
            var chunk = rest.Slice(8, length);
            if (rest[..4].SequenceEqual("fmt "u8) && length >= 16)
            {
                format = WavFormat.Read(chunk);
            }
            else if (rest[..4].SequenceEqual("data"u8))
            {
                if (format is not { } f) throw Refuse(name, "has samples before their format", remedy);
                if (!f.IsKnown) throw Refuse(name, $"has format {f.Tag} with {f.Bits} bits, which is not supported", remedy);
                if (f.Channels is < 1 or > 64) throw Refuse(name, $"has {f.Channels} channels", remedy);
                if (f.Rate is < 1_000 or > 768_000) throw Refuse(name, $"has a sample rate of {f.Rate} Hz", remedy);

                // A recorder that writes to a pipe, or crashed, leaves the length unset: the samples then run to the end.
                if (length == 0) chunk = rest[8..];
                var samples = Mix(chunk, f);
                if (samples.Length == 0) throw Refuse(name, "has no samples", "record it again");
                return f.Rate == Rate ? samples : Resample(samples, f.Rate);
            }

            // Chunks begin at even offsets.
            rest = rest[Math.Min(rest.Length, 8 + length + (length & 1))..];
        }

        throw Refuse(name, "has no samples", remedy);
    }

    private static short[] Mix(ReadOnlySpan<byte> data, WavFormat format)
    {
        var samples = new short[data.Length / format.FrameLength];
        var width = format.Bits / 8;
        for (var i = 0; i < samples.Length; i++)
        {
            var frame = data.Slice(i * format.FrameLength, format.FrameLength);
            var sum = 0f;
            for (var channel = 0; channel < format.Channels; channel++) sum += format.Sample(frame[(channel * width)..]);
            samples[i] = (short)Math.Clamp(MathF.Round(sum / format.Channels), short.MinValue, short.MaxValue);
        }

        return samples;
    }

    private static short[] Resample(short[] samples, int rate)
    {
        using var resampler = new SpeexResampler(rate, Rate, ResamplerQuality);
        resampler.SkipLatency();
        var result = new short[(int)((long)samples.Length * Rate / rate)];
        var written = resampler.Process(samples, result, out _);

        // What is still in the filter comes out when silence follows.
        Span<short> silence = stackalloc short[512];
        silence.Clear();
        while (written < result.Length)
        {
            var more = resampler.Process(silence, result.AsSpan(written), out _);
            if (more == 0) break;
            written += more;
        }

        return result;
    }

    private static AudioFileException Refuse(string name, string what, string remedy) =>
        new(new Fault(Layer.Audio, $"the sound file {name} {what}", remedy));
}
