namespace Softphone.Audio.Tests;

/// <summary>Another device takes over, or the only one stops, while a slow tone goes through: no step in the waveform, which would be a click.</summary>
public sealed class DeviceChangeTests
{
    private const int Frame = 960;
    private const int Period = 480;

    /// <summary>The tone's own steepest, and what a ramp of 5 ms adds.</summary>
    private const int Steepest = 160 + 80;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Microphone_Changed_NeitherClicksNorFallsSilent(bool processesVoice)
    {
        using var voice = processesVoice ? VoiceChain.TryCreate() : null;
        using var side = new CaptureSide(voice);
        var (before, after) = (new Tone(0), new Tone(2));
        var (first, second) = (new SampleRing(1 << 14), new SampleRing(1 << 14));
        side.Attach(first);
        var heard = new List<short>();
        for (var n = 0; n < 100; n++)
        {
            if (n == 60) side.Attach(second);
            // The old device runs on until the new one has been taken.
            if (n < 70) before.Write(first);
            if (n >= 60) after.Write(second);
            Read(side, heard);
        }

        Assert.True(side.HasTaken(second));
        var steady = heard.Skip(20 * Frame).ToArray();
        if (processesVoice) return;
        Assert.InRange(Steps(steady), 100, Steepest);
        Assert.True(LongestSilence(steady) < 10, "it fell silent");
    }

    [Fact]
    public void Microphone_LostAndAnotherComes_DoesNotClick()
    {
        using var side = new CaptureSide();
        var tone = new Tone(0);
        var (first, second) = (new SampleRing(1 << 14), new SampleRing(1 << 14));
        side.Attach(first);
        var heard = new List<short>();
        for (var n = 0; n < 100; n++)
        {
            if (n < 50) tone.Write(first);
            if (n == 70) side.Attach(second);
            if (n >= 70) tone.Write(second);
            Read(side, heard);
        }

        var steady = heard.Skip(20 * Frame).ToArray();
        Assert.InRange(Steps(steady), 100, Steepest);
        Assert.InRange(LongestSilence(steady), 15 * Frame, 25 * Frame);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    public void Microphone_OfAPhoneThatStoodStill_DropsItsDelayWithoutAClick(int frames)
    {
        using var side = new CaptureSide();
        var tone = new Tone(0);
        var ring = new SampleRing(1 << 14);
        side.Attach(ring);
        var heard = new List<short>();
        for (var n = 0; n < 250; n++)
        {
            tone.Write(ring);
            if (n >= 100 && n < 100 + frames) continue;
            Read(side, heard);
        }

        Assert.InRange(Steps([.. heard.Skip(20 * Frame)]), 100, Steepest);
        Assert.InRange(side.Level, 400, 1500);
    }

    [Fact]
    public void Microphone_TakenAway_IsSilentAtOnce()
    {
        using var side = new CaptureSide();
        var tone = new Tone(0);
        var ring = new SampleRing(1 << 14);
        side.Attach(ring);
        var heard = new List<short>();
        for (var n = 0; n < 50; n++)
        {
            tone.Write(ring);
            Read(side, heard);
        }

        side.Attach(null);
        heard.Clear();
        for (var n = 0; n < 10; n++) Read(side, heard);
        Assert.All(heard.Skip(Fade.Length), s => Assert.Equal(0, s));
    }

    [Fact]
    public void Speaker_Changed_TheOldOneFadesOutAndTheNewOneIn()
    {
        using var side = new PlayoutSide();
        var tone = new Tone(0);
        var (first, second) = (new SampleRing(1 << 14), new SampleRing(1 << 14));
        side.Attach(first);
        var (old, next) = (new List<short>(), new List<short>());
        var frame = new short[Frame];
        for (var n = 0; n < 100; n++)
        {
            if (n == 60) side.Attach(second);
            tone.Fill(frame);
            side.Write(frame);
            Play(first, old);
            if (n >= 60) Play(second, next);
        }

        Assert.InRange(Steps([.. old]), 100, Steepest);
        Assert.InRange(Steps([.. next]), 100, Steepest);
        Assert.All(old.TakeLast(30 * Frame), s => Assert.Equal(0, s));
        Assert.True(LongestSilence([.. next.Skip(3 * Frame)]) < 10, "it fell silent");
    }

    [Fact]
    public void Speaker_NothingToPlay_DoesNotClickWhereItEnds()
    {
        using var side = new PlayoutSide();
        var tone = new Tone(0);
        var ring = new SampleRing(1 << 14);
        side.Attach(ring);
        var played = new List<short>();
        var frame = new short[Frame];
        for (var n = 0; n < 100; n++)
        {
            tone.Fill(frame);
            if (n is < 40 or > 60) side.Write(frame);
            Play(ring, played);
        }

        Assert.InRange(Steps([.. played]), 100, Steepest);
    }

    private static void Read(CaptureSide side, List<short> heard)
    {
        var frame = new short[Frame];
        side.Read(frame);
        heard.AddRange(frame);
    }

    private static void Play(SampleRing ring, List<short> played)
    {
        var period = new short[Period];
        for (var i = 0; i < Frame / Period; i++)
        {
            ring.ReadOrSilence(period);
            played.AddRange(period);
        }
    }

    private static int Steps(short[] samples) => Enumerable.Range(1, samples.Length - 1).Max(i => Math.Abs(samples[i] - samples[i - 1]));

    private static int LongestSilence(short[] samples)
    {
        int longest = 0, silent = 0;
        foreach (var sample in samples)
        {
            silent = sample == 0 ? silent + 1 : 0;
            longest = Math.Max(longest, silent);
        }

        return longest;
    }

    /// <summary>150 Hz, 20 ms at a time.</summary>
    private sealed class Tone(double phase)
    {
        private double _phase = phase;

        public void Fill(Span<short> samples)
        {
            foreach (ref var sample in samples)
            {
                sample = (short)(8000 * Math.Sin(_phase));
                _phase += 2 * Math.PI * 150 / 48_000;
            }
        }

        public void Write(SampleRing ring)
        {
            var samples = new short[Frame];
            Fill(samples);
            ring.Write(samples);
        }
    }
}
