namespace Softphone.Media.Tests;

public sealed class ToneTests
{
    private const int Rate = 48_000;

    [Theory]
    [InlineData("us", 440, 480, 2, 4)]
    [InlineData("de", 425, 0, 1, 4)]
    [InlineData("fr", 440, 0, 1.5, 3.5)]
    [InlineData("cn", 450, 0, 1, 4)]
    [InlineData("nowhere", 425, 0, 1, 4)]
    public void Ringback_OfACountry_HasItsPitchAndCadence(string country, double first, double second, double on, double off)
    {
        var tone = ToneTable.For(country).Ringback;
        Assert.Equal([new ToneSegment(first, second, 0, on), new ToneSegment(0, 0, 0, off)], tone.Segments);
        var pcm = new short[(int)((on + off + 1) * Rate)];
        Assert.True(new ToneGenerator(tone, -20).Read(pcm));
        Assert.InRange(Level(pcm.AsSpan(4800, Rate / 2), first), -20.5, -19.5);
        Assert.InRange(Level(pcm.AsSpan(4800, Rate / 2), first + 700), -200, -50);
        Assert.All(pcm[(int)(on * Rate)..(int)((on + off) * Rate)], s => Assert.Equal(0, s));
        Assert.InRange(Level(pcm.AsSpan((int)((on + off) * Rate) + 4800, Rate / 2), first), -20.5, -19.5);
    }

    [Fact]
    public void EveryCountry_HasFourTonesThatSound()
    {
        Assert.True(ToneTable.Countries.Count > 15);
        foreach (var country in ToneTable.Countries)
        {
            var set = ToneTable.For(country.ToUpperInvariant());
            foreach (var tone in new[] { set.Ringback, set.Busy, set.Congestion, set.CallWaiting })
            {
                var frame = new short[480];
                Assert.True(new ToneGenerator(tone).Read(frame));
                Assert.Contains(frame, s => s != 0);
                Assert.True(tone.Repeats);
            }
        }
    }

    [Theory]
    [InlineData('1', 697, 1209)]
    [InlineData('5', 770, 1336)]
    [InlineData('#', 941, 1477)]
    [InlineData('0', 941, 1336)]
    [InlineData('d', 941, 1633)]
    public void Dtmf_Key_HasItsTwoFrequenciesAndEnds(char key, double row, double column)
    {
        var generator = new ToneGenerator(Tone.Dtmf(key), -10);
        var pcm = new short[4800];
        Assert.True(generator.Read(pcm));
        Assert.InRange(Level(pcm, row), -12, -9);
        Assert.InRange(Level(pcm, column), -12, -9);
        Assert.True(generator.IsFinished);
        Assert.False(generator.Read(pcm));
        Assert.All(pcm, s => Assert.Equal(0, s));
    }

    [Fact]
    public void Dtmf_NoSuchKey_IsRefused() => Assert.Throws<ArgumentException>(() => Tone.Dtmf('x'));

    [Fact]
    public void Generator_ReadInSmallFrames_IsTheSameAsInOne()
    {
        var tone = Tone.Parse("440+480 .03/.02, 400*16 .05");
        var whole = new short[Rate];
        new ToneGenerator(tone).Read(whole);
        var generator = new ToneGenerator(tone);
        var pieces = new List<short>();
        var frame = new short[77];
        while (pieces.Count < Rate)
        {
            generator.Read(frame);
            pieces.AddRange(frame);
        }

        Assert.Equal(whole, pieces[..Rate]);
    }

    [Fact]
    public void Generator_StartAndEnd_DoNotClick()
    {
        var pcm = new short[9600];
        new ToneGenerator(Tone.Parse("425 .1/.1"), -3).Read(pcm);
        for (var i = 1; i < pcm.Length; i++) Assert.InRange(Math.Abs(pcm[i] - pcm[i - 1]), 0, 32767 * 0.71 * Math.Tau * 425 / Rate + 20);
    }

    [Theory]
    [InlineData("")]
    [InlineData("440")]
    [InlineData("440 x")]
    [InlineData("440+480+500 1")]
    [InlineData("440+480*2 1")]
    [InlineData("99999 1")]
    [InlineData("440 0/0")]
    [InlineData("440 -1/2")]
    [InlineData("NaN 1")]
    public void Text_ThatIsNoTone_IsRefused(string text) => Assert.False(Tone.TryParse(text, true, out _));

    [Fact]
    public void SpecialInformation_Rises() =>
        Assert.Equal([950.0, 1400, 1800, 0], ToneTable.SpecialInformation.Segments.Select(s => s.First));

    /// <summary>The level of one frequency in dB of a full-scale sine (Goertzel).</summary>
    private static double Level(ReadOnlySpan<short> pcm, double hertz)
    {
        double real = 0, imaginary = 0;
        for (var i = 0; i < pcm.Length; i++)
        {
            real += pcm[i] * Math.Cos(Math.Tau * hertz * i / Rate);
            imaginary += pcm[i] * Math.Sin(Math.Tau * hertz * i / Rate);
        }

        return 20 * Math.Log10(Math.Sqrt(real * real + imaginary * imaginary) * 2 / pcm.Length / short.MaxValue + 1e-9);
    }
}
