namespace Softphone.Media.Tests;

public sealed class SpeexResamplerTests
{
    [Theory]
    [InlineData(48_000, 8_000)]
    [InlineData(48_000, 16_000)]
    [InlineData(8_000, 48_000)]
    [InlineData(44_100, 48_000)]
    [InlineData(22_050, 48_000)]
    [InlineData(48_000, 8_000, true)]
    [InlineData(16_000, 48_000, true)]
    [InlineData(44_100, 48_000, true)]
    public void Tone_Resampled_IsTheSameTone(int from, int to, bool managed = false)
    {
        using var resampler = new SpeexResampler(from, to, 8, managed);
        resampler.SkipLatency();
        var input = Signals.Sine(700, from, rate: from);
        var output = new short[to + 100];
        var written = resampler.Process(input, output, out var consumed);
        Assert.Equal(input.Length, consumed);
        Assert.InRange(written, to - to / 50, to + 1);
        Assert.InRange(Signals.Snr(Signals.Sine(700, written, rate: to), output.AsSpan(0, written), 2), 30, 200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ToneAboveTheNewBand_Resampled_IsGone(bool managed)
    {
        using var resampler = new SpeexResampler(48_000, 8_000, managed: managed);
        var output = new short[8_000];
        resampler.Process(Signals.Sine(6_000, 48_000), output);
        Assert.InRange(Signals.Rms(output.AsSpan(200)), 0, 8_000 / Math.Sqrt(2) / 1000);
    }

    [Theory]
    [InlineData(48_000, 8_000, 480, 80)]
    [InlineData(8_000, 48_000, 160, 960)]
    [InlineData(16_000, 48_000, 320, 960)]
    [InlineData(48_000, 16_000, 480, 160, true)]
    [InlineData(8_000, 48_000, 80, 480, true)]
    public void Frames_OfWholeRatio_NeverGainOrLoseASample(int from, int to, int frame, int expected, bool managed = false)
    {
        using var resampler = new SpeexResampler(from, to, managed: managed);
        var output = new short[expected * 2];
        for (var i = 0; i < 100; i++) Assert.Equal(expected, resampler.Process(new short[frame], output));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Trim_HundredPpm_ShortensTheOutputByThat(bool managed)
    {
        using var resampler = new SpeexResampler(48_000, 48_000, managed: managed);
        resampler.Trim(1.0001);
        var (input, output, total) = (new short[480], new short[500], 0);
        for (var i = 0; i < 10_000; i++) total += resampler.Process(input, output);
        Assert.InRange(total, 4_800_000 - 490, 4_800_000 - 470);
    }

    /// <summary>Which of the two does it nobody hears: as good and as late.</summary>
    [Theory]
    [InlineData(48_000, 8_000)]
    [InlineData(8_000, 48_000)]
    [InlineData(44_100, 48_000)]
    public void Speech_ByTheManagedFilter_IsThatOfTheNativeOne(int from, int to)
    {
        if (!NativeLibraries.IsPresent(NativeLibraries.SpeexDsp)) Assert.Skip("libspeexdsp is not installed");
        using var native = new SpeexResampler(from, to);
        using var managed = new SpeexResampler(from, to, managed: true);
        Assert.Equal(native.Latency, managed.Latency);
        var input = Signals.Voice(from);
        var (one, two) = (new short[to + 100], new short[to + 100]);
        Assert.Equal(native.Process(input, one), managed.Process(input, two));
        Assert.InRange(Signals.Snr(one, two, 2), 60, 400);
    }

    [Fact]
    public void Rate_Zero_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new SpeexResampler(0, 48_000));
}
