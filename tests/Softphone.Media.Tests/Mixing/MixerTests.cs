using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>Who hears whom, with calls that come, go, wait and stand still.</summary>
public sealed class MixerTests
{
    [Fact]
    public void OneCall_BothWays_PassesEachFrameAtOnceAndUnchanged()
    {
        var studio = new Studio(Sines.Of(1000, -1));
        var call = studio.Call(Sines.Of(600, 0));
        studio.Run(1);
        Assert.Equal(51, studio.Speaker.Frames);
        Assert.Equal(51, studio.MicrophoneReads);
        var frame = new short[Mixer.FrameSamples];
        for (var i = 1; i < 51; i++)
        {
            Sines.Of(1000, -1)(i * frame.Length, frame);
            Assert.Equal(frame, call.Sent.Frame(i));
            Sines.Of(600, 0)(i * frame.Length, frame);
            Assert.Equal(frame, studio.Speaker.Frame(i));
        }
    }

    [Fact]
    public void OneCall_ItsFirstFrame_IsFadedIn()
    {
        var studio = new Studio(Sines.Of(50));
        var call = studio.Call((_, frame) => frame.Fill(10_000));
        studio.Run(0.05);
        Assert.InRange(Sines.Steepest(studio.Speaker.Frame(0)), 1, 200);
        Assert.Equal(0, studio.Speaker.Samples[0]);
        Assert.Equal(10_000, studio.Speaker.Samples[Fade.Samples + 2]);
        Assert.Equal(0, call.Sent.Samples[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void Microphone_HoweverManyCallsHearIt_IsReadOnceInAFrame(int calls)
    {
        var studio = new Studio(Sines.Of(1000));
        var all = Enumerable.Range(0, calls).Select(i => studio.Call(phaseMs: i * 2.3)).ToList();
        studio.Run(10);
        Assert.InRange(studio.MicrophoneReads, 499, 502);
        Assert.InRange(studio.Speaker.Frames, 499, 502);
        Assert.All(all, c => Assert.InRange(Sines.Level(c.Sent.Part(1, 9), 1000), -20.1, -19.9));
    }

    [Fact]
    public void Mute_OnAndOff_FadesAndIsDigitalSilenceBetween()
    {
        var studio = new Studio(Sines.Of(200, -3));
        var call = studio.Call();
        studio.Run(0.5);
        studio.Mixer.IsMuted = true;
        studio.Run(0.5);
        studio.Mixer.IsMuted = false;
        studio.Run(0.5);
        Assert.All(call.Sent.Part(0.6, 1), s => Assert.Equal(0, s));
        Assert.InRange(Sines.Level(call.Sent.Part(1.1, 1.5), 200), -3.1, -2.9);
        Assert.InRange(Sines.Steepest(call.Sent.Samples.ToArray()), 1, Sines.Slope(200, -3) + 110);
        Assert.Equal(76, studio.MicrophoneReads);
    }

    /// <summary>What was said while it was muted is never sent, not even a moment of it.</summary>
    [Fact]
    public void Mute_ForAMoment_WhatWasSaidMeanwhileIsNotSentLater()
    {
        var studio = new Studio(Sines.Numbered);
        var call = studio.Call();
        studio.Run(0.5);
        studio.Mixer.IsMuted = true;
        studio.Run(0.1);
        studio.Mixer.IsMuted = false;
        studio.Run(0.02);
        Assert.Equal(0, Sines.Age(studio.MicrophoneReads, call.LastSent[900]));
        Assert.Equal(0, call.LastSent[0]);
    }

    [Fact]
    public void Mute_TheMicrophonesLevel_ShowsStill()
    {
        var studio = new Studio(Sines.Of(1000, -10));
        var call = studio.Call();
        studio.Mixer.IsMuted = true;
        studio.Run(1);
        Assert.InRange(studio.Mixer.InputDbfs, -13.1, -12.9);
        studio.End(call);
        Assert.Equal(LevelMeter.Floor, studio.Mixer.InputDbfs);
    }

    [Fact]
    public void HeldCall_HearsNothingAndIsNotHeard()
    {
        var studio = new Studio(Sines.Of(1000));
        var call = studio.Call(Sines.Of(600));
        studio.Run(1);
        (call.Port.HearsMicrophone, call.Port.IsOnSpeaker) = (false, false);
        studio.Run(1);
        Assert.InRange(studio.Speaker.Frames, 50, 53);
        Assert.InRange(studio.MicrophoneReads, 50, 53);
        Assert.All(call.Sent.Part(1.1, 2), s => Assert.Equal(0, s));
        Assert.Equal(0, studio.Speaker.Samples[^1]);
        Assert.Equal(LevelMeter.Floor, studio.Mixer.OutputDbfs);
        (call.Port.HearsMicrophone, call.Port.IsOnSpeaker) = (true, true);
        studio.Run(1);
        Assert.InRange(Sines.Level(call.Sent.Part(2.1, 3), 1000), -20.1, -19.9);
        Assert.InRange(Sines.Level(studio.Speaker.Part(1.2, 2), 600), -20.1, -19.9);
        Assert.InRange(Sines.Steepest(studio.Speaker.Samples.ToArray()), 1, Sines.Slope(600) + 20);
    }

    [Fact]
    public void TwoCalls_SwappedBackAndForth_OnlyTheOneInFrontHearsAndIsHeard()
    {
        var studio = new Studio(Sines.Of(1000));
        var a = studio.Call(Sines.Of(400), 3);
        var b = studio.Call(Sines.Of(700), 14);
        Front(b, false);
        studio.Run(1);
        Front(a, false);
        Front(b, true);
        studio.Run(1);
        Front(b, false);
        Front(a, true);
        studio.Run(1);
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(s => IsHeard(a.Sent.Part(s + .1, s + .9), 1000)));
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(s => IsHeard(b.Sent.Part(s + .1, s + .9), 1000)));
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(s => IsHeard(studio.Speaker.Part(s + .1, s + .9), 400)));
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(s => IsHeard(studio.Speaker.Part(s + .1, s + .9), 700)));
        Assert.InRange(studio.Speaker.Frames, 149, 152);
        Assert.InRange(Sines.Steepest(studio.Speaker.Samples.ToArray()), 1, Sines.Slope(400) + Sines.Slope(700) + 20);

        static void Front(StudioCall call, bool on) => (call.Port.HearsMicrophone, call.Port.IsOnSpeaker) = (on, on);
    }

    [Fact]
    public void CallThatEnds_WithAnotherOnTheSpeaker_DiesAwayWithoutAClick()
    {
        var studio = new Studio();
        var a = studio.Call(Sines.Of(190, -10), 3);
        var b = studio.Call(Sines.Of(110, -10), 9);
        studio.Run(0.5);
        studio.End(a);
        studio.Run(0.5);
        Assert.InRange(studio.Speaker.Frames, 49, 52);
        Assert.InRange(Sines.Level(studio.Speaker.Part(0.6, 1), 190), -400, -60);
        Assert.InRange(Sines.Level(studio.Speaker.Part(0.6, 1), 110), -10.1, -9.9);
        Assert.InRange(Sines.Steepest(studio.Speaker.Samples.ToArray()), 1, Sines.Slope(190, -10) + Sines.Slope(110, -10) + 100);
        studio.End(b);
        Assert.Equal(0, studio.Speaker.Samples[^1]);
        Assert.InRange(Sines.Steepest(studio.Speaker.Samples.ToArray()), 1, Sines.Slope(190, -10) + Sines.Slope(110, -10) + 100);
    }

    [Fact]
    public void LastCallThatEnds_LeavesNothingBehind()
    {
        var studio = new Studio(Sines.Of(1000));
        for (var i = 0; i < 5; i++)
        {
            var call = studio.Call(Sines.Of(400 + 100 * i));
            studio.Run(0.5);
            studio.End(call);
            var frames = studio.Speaker.Frames;
            studio.Run(0.5);
            Assert.Equal(frames, studio.Speaker.Frames);
            Assert.Null(studio.Mixer.NextTimeout);
        }

        Assert.InRange(Sines.Steepest(studio.Speaker.Samples.ToArray()), 1, Sines.Slope(800) + 20);
        Assert.True(IsHeard(studio.Speaker.Frame(-10), 800));
        Assert.False(IsHeard(studio.Speaker.Frame(-10), 700));
    }

    [Fact]
    public void CallThatLeads_StandsStill_AnotherTakesOverWithin80Ms()
    {
        var studio = new Studio(Sines.Of(1000));
        var a = studio.Call(Sines.Of(400), 0);
        var b = studio.Call(Sines.Of(700), 11);
        studio.Run(1);
        var before = (studio.Speaker.Frames, studio.MicrophoneReads);
        a.Stall(2000);
        studio.Run(1);
        Assert.InRange(studio.Speaker.Frames - before.Frames, 46, 51);
        Assert.InRange(studio.MicrophoneReads - before.MicrophoneReads, 46, 51);
        Assert.True(IsHeard(studio.Speaker.Part(1.2, 1.9), 700));
        Assert.False(IsHeard(studio.Speaker.Part(1.2, 1.9), 400));
        studio.Run(2);
        Assert.True(IsHeard(studio.Speaker.Part(3.1, 3.8), 700));
        Assert.True(IsHeard(studio.Speaker.Part(3.1, 3.8), 400));
        Assert.InRange(studio.Speaker.Frames, 195, 202);
        Assert.True(IsHeard(b.Sent.Part(1.2, 1.9), 1000));
    }

    [Fact]
    public void CallThatEnded_WhileOthersTalk_IsForgotten()
    {
        var studio = new Studio();
        var a = studio.Call();
        studio.Run(0.1);
        var voices = new List<WeakReference>();
        for (var i = 0; i < 3; i++) voices.Add(ComeAndGo(studio, a, holds: i == 1, standsStill: i == 2));
        studio.Run(0.1);
        GC.Collect();
        Assert.All(voices, v => Assert.False(v.IsAlive));
    }

    [Fact]
    public void LoudCallsThatWereLimited_OneEnds_TheOtherComesBackWithoutAStep()
    {
        var studio = new Studio(Sines.Of(90, -1));
        var a = studio.Call(Sines.Of(90, -1), 2);
        var b = studio.Call(Sines.Of(90, -1), 7);
        var c = studio.Call(Sines.Silence, 12);
        var d = studio.Call(Sines.Silence, 17);
        studio.Mixer.Connect(a.Port, c.Port, true);
        studio.Mixer.Connect(b.Port, d.Port, true);
        studio.Mixer.Connect(b.Port, c.Port, true);
        (c.Port.HearsMicrophone, c.Port.IsOnSpeaker) = (false, false);
        d.Port.IsOnSpeaker = false;
        studio.Run(1);
        studio.End(b);
        studio.Run(3);
        foreach (var reel in new[] { studio.Speaker, c.Sent, d.Sent })
        {
            Assert.True(reel.Part(0.1, 3.9).Max(s => Math.Abs((int)s)) < 29_500);
            Assert.InRange(Sines.Steepest(reel.Samples.ToArray()), 200, 2 * Sines.Slope(90, -1) + 250);
            Assert.InRange(Sines.Steepest(reel.Part(1.05, 3.9)), 200, Sines.Slope(90, -1) + 10);
            Assert.InRange(Sines.Level(reel.Part(3.5, 3.9), 90), -1.1, -0.9);
        }
    }

    [Fact]
    public void CallThatTakesTheLead_HasNoDelayFromThenOn()
    {
        var studio = new Studio(Sines.Numbered);
        var a = studio.Call(Sines.Silence, 3);
        var b = studio.Call(Sines.Numbered, 16);
        studio.Run(0.52);
        studio.End(a);
        studio.Run(0.1);
        Assert.Equal(0, Sines.Age(b.Said, studio.Speaker.Frame(-1)[900]));
        Assert.Equal(0, Sines.Age(studio.MicrophoneReads, b.LastSent[900]));
    }

    [Fact]
    public void Frame_OfAnotherLength_IsRefused()
    {
        var port = new Studio().Mixer.Add();
        Assert.Throws<ArgumentOutOfRangeException>(() => port.Read(new short[480]));
        Assert.Throws<ArgumentOutOfRangeException>(() => port.Write(new short[961]));
    }

    [Theory]
    [InlineData(-40, -60)]
    [InlineData(-6, -26)]
    [InlineData(0, -20)]
    [InlineData(12, -8)]
    [InlineData(90, -8)]
    public void Volume_ChangesWhatIsHeardOnly(int decibels, double expected)
    {
        var studio = new Studio(Sines.Of(1000));
        var call = studio.Call(Sines.Of(600));
        studio.Run(0.5);
        studio.Mixer.VolumeDb = decibels;
        studio.Run(2);
        Assert.InRange(Sines.Level(studio.Speaker.Part(0.6, 1.5), 600), expected - 0.2, expected + 0.2);
        Assert.InRange(Sines.Level(call.Sent.Part(0.6, 1.5), 1000), -20.1, -19.9);
        Assert.InRange(studio.Mixer.OutputDbfs, expected - 3.2, expected - 2.8);
        studio.Mixer.VolumeDb = 0;
        studio.Run(1);
        Assert.InRange(Sines.Steepest(studio.Speaker.Samples.ToArray()), 1, Sines.Slope(600, Math.Max(-20, expected)) + 20);
        var said = new short[Mixer.FrameSamples];
        Sines.Of(600)(studio.Speaker.Samples.Count - said.Length, said);
        Assert.Equal(said, studio.Speaker.Frame(-1));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference ComeAndGo(Studio studio, StudioCall other, bool holds, bool standsStill)
    {
        var call = studio.Call(Sines.Of(600), 5);
        studio.Mixer.Connect(call.Port, other.Port, true);
        studio.Run(0.1);
        if (holds) (call.Port.HearsMicrophone, call.Port.IsOnSpeaker) = (false, false);
        if (standsStill) call.Stall(1000);
        studio.Run(0.1);
        studio.End(call);
        return new WeakReference(call.Port.Speaker.From);
    }

    private static bool IsHeard(ReadOnlySpan<short> pcm, double hertz) => Sines.Level(pcm, hertz) switch
    {
        > -21 and < -19 => true,
        < -70 => false,
        var level => throw new InvalidOperationException($"{hertz} Hz is neither there nor away: {level:F1} dBFS"),
    };
}
