using Softphone.Core;

namespace Softphone.Media.Tests;

public sealed class CodecFactoryTests
{
    private const int Frame = 960;

    public static TheoryData<string> Names => [.. CodecCatalog.All.Select(c => c.Name)];

    public static TheoryData<string, double> Fidelity => new() { { "opus", 8 }, { "g722", 20 }, { "pcma", 25 }, { "pcmu", 25 } };

    [Theory]
    [InlineData("OPUS")]
    [InlineData("G722")]
    [InlineData("PCMA")]
    [InlineData("pcmu")]
    public void Factory_NamesOfSdp_AreSupportedInAnyCase(string name)
    {
        Assert.True(CodecFactory.Instance.Supports(name));
        Assert.NotNull(CodecFactory.Instance.LibraryOf(name));
    }

    [Fact]
    public void Factory_UnknownName_SaysWhatIsKnown()
    {
        Assert.False(CodecFactory.Instance.Supports("G729"));
        Assert.Null(CodecFactory.Instance.LibraryOf("G729"));
        var error = Assert.Throws<ArgumentException>(() => CodecFactory.Instance.CreateDecoder("G729"));
        Assert.Contains("opus", error.Message);
    }

    [Fact]
    public void MissingLibrary_NamesThePackage()
    {
        Assert.Contains("libopus0", new MissingLibraryException(NativeLibraries.Missing(NativeLibraries.Opus)).Message);
        Assert.Contains("libspeexdsp1", NativeLibraries.Missing(NativeLibraries.SpeexDsp).Remedy);
        Assert.False(NativeLibraries.IsPresent("nosuch"));
    }

    [Theory]
    [InlineData("opus", 48_000, 2, -1)]
    [InlineData("g722", 8_000, 1, 9)]
    [InlineData("pcma", 8_000, 1, 8)]
    [InlineData("pcmu", 8_000, 1, 0)]
    [Rfc("3551", "6", Line = "media R17")]
    [Rfc("7587", "7", Line = "media R15")]
    public void Catalog_SaysWhatSdpWrites(string name, int clock, int channels, int type)
    {
        var codec = CodecCatalog.Find(name.ToUpperInvariant())!;
        Assert.Equal((clock, channels, type), (codec.ClockRate, codec.Channels, codec.StaticPayloadType ?? -1));
    }

    [Theory]
    [MemberData(nameof(Fidelity))]
    public void Speech_ThroughTheCodec_ComesBack(string name, double decibels)
    {
        var pcm = Signals.Sine(440, 48_000);
        var result = RoundTrip(name, pcm, Frame);
        Assert.Equal(pcm.Length, result.Length);
        Assert.InRange(Signals.Snr(pcm, result, 1200), decibels, 200);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Frames_OfEveryPtime_KeepTheirLength(string name)
    {
        var pcm = Signals.Voice(48_000);
        foreach (var frame in new[] { 480, 960, 1920, 2880 }) Assert.Equal(pcm.Length / frame * frame, RoundTrip(name, pcm, frame).Length);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Conceal_AfterVoice_ContinuesThenFades(string name)
    {
        using var encoder = CodecFactory.Instance.CreateEncoder(name, EncoderTuning.Default);
        using var decoder = CodecFactory.Instance.CreateDecoder(name);
        var pcm = Signals.Voice(48_000);
        var payload = new byte[1500];
        var result = new short[Frame];
        for (var at = 0; at + Frame <= pcm.Length; at += Frame)
            decoder.Decode(payload.AsSpan(0, encoder.Encode(pcm.AsSpan(at, Frame), payload)), result);
        var level = Signals.Rms(result);

        Assert.Equal(480, decoder.Conceal(480, result));
        Assert.InRange(Signals.Rms(result.AsSpan(0, 480)), level * 0.4, level * 1.6);
        for (var i = 0; i < 25; i++) Assert.Equal(Frame, decoder.Conceal(Frame, result));
        Assert.InRange(Signals.Rms(result), 0, level * 0.25);
    }

    [Theory]
    [InlineData("g722")]
    [InlineData("pcma")]
    [InlineData("pcmu")]
    public void Conceal_LostFrames_AreLikerThanSilence(string name)
    {
        var pcm = Signals.Voice(48_000);
        var clean = RoundTrip(name, pcm, Frame);
        var concealed = RoundTrip(name, pcm, Frame, lost: i => i % 10 == 9);
        double signal = 0, noise = 0, after = 0;
        for (var i = 9; i < 40; i += 10)
        {
            var start = i * Frame;
            for (var n = 0; n < Frame; n++)
            {
                signal += Math.Pow(clean[start + n], 2);
                noise += Math.Pow(clean[start + n] - concealed[start + n], 2);
                after += Math.Pow(clean[start + n + 2 * Frame] - concealed[start + n + 2 * Frame], 2);
            }
        }

        // Silence would be 0 dB. Two frames later the decoder must have found back.
        var (lost, later) = (10 * Math.Log10(signal / noise), 10 * Math.Log10(signal / Math.Max(1, after)));
        Assert.True(lost > 3 && later > 12, $"{lost:F1} dB in the gap, {later:F1} dB after it");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decoder_FedRandomPayloads_NeverThrowsAndKeepsToItsWord(string name)
    {
        using var decoder = CodecFactory.Instance.CreateDecoder(name);
        var entropy = new SeededEntropy(9);
        var pcm = new short[5760];
        for (var i = 0; i < 3000; i++)
        {
            var payload = new byte[entropy.NextInt(400)];
            entropy.Fill(payload);
            var promised = decoder.SamplesOf(payload);
            Assert.InRange(promised, 0, pcm.Length);
            var made = decoder.Decode(payload, pcm);
            Assert.True(made == 0 || made == promised, $"{made} of {promised}");
            decoder.TryRecover(payload, Frame, pcm);
        }

        Assert.Equal(0, decoder.SamplesOf([]));
        Assert.Equal(0, decoder.Decode([], pcm));
        if (name != "opus") Assert.Equal(0, decoder.SamplesOf(new byte[5000]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SteadyState_EncodingAndDecoding_AllocatesNothing(string name)
    {
        if (!NativeLibraries.IsPresent(NativeLibraries.Opus) || !NativeLibraries.IsPresent(NativeLibraries.SpeexDsp))
            Assert.Skip("libopus or libspeexdsp is not installed: what stands in for them leaves garbage");
        using var encoder = CodecFactory.Instance.CreateEncoder(name, EncoderTuning.Default);
        using var decoder = CodecFactory.Instance.CreateDecoder(name);
        var pcm = Signals.Voice(Frame);
        var payload = new byte[1500];
        var result = new short[Frame];
        long before = 0;
        for (var i = 0; i < 60; i++)
        {
            if (i == 30) before = GC.GetAllocatedBytesForCurrentThread();
            var length = encoder.Encode(pcm, payload);
            decoder.SamplesOf(payload.AsSpan(0, length));
            decoder.Decode(payload.AsSpan(0, length), result);
            if (i % 5 == 0) decoder.Conceal(Frame, result);
            decoder.TryRecover(payload.AsSpan(0, length), Frame, result);
            encoder.Tune(new EncoderTuning(24_000 + i, Fec: i % 2 == 0, ExpectedLossPercent: 5));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static short[] RoundTrip(string name, short[] pcm, int frame, Func<int, bool>? lost = null)
    {
        using var encoder = CodecFactory.Instance.CreateEncoder(name, EncoderTuning.Default);
        using var decoder = CodecFactory.Instance.CreateDecoder(name);
        var payload = new byte[1500];
        var decoded = new short[5760];
        var result = new List<short>();
        for (var i = 0; (i + 1) * frame <= pcm.Length; i++)
        {
            var length = encoder.Encode(pcm.AsSpan(i * frame, frame), payload);
            var octets = payload.AsSpan(0, length);
            Assert.Equal(frame, decoder.SamplesOf(octets));
            var samples = lost?.Invoke(i) == true ? decoder.Conceal(frame, decoded) : decoder.Decode(octets, decoded);
            result.AddRange(decoded.AsSpan(0, samples));
        }

        return [.. result];
    }
}
