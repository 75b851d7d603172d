using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Audio.Tests;

public sealed class WavTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-wav").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Recording_ReadBack_IsTheSame()
    {
        var pcm = Sine(1000, 48_000, 100_000);
        var path = Path.Combine(_folder, "a.wav");
        using (var sink = new WavSink(path))
        {
            for (var at = 0; at < pcm.Length; at += 441) sink.Write(pcm.AsSpan(at, Math.Min(441, pcm.Length - at)));
            Assert.Equal(pcm.Length / 48_000.0, sink.Duration.TotalSeconds, 1e-6);
        }

        Assert.Equal(pcm, WavFile.Load(path));
    }

    [Fact]
    public void Recording_NeverClosed_KeepsWholeSeconds()
    {
        var path = Path.Combine(_folder, "crash.wav");
        using var sink = new WavSink(path);
        for (var i = 0; i < 250; i++) sink.Write(Sine(1000, 48_000, 480));
        var copy = Path.Combine(_folder, "copy.wav");
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        using (var target = File.Create(copy)) file.CopyTo(target);
        Assert.Equal(96_000, BinaryPrimitives.ReadInt32LittleEndian(File.ReadAllBytes(copy).AsSpan(40)) / 2);
        Assert.InRange(WavFile.Load(copy).Length, 96_000, 120_000);
    }

    [Theory]
    [InlineData(1, 8, 48_000, 1)]
    [InlineData(1, 16, 48_000, 2)]
    [InlineData(1, 24, 44_100, 1)]
    [InlineData(1, 32, 8_000, 1)]
    [InlineData(3, 32, 96_000, 6)]
    [InlineData(3, 64, 22_050, 2)]
    [InlineData(6, 8, 8_000, 1)]
    [InlineData(7, 8, 8_000, 1)]
    public void File_OfAnyFormat_BecomesTheSameTone(int tag, int bits, int rate, int channels)
    {
        var pcm = Sine(400, rate, rate);
        var result = WavFile.Read(Build(tag, bits, rate, channels, pcm), "tone.wav");
        Assert.Equal(48_000, result.Length);
        var expected = Sine(400, 48_000, 48_000);
        double signal = 0, noise = 0;
        for (var i = 2000; i < 46_000; i++)
        {
            signal += (double)expected[i] * expected[i];
            noise += Math.Pow(expected[i] - result[i], 2);
        }

        Assert.InRange(10 * Math.Log10(signal / Math.Max(1, noise)), bits == 8 ? 25 : 40, 400);
    }

    [Theory]
    [InlineData(2, 4, 48_000, 1, "format 2 with 4 bits")]
    [InlineData(1, 12, 48_000, 1, "format 1 with 12 bits")]
    [InlineData(1, 16, 10, 1, "10 Hz")]
    [InlineData(1, 16, 48_000, 0, "0 channels")]
    public void File_OfUnknownFormat_SaysWhatAndTheWayOut(int tag, int bits, int rate, int channels, string what)
    {
        var file = Build(1, 16, 48_000, 1, new short[10]);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), (short)tag);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), rate);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), (short)bits);
        var error = Assert.Throws<AudioFileException>(() => WavFile.Read(file, "odd.wav"));
        Assert.Contains("odd.wav", error.Message);
        Assert.Contains(what, error.Message);
        Assert.Contains("sox", error.Fault.Remedy);
    }

    [Fact]
    public void File_Missing_SaysWhich()
    {
        var error = Assert.Throws<AudioFileException>(() => WavFile.Load(Path.Combine(_folder, "none.wav")));
        Assert.Contains("none.wav does not exist", error.Message);
        Assert.Throws<AudioFileException>(() => WavFile.Load(Path.Combine(_folder, "no", "such.wav")));
        Assert.Throws<AudioFileException>(() => WavFile.Load(_folder));
    }

    [Fact]
    public void Recording_IntoAMissingFolder_SaysWhich() =>
        Assert.Contains("cannot be written", Assert.Throws<AudioFileException>(() => new WavSink(Path.Combine(_folder, "no", "x.wav"))).Message);

    [Fact]
    public void File_WithOtherChunksAndOddLengths_IsRead()
    {
        var file = Build(1, 16, 48_000, 1, [1, 2, 3]);
        byte[] chunk = [.. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0];
        byte[] longer = [.. file[..36], .. chunk, .. file[36..]];
        Assert.Equal([1, 2, 3], WavFile.Read(longer, "list.wav"));
    }

    [Fact]
    public void File_WithUnsetLength_RunsToTheEnd()
    {
        var file = Build(1, 16, 48_000, 1, [1, 2, 3]);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), 0);
        Assert.Equal([1, 2, 3], WavFile.Read(file, "piped.wav"));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), uint.MaxValue);
        Assert.Equal([1, 2, 3], WavFile.Read(file, "piped.wav"));
    }

    [Fact]
    public void Reader_FedMutatedFiles_ThrowsNothingButItsOwn()
    {
        var entropy = new SeededEntropy(5);
        var seed = Build(1, 16, 48_000, 1, Sine(400, 48_000, 100));
        for (var i = 0; i < 20_000; i++)
        {
            var file = seed.AsSpan(0, entropy.NextInt(seed.Length + 1)).ToArray();
            for (var n = entropy.NextInt(8); n > 0 && file.Length > 0; n--) file[entropy.NextInt(Math.Min(48, file.Length))] = (byte)entropy.NextInt(256);
            try
            {
                WavFile.Read(file, "fuzz.wav");
            }
            catch (AudioFileException)
            {
            }
        }
    }

    [Fact]
    public void Source_Once_EndsWithSilence()
    {
        var source = new PcmSource(new short[] { 1, 2, 3 });
        var frame = new short[] { 9, 9 };
        Assert.True(source.Read(frame));
        Assert.Equal([1, 2], frame);
        Assert.True(source.Read(frame));
        Assert.Equal([3, 0], frame);
        Assert.True(source.IsFinished);
        Assert.False(source.Read(frame));
        Assert.Equal([0, 0], frame);
    }

    [Fact]
    public void Source_Looping_BeginsAgain()
    {
        var source = new PcmSource(new short[] { 1, 2, 3 }, loops: true);
        var frame = new short[8];
        Assert.True(source.Read(frame));
        Assert.Equal([1, 2, 3, 1, 2, 3, 1, 2], frame);
        Assert.False(new PcmSource(Array.Empty<short>(), loops: true).Read(frame));
    }

    [Fact]
    public void MemorySink_PastItsBound_DropsTheRest()
    {
        var sink = new PcmSink(TimeSpan.FromMilliseconds(10));
        sink.Write(Sine(400, 48_000, 400));
        sink.Write(Sine(400, 48_000, 400));
        Assert.Equal(480, sink.Samples.Length);
    }

    [Fact]
    public void NullDevice_Read_IsSilentFrames()
    {
        var frame = new short[] { 1, 2 };
        Assert.True(NullAudio.Instance.Read(frame));
        Assert.Equal([0, 0], frame);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("bob")]
    public void Speech_OfSounds_IsFourToSixSecondsAtMinusThreeDecibels(string name)
    {
        var pcm = Speech.Load(name);
        Assert.InRange(pcm.Length, 4 * 48_000, 6 * 48_000);
        Assert.InRange(20 * Math.Log10(pcm.Max(s => Math.Abs((int)s)) / 32768.0), -3.1, -2.9);
    }

    private static short[] Sine(double hertz, int rate, int samples) =>
        [.. Enumerable.Range(0, samples).Select(i => (short)(8000 * Math.Sin(Math.Tau * hertz * i / rate)))];

    private static byte[] Build(int tag, int bits, int rate, int channels, short[] pcm)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(0);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)tag);
        writer.Write((short)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write((short)bits);
        writer.Write("data"u8);
        writer.Write(pcm.Length * channels * bits / 8);
        foreach (var sample in pcm)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                switch (tag, bits)
                {
                    case (1, 8): writer.Write((byte)((sample >> 8) + 128)); break;
                    case (1, 16): writer.Write(sample); break;
                    case (1, 24): writer.Write((byte)0); writer.Write(sample); break;
                    case (1, 32): writer.Write(sample << 16); break;
                    case (3, 32): writer.Write(sample / 32767f); break;
                    case (3, 64): writer.Write(sample / 32767d); break;
                    case (6, _): writer.Write(Softphone.Media.G711.EncodeA(sample)); break;
                    default: writer.Write(Softphone.Media.G711.EncodeMu(sample)); break;
                }
            }
        }

        return stream.ToArray();
    }
}
