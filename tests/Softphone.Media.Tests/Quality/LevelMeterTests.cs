namespace Softphone.Media.Tests;

public class LevelMeterTests
{
    /// <summary>The squares of two lowest samples are one more than an int holds; lengths leave a rest behind the samples that are summed together.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(960)]
    [InlineData(967)]
    public void LevelMeter_FullScaleOfAnyLength_ReadsNought(int samples)
    {
        var pcm = new short[samples];
        pcm.AsSpan().Fill(short.MinValue);
        var meter = new LevelMeter();
        meter.Add(pcm);
        Assert.Equal(0, meter.Dbfs, 9);
    }

    [Fact]
    public void LevelMeter_OneSampleAnywhere_CountsTheSame()
    {
        for (var at = 0; at < 100; at++)
        {
            var pcm = new short[100];
            pcm[at] = -10_000;
            var meter = new LevelMeter();
            meter.Add(pcm);
            Assert.Equal(10 * Math.Log10(1e8 / 100 / (32768.0 * 32768.0)), meter.Dbfs, 9);
        }
    }
}
