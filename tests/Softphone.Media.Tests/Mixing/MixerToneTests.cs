using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>The phone's own sounds: tones in the ear, the ring, keys, and the frames they need while no call gives any.</summary>
public sealed class MixerToneTests
{
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void Tone_WithoutACall_IsWrittenFrameByFrame()
    {
        var studio = new Studio();
        studio.Run(5);
        Assert.Null(studio.Mixer.NextTimeout);
        studio.Mixer.Play(ToneTable.For("us").Ringback);
        studio.Run(7);
        Assert.Equal(351, studio.Speaker.Frames);
        Assert.All(Intervals(studio.Speaker), i => Assert.Equal(FrameTime, i));
        Assert.InRange(Sines.Level(studio.Speaker.Part(0.1, 1.9), 440), -20.1, -19.9);
        Assert.InRange(Sines.Level(studio.Speaker.Part(0.1, 1.9), 480), -20.1, -19.9);
        Assert.All(studio.Speaker.Part(2, 6), s => Assert.Equal(0, s));
        Assert.InRange(studio.Mixer.OutputDbfs, -20.5, -19.5);
        studio.Mixer.Play(null);
        studio.Run(1);
        Assert.Equal(352, studio.Speaker.Frames);
        Assert.Equal(0, studio.Speaker.Samples[^1]);
        Assert.InRange(Sines.Steepest(studio.Speaker.Samples.ToArray()), 1, 2 * Sines.Slope(480) + 30);
        Assert.Null(studio.Mixer.NextTimeout);
        Assert.Equal(LevelMeter.Floor, studio.Mixer.OutputDbfs);
    }

    [Fact]
    public void Tone_AfterAPause_BeginsAtOnceAndDoesNotCatchUp()
    {
        var studio = new Studio();
        var mixer = studio.Mixer;
        mixer.Play(Tone.Parse("425 .05", repeats: false));
        studio.Run(0.07);
        Assert.False(mixer.IsPlaying);
        var frames = studio.Speaker.Frames;
        mixer.Play(Tone.Parse("425 1"));
        studio.Run(0.1);
        Assert.Equal(6, studio.Speaker.Frames - frames);
    }

    [Fact]
    public void Tone_InPlaceOfAnother_TakesOverWithoutAClick()
    {
        var studio = new Studio();
        studio.Mixer.Play(Tone.Parse("200 10"));
        studio.Run(1.005);
        studio.Mixer.Play(Tone.Parse("300 10"));
        studio.Run(1);
        Assert.InRange(Sines.Level(studio.Speaker.Part(1.1, 1.9), 200), -400, -70);
        Assert.InRange(Sines.Level(studio.Speaker.Part(1.1, 1.9), 300), -20.1, -19.9);
        Assert.InRange(Sines.Steepest(studio.Speaker.Samples.ToArray()), 1, Sines.Slope(200) + Sines.Slope(300) + 20);
    }

    [Fact]
    public void Tone_ThatIsReplacedBeforeItSounds_IsNeverHeard()
    {
        var studio = new Studio();
        studio.Mixer.Play(Tone.Parse("2000 10"));
        studio.Mixer.Play(Tone.Parse("300 10"));
        studio.Mixer.Play(null);
        studio.Mixer.Ring(true);
        studio.Mixer.Ring(false);
        studio.Run(1);
        Assert.Equal((0, 0), (studio.Speaker.Frames, studio.Ringer.Frames));
    }

    /// <summary>Ringback, then the answer: the call gives the pace from its first frame, and none is written twice.</summary>
    [Fact]
    public void Ringback_ThenTheCall_ThenBusy_NoFrameTooManyNorTooFew()
    {
        var studio = new Studio();
        studio.Mixer.Play(ToneTable.For("de").Ringback);
        studio.Run(0.995);
        studio.Mixer.Play(null);
        var call = studio.Call(Sines.Of(600));
        studio.Run(1);
        studio.End(call);
        studio.Mixer.Play(ToneTable.For("de").Busy);
        studio.Run(1);
        Assert.InRange(studio.Speaker.Frames, 149, 153);
        Assert.All(Intervals(studio.Speaker), i => Assert.InRange(i.TotalMilliseconds, 0, 21));
        Assert.InRange(Sines.Level(studio.Speaker.Part(0.1, 0.9), 425), -20.1, -19.9);
        Assert.InRange(Sines.Level(studio.Speaker.Part(1.1, 1.9), 600), -20.1, -19.9);
        Assert.InRange(Sines.Level(studio.Speaker.Part(2.1, 2.4), 425), -20.1, -19.9);
    }

    [Fact]
    public void Ringback_UntilTheCalleeIsHeard_GivesWayWithinAFrame()
    {
        var studio = new Studio();
        var call = studio.Call(Sines.Of(600), phaseMs: 1007);
        var other = studio.Call(phaseMs: 500);
        studio.Mixer.Play(Tone.Parse("400 10"), until: call.Port);
        studio.Run(2);
        Assert.False(studio.Mixer.IsPlaying);
        Assert.InRange(Sines.Level(studio.Speaker.Part(0.1, 0.9), 400), -20.1, -19.9);
        Assert.InRange(Sines.Level(studio.Speaker.Part(1.04, 1.94), 400), -400, -70);
        Assert.InRange(Sines.Level(studio.Speaker.Part(1.04, 1.94), 600), -20.1, -19.9);
        Assert.True(other.Ticks > 70);
    }

    [Fact]
    public void Beep_DuringACall_IsHeardSoftlyBesideIt()
    {
        var studio = new Studio();
        studio.Mixer.Tones = ToneTable.For("us");
        var call = studio.Call(Sines.Of(600));
        studio.Run(1);
        studio.Mixer.Beep();
        studio.Run(1);
        Assert.InRange(Sines.Level(studio.Speaker.Part(1.05, 1.25), 440), -30.2, -29.8);
        Assert.InRange(Sines.Level(studio.Speaker.Part(1.05, 1.25), 600), -20.1, -19.9);
        Assert.InRange(Sines.Level(studio.Speaker.Part(1.4, 1.9), 440), -400, -70);
        Assert.All(Intervals(studio.Speaker), i => Assert.Equal(FrameTime, i));
        Assert.All(call.Sent.Samples, s => Assert.Equal(0, s));
        Assert.Null(studio.Mixer.NextTimeout);
    }

    [Fact]
    public void Beep_OfACallThatStandsStill_IsHeardAllTheSame()
    {
        var studio = new Studio();
        var call = studio.Call(Sines.Of(600));
        studio.Run(1);
        call.Stall(2000);
        studio.Mixer.Beep();
        studio.Run(1);
        Assert.InRange(studio.Speaker.Frames, 60, 90);
        Assert.InRange(Sines.Level(studio.Speaker.Frame(-8), 600), -400, -45);
        Assert.True(Sines.Level(studio.Speaker.Part(1.05, 1.2), 425) > -34);
    }

    [Fact]
    public void DigitTones_OfSeveralKeys_ComeOneAfterTheOther()
    {
        var studio = new Studio();
        foreach (var key in "1x#") studio.Mixer.DigitTone(key);
        studio.Run(1);
        Assert.Null(studio.Mixer.NextTimeout);
        Assert.InRange(studio.Speaker.Frames, 15, 18);
        Assert.InRange(Sines.Level(studio.Speaker.Part(0.02, 0.08), 697), -27, -25);
        Assert.InRange(Sines.Level(studio.Speaker.Part(0.02, 0.08), 1209), -27, -25);
        Assert.InRange(Sines.Level(studio.Speaker.Part(0.18, 0.24), 941), -27, -25);
        Assert.InRange(Sines.Level(studio.Speaker.Part(0.18, 0.24), 1477), -27, -25);
        for (var i = 0; i < 1000; i++) studio.Mixer.DigitTone('5');
        studio.Run(10);
        Assert.Null(studio.Mixer.NextTimeout);
    }

    [Fact]
    public void Ring_OnItsDevice_HasACadenceAndStopsWithinAFrame()
    {
        var studio = new Studio();
        studio.Mixer.Ring(true);
        Assert.True(studio.Mixer.IsRinging);
        studio.Mixer.VolumeDb = -40;
        studio.Run(6.195);
        Assert.Equal(0, studio.Speaker.Frames);
        Assert.Equal(310, studio.Ringer.Frames);
        Assert.All(Intervals(studio.Ringer), i => Assert.Equal(FrameTime, i));
        foreach (var round in new[] { 0, 3 })
        {
            Assert.InRange(Loudness(studio.Ringer.Part(round, round + 1.2)), -25, -12);
            Assert.InRange(Loudness(studio.Ringer.Part(round + 2.2, round + 2.9)), -96, -60);
        }

        Assert.True(studio.Ringer.Samples.Max(s => Math.Abs((int)s)) < 20_000);
        studio.Mixer.Ring(false);
        Assert.False(studio.Mixer.IsRinging);
        studio.Run(1);
        Assert.Equal(311, studio.Ringer.Frames);
        Assert.Equal(0, studio.Ringer.Samples[^1]);
        Assert.InRange(Sines.Steepest(studio.Ringer.Samples.ToArray()), 1, 4000);
        Assert.Null(studio.Mixer.NextTimeout);
    }

    [Fact]
    public void Ring_OnTheSpeakersDevice_IsMixedWithTheCallAtItsOwnLoudness()
    {
        var speaker = new Reel();
        var mixer = new Mixer(new Studio(), speaker, speaker);
        mixer.VolumeDb = -40;
        mixer.Ring(true);
        for (var at = Instant.Zero; at < Instant.Zero + TimeSpan.FromSeconds(1); at += FrameTime) mixer.Advance(at);
        Assert.Equal(50, speaker.Frames);
        Assert.InRange(Loudness(speaker.Part(0, 1)), -25, -12);
        var port = mixer.Add();
        var said = new short[Mixer.FrameSamples];
        for (var at = Instant.Zero + TimeSpan.FromSeconds(1); at < Instant.Zero + TimeSpan.FromSeconds(2); at += FrameTime)
        {
            port.Write(said);
            mixer.Advance(at);
        }

        Assert.Equal(100, speaker.Frames);
        mixer.Ring(false);
        port.Write(said);
        port.Write(said);
        Assert.Null(mixer.NextTimeout);
    }

    [Fact]
    public void Ring_AfterABeepThatTheCallPlayed_BeginsWithOneFrame()
    {
        var ringer = new Reel();
        var mixer = new Mixer(new Studio(), new Reel(), ringer);
        var port = mixer.Add();
        var said = new short[Mixer.FrameSamples];
        mixer.DigitTone('1');
        mixer.Advance(Instant.Zero);
        for (var i = 0; i < 20; i++) port.Write(said);
        Assert.Null(mixer.NextTimeout);
        mixer.Ring(true);
        var later = Instant.Zero + TimeSpan.FromMilliseconds(90);
        mixer.Advance(later);
        Assert.Equal(1, ringer.Frames);
        Assert.Equal(later + FrameTime, mixer.NextTimeout);
    }

    [Fact]
    public void Meter_WithoutACall_ReadsTheMicrophone()
    {
        var studio = new Studio(Sines.Of(1000, -9));
        Assert.Equal(LevelMeter.Floor, studio.Mixer.InputDbfs);
        studio.Mixer.IsMetering = true;
        studio.Run(1);
        Assert.Equal(51, studio.MicrophoneReads);
        Assert.InRange(studio.Mixer.InputDbfs, -12.1, -11.9);
        var call = studio.Call(phaseMs: 7);
        studio.Run(1);
        Assert.InRange(studio.MicrophoneReads, 100, 103);
        studio.End(call);
        studio.Run(1);
        Assert.InRange(studio.MicrophoneReads, 150, 153);
        studio.Mixer.IsMetering = false;
        studio.Run(1);
        Assert.InRange(studio.MicrophoneReads, 150, 153);
        Assert.Equal(LevelMeter.Floor, studio.Mixer.InputDbfs);
        Assert.InRange(studio.Speaker.Frames, 50, 52);
    }

    [Fact]
    public void Clock_ThatStoodStill_StartsAnew()
    {
        var studio = new Studio();
        studio.Mixer.Play(Tone.Parse("425 10"));
        studio.Mixer.Advance(Instant.Zero);
        var woken = Instant.Zero + TimeSpan.FromMinutes(3);
        studio.Mixer.Advance(woken);
        Assert.InRange(studio.Speaker.Frames, 2, 6);
        Assert.Equal(woken + FrameTime, studio.Mixer.NextTimeout);
    }

    [Fact]
    public void TonesRingAndMeter_AllAtOnce_AllocateNothingForAFrame()
    {
        var studio = new Studio(Sines.Of(1000));
        studio.Speaker.Keeps = studio.Ringer.Keeps = false;
        var call = studio.Call(Sines.Of(600));
        call.Sent.Keeps = false;
        call.Port.Record(new Reel { Keeps = false });
        studio.Mixer.IsMetering = true;
        studio.Mixer.VolumeDb = 3;
        studio.Mixer.Play(ToneTable.For("us").Ringback);
        studio.Mixer.Ring(true);
        studio.Run(1);
        var before = Allocated.Now;
        studio.Run(10);
        Allocated.AssertNoneSince(before);
    }

    private static IEnumerable<TimeSpan> Intervals(Reel reel) => reel.Times.Zip(reel.Times.Skip(1), (a, b) => b - a);

    private static double Loudness(ReadOnlySpan<short> pcm)
    {
        double sum = 0;
        foreach (var sample in pcm) sum += (double)sample * sample;
        return 10 * Math.Log10(sum / pcm.Length / 32768 / 32768 + 1e-10);
    }
}
