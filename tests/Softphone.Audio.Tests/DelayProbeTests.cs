namespace Softphone.Audio.Tests;

public sealed class DelayProbeTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    public void Chirp_QuietAndInNoise_IsFoundToTheSample(double gain)
    {
        var chirp = DelayProbe.Chirp();
        var random = new Random(4);
        var recorded = new short[DelayProbe.Window];
        for (var i = 0; i < recorded.Length; i++) recorded[i] = (short)random.Next(-20, 20);
        for (var i = 0; i < chirp.Length; i++) recorded[i + 9600] += (short)(gain * chirp[i]);
        Assert.True(DelayProbe.TryFind(recorded, chirp, out var at));
        Assert.InRange(at.TotalMilliseconds, 199.9, 200.1);
    }

    [Fact]
    public void Speech_IsNotAChirp() =>
        Assert.False(DelayProbe.TryFind(Speech.Load("alice").AsSpan(0, 96_000), DelayProbe.Chirp(), out _));
}
