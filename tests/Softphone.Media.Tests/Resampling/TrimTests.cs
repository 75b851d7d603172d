namespace Softphone.Media.Tests;

public sealed class TrimTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1.0001)]
    [InlineData(0.9998)]
    [InlineData(1.000123)]
    [InlineData(1.0005)]
    [InlineData(0.91875)]
    [InlineData(6)]
    [InlineData(0.16667)]
    public void Fraction_HasSixteenBits_AndIsNear(double value)
    {
        var (n, d) = SpeexResampler.Fraction(value);
        Assert.InRange(d, 1u, 65_535u);
        Assert.InRange(n / (double)d / value, 1 - 8e-6, 1 + 8e-6);
    }

    [Fact]
    public void Trim_ManyTimesInMidStream_KeepsTheRatio()
    {
        using var resampler = new SpeexResampler(48_000, 48_000, 4);
        var random = new Random(7);
        var frame = new short[480];
        var output = new short[600];
        double expected = 0;
        long written = 0;
        for (var n = 0; n < 5_000; n++)
        {
            var factor = 1 + (random.NextDouble() - 0.5) * 1e-3;
            resampler.Trim(factor);
            written += resampler.Process(frame, output, out var consumed);
            Assert.Equal(480, consumed);
            expected += 480 / factor;
        }

        Assert.InRange(written - expected, -60, 60);
    }
}
