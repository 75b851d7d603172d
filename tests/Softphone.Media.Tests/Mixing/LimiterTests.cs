namespace Softphone.Media.Tests;

/// <summary>Sums that do not fit into samples.</summary>
public sealed class LimiterTests
{
    [Fact]
    public void Sum_ThatFits_PassesUnchanged()
    {
        var sum = new int[Mixer.FrameSamples];
        for (var i = 0; i < sum.Length; i++) sum[i] = i % 2 == 0 ? short.MaxValue : short.MinValue;
        var frame = new short[sum.Length];
        var limiter = new Limiter();
        limiter.Write(sum, frame);
        Assert.Equal(sum, frame.Select(s => (int)s));
        Assert.True(limiter.IsIdle);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(60)]
    public void TalkersTogether_AreLimitedAndKeepTheirShape(int talkers)
    {
        var limiter = new Limiter();
        var (worst, first) = (0.0, true);
        var peak = 0;
        Run(limiter, talkers, 20, (sum, frame) =>
        {
            for (var i = 0; i < frame.Length; i++)
            {
                // The first peak comes without warning.
                if (!first) peak = Math.Max(peak, Math.Abs((int)frame[i]));
                // Never turned round: a loud place stays on its side.
                if (Math.Abs(sum[i]) > 1000) Assert.Equal(Math.Sign(sum[i]), Math.Sign(frame[i]));
            }

            if (!first) worst = Math.Max(worst, Distortion(sum, frame));
            first = false;
        });
        Assert.InRange(peak, 28_000, 29_300);
        Assert.True(worst < 0.001, $"distortion {worst:P2}");
        Assert.False(limiter.IsIdle);
    }

    [Fact]
    public void Peak_InTheMidstOfAFrame_IsReachedByARampWithoutAClick()
    {
        var limiter = new Limiter();
        var sum = new int[Mixer.FrameSamples];
        var all = new List<short>();
        var frame = new short[sum.Length];
        long at = 0;
        for (var n = 0; n < 10; n++)
        {
            for (var i = 0; i < sum.Length; i++, at++) sum[i] = (int)((at < 4800 ? 20_000 : 60_000) * Math.Sin(Math.Tau * 100 * at / 48_000));
            limiter.Write(sum, frame);
            all.AddRange(frame);
        }

        Assert.True(all.Max(s => Math.Abs((int)s)) < 29_300);
        // 60,000 at 100 Hz rises by 785 a sample; no step is larger than the sum's own.
        Assert.InRange(Sines.Steepest(all.ToArray()), 100, 785);
    }

    [Fact]
    public void Gain_AfterAPeak_ComesBackWithinTwoSeconds()
    {
        var limiter = new Limiter();
        Run(limiter, 4, 3, (_, _) => { });
        var levels = new List<double>();
        Run(limiter, 0.5, 100, (_, frame) => levels.Add(Sines.Level(frame, 250)));
        Assert.True(limiter.IsIdle);
        Assert.InRange(levels[0], -25, -12);
        Assert.InRange(levels[20], -7.6, -6.0);
        Assert.InRange(levels[^1], -6.1, -5.9);
        for (var i = 1; i < levels.Count; i++) Assert.True(levels[i] >= levels[i - 1] - 0.01);
    }

    private static void Run(Limiter limiter, double talkers, int frames, Action<int[], short[]> check)
    {
        for (var n = 0; n < frames; n++)
        {
            var sum = new int[Mixer.FrameSamples];
            var frame = new short[Mixer.FrameSamples];
            for (var i = 0; i < sum.Length; i++) sum[i] = (int)(talkers * short.MaxValue * Math.Sin(Math.Tau * 250 * (n * sum.Length + i) / 48_000));
            limiter.Write(sum, frame);
            check(sum, frame);
        }
    }

    /// <summary>Energy of what is not the sum, scaled as well as can be, to that of what is.</summary>
    private static double Distortion(int[] sum, short[] frame)
    {
        double product = 0, power = 0, rest = 0, all = 0;
        for (var i = 0; i < sum.Length; i++)
        {
            product += (double)sum[i] * frame[i];
            power += (double)sum[i] * sum[i];
        }

        for (var i = 0; i < sum.Length; i++)
        {
            var error = frame[i] - product / power * sum[i];
            rest += error * error;
            all += (double)frame[i] * frame[i];
        }

        return rest / all;
    }
}
