using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>Keys as tones: those that are one are heard, and nothing else is.</summary>
public sealed class DtmfListenerTests
{
    private const int Rate = 48_000;

    private readonly DtmfListener _listener = new();
    private readonly List<(char Key, int Ms)> _heard = [];

    [Theory]
    [InlineData(-3, 0.1, 0.1)]
    [InlineData(-10, 0.05, 0.05)]
    [InlineData(-12, 0.16, 0.06)]
    [InlineData(-35, 0.1, 0.1)]
    public void AllKeys_Loud_Soft_Short_AreHeardOnce(double dbfs, double on, double off)
    {
        const string Keys = "0123456789*#ABCD";
        var pcm = new List<short>();
        foreach (var key in Keys)
        {
            pcm.AddRange(Pcm(Tone.Dtmf(key, on), on, dbfs));
            pcm.AddRange(new short[(int)(off * Rate)]);
        }

        Hear([.. pcm, .. new short[4800]]);
        Assert.Equal(Keys, string.Concat(_heard.Select(h => h.Key)));
        Assert.All(_heard, h => Assert.InRange(h.Ms, on * 1000 - 30, on * 1000 + 15));
    }

    /// <summary>ITU-T Q.24: a tone is taken that is 1.5 % off, one that is 3.5 % off is not.</summary>
    [Theory]
    [InlineData(1.015, 1.015, true)]
    [InlineData(0.985, 1.015, true)]
    [InlineData(1.015, 0.985, true)]
    [InlineData(1.05, 1, false)]
    [InlineData(1, 0.95, false)]
    public void Key_WhoseFrequenciesAreOff_IsHeardWithinBounds(double row, double column, bool isHeard)
    {
        Hear(Two(770 * row, 1336 * column, -12, -12));
        Assert.Equal(isHeard ? "5" : "", string.Concat(_heard.Select(h => h.Key)));
    }

    [Theory]
    [InlineData(-8, -14, true)]
    [InlineData(-14, -8, true)]
    [InlineData(-6, -20, false)]
    [InlineData(-20, -6, false)]
    public void Key_OfUnequalTones_IsHeardUnlessTooUnequal(double row, double column, bool isHeard)
    {
        Hear(Two(852, 1477, row, column));
        Assert.Equal(isHeard ? "9" : "", string.Concat(_heard.Select(h => h.Key)));
    }

    [Fact]
    public void Key_WithNoiseAndAHole_IsHeardOnce()
    {
        var chance = new SeededEntropy(3);
        var pcm = Two(941, 1209, -12, -12);
        for (var i = 0; i < pcm.Length; i++) pcm[i] = (short)(pcm[i] + chance.NextInt(2400) - 1200);
        pcm.AsSpan(2000, 600).Clear();
        Hear(pcm);
        Assert.Equal("*", string.Concat(_heard.Select(h => h.Key)));
    }

    [Fact]
    public void SameKeyTwice_IsHeardTwice()
    {
        Hear([.. Two(941, 1209, -12, -12), .. new short[2400], .. Two(941, 1209, -12, -12)]);
        Assert.Equal("**", string.Concat(_heard.Select(h => h.Key)));
    }

    [Theory]
    [InlineData(697, 770)]
    [InlineData(1209, 1336)]
    [InlineData(697, 0)]
    [InlineData(440, 480)]
    [InlineData(480, 620)]
    [InlineData(350, 440)]
    [InlineData(1400, 2060)]
    public void OtherTones_AreNoKeys(double first, double second)
    {
        Hear(Two(first, second, -10, second == 0 ? -200 : -10));
        Assert.Empty(_heard);
    }

    [Fact]
    public void NoiseAndClicks_AreNoKeys()
    {
        var chance = new SeededEntropy(9);
        var pcm = new short[60 * Rate];
        for (var i = 0; i < pcm.Length; i++) pcm[i] = (short)(i % 9000 == 0 ? 32_000 : chance.NextInt(20_000) - 10_000);
        Hear(pcm);
        Assert.Empty(_heard);
    }

    [Fact]
    public void Listening_AllocatesNothing()
    {
        var pcm = Two(770, 1336, -12, -12);
        Listen(pcm);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Listen(pcm);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Listen(short[] all)
        {
            for (var at = 0; at + 960 <= all.Length; at += 960) _listener.TryTake(all.AsSpan(at, 960), out _, out _);
        }
    }

    /// <summary>In pieces of 10 ms, beginning anywhere within a block.</summary>
    private void Hear(short[] pcm)
    {
        for (var at = 0; at < pcm.Length; at += 480)
            if (_listener.TryTake(pcm.AsSpan(at, Math.Min(480, pcm.Length - at)), out var key, out var ms)) _heard.Add((key, ms));
        for (var i = 0; i < 10; i++)
            if (_listener.TryTake(new short[480], out var key, out var ms)) _heard.Add((key, ms));
    }

    private static short[] Pcm(Tone tone, double seconds, double dbfs)
    {
        var pcm = new short[(int)(seconds * Rate)];
        new ToneGenerator(tone, dbfs).Read(pcm);
        return pcm;
    }

    /// <summary>Two tones for 100 ms, after 7 ms of silence.</summary>
    private static short[] Two(double first, double second, double firstDbfs, double secondDbfs)
    {
        var pcm = new short[336 + 4800];
        for (var i = 336; i < pcm.Length; i++)
        {
            pcm[i] = (short)(short.MaxValue * (Math.Pow(10, firstDbfs / 20) * Math.Sin(Math.Tau * first * i / Rate) + Math.Pow(10, secondDbfs / 20) * Math.Sin(Math.Tau * second * i / Rate)));
        }

        return pcm;
    }
}
