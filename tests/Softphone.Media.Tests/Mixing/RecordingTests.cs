using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>Both sides of a call in one file.</summary>
public sealed class RecordingTests
{
    /// <summary>Our frames are numbered in ones, the peer's in hundreds: each recorded frame tells which two lie over each other.</summary>
    [Fact]
    public void BothSides_OfEachTurn_LieOverEachOther()
    {
        var studio = new Studio(Ones);
        var call = studio.Call(Hundreds);
        studio.Run(0.1);
        var tape = new Reel();
        call.Port.Record(tape);
        Assert.True(call.Port.IsRecording);
        studio.Run(1);
        call.Port.Record(null);
        Assert.False(call.Port.IsRecording);
        studio.Run(0.1);
        Assert.Equal(50, tape.Frames);
        for (var i = 0; i < 50; i++) Assert.Equal(101 * (i + 6), tape.Samples[i * Mixer.FrameSamples + 500]);
    }

    [Fact]
    public void Ends_AreFaded()
    {
        var studio = new Studio((_, frame) => frame.Fill(5000));
        var call = studio.Call((_, frame) => frame.Fill(4000));
        studio.Run(0.1);
        var tape = new Reel();
        call.Port.Record(tape);
        studio.Run(0.5);
        call.Port.Record(null);
        Assert.Equal((0, 0), (tape.Samples[0], tape.Samples[^1]));
        Assert.InRange(Sines.Steepest(tape.Samples.ToArray()), 1, 40);
        Assert.Equal(9000, tape.Samples[tape.Samples.Count / 2]);
    }

    [Fact]
    public void Hold_TheRecordingGoesOn()
    {
        var studio = new Studio(Sines.Of(1000));
        var call = studio.Call(Sines.Of(600));
        var tape = new Reel();
        call.Port.Record(tape);
        studio.Run(1);
        (call.Port.HearsMicrophone, call.Port.IsOnSpeaker) = (false, false);
        studio.Run(1);
        (call.Port.HearsMicrophone, call.Port.IsOnSpeaker) = (true, true);
        studio.Run(1);
        studio.End(call);
        Assert.Equal(151, tape.Frames);
        Assert.InRange(Sines.Level(tape.Part(0.1, 0.9), 1000), -20.1, -19.9);
        Assert.InRange(Sines.Level(tape.Part(1.1, 1.9), 1000), -400, -70);
        Assert.InRange(Sines.Level(tape.Part(2.1, 2.9), 1000), -20.1, -19.9);
        Assert.InRange(Sines.Level(tape.Part(0.1, 2.9), 600), -20.1, -19.9);
    }

    [Fact]
    public void VolumeAndTones_HaveNoPartInIt_MutingHas()
    {
        var studio = new Studio(Sines.Of(1000));
        var call = studio.Call(Sines.Of(600));
        var tape = new Reel();
        call.Port.Record(tape);
        studio.Mixer.VolumeDb = -30;
        studio.Mixer.Play(Tone.Parse("425 10"));
        studio.Run(1);
        studio.Mixer.IsMuted = true;
        studio.Run(1);
        Assert.InRange(Sines.Level(tape.Part(0.1, 0.9), 600), -20.1, -19.9);
        Assert.InRange(Sines.Level(tape.Part(0.1, 0.9), 1000), -20.1, -19.9);
        Assert.InRange(Sines.Level(tape.Part(0.1, 0.9), 425), -400, -60);
        Assert.InRange(Sines.Level(tape.Part(1.1, 1.9), 1000), -400, -70);
    }

    [Fact]
    public void Conference_RecordsWhatOnePeerIsSentAndSays()
    {
        var studio = new Studio(Sines.Of(300, -26));
        var a = studio.Call(Sines.Of(450, -26), 2);
        var b = studio.Call(Sines.Of(600, -26), 9);
        var c = studio.Call(Sines.Of(750, -26), 16);
        foreach (var (x, y) in new[] { (a, b), (b, c) }) studio.Mixer.Connect(x.Port, y.Port, true);
        var tape = new Reel();
        a.Port.Record(tape);
        studio.Run(2);
        Assert.Equal([true, true, true, false], new double[] { 300, 450, 600, 750 }.Select(f => Sines.Level(tape.Part(0.5, 1.9), f) > -27));
    }

    /// <summary>Before the answer the peer is heard and sent nothing; nobody who records may lose a frame of either side.</summary>
    [Fact]
    public void OneSideAlone_IsRecordedWithTheOtherSilent()
    {
        var mixer = new Studio(Ones).Mixer;
        var port = mixer.Add();
        var tape = new Reel();
        port.Record(tape);
        var frame = new short[Mixer.FrameSamples];
        var said = new short[Mixer.FrameSamples];
        said.AsSpan().Fill(700);
        port.Write(said);
        port.Write(said);
        port.Read(frame);
        port.Read(frame);
        port.Read(frame);
        port.Write(said);
        port.Read(frame);
        port.Record(null);
        Assert.Equal([700, 700, 0, 1, 702, 3], Enumerable.Range(0, 6).Select(i => (int)tape.Samples[i * Mixer.FrameSamples + 500]));
        Assert.Equal(6, tape.Frames);
    }

    [Fact]
    public void LoudSides_Together_DoNotWrapRound()
    {
        var studio = new Studio(Sines.Of(200, 0));
        var call = studio.Call(Sines.Of(200, 0));
        var tape = new Reel();
        call.Port.Record(tape);
        studio.Run(1);
        studio.End(call);
        Assert.InRange(Sines.Level(tape.Part(0.2, 0.8), 200), -1.1, -0.9);
        Assert.InRange(Sines.Steepest(tape.Samples.ToArray()), 1, 2 * Sines.Slope(200, 0));
    }

    private static void Ones(long at, Span<short> frame) => frame.Fill((short)(at / Mixer.FrameSamples));

    private static void Hundreds(long at, Span<short> frame) => frame.Fill((short)(100 * (at / Mixer.FrameSamples)));
}
