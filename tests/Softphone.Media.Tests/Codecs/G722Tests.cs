using System.Buffers.Binary;

namespace Softphone.Media.Tests;

/// <summary>The digital test sequences of G.722 appendix II: they drive the band coders with the filter bank bypassed.</summary>
public sealed class G722Tests
{
    [Theory]
    [InlineData("bt1c1.xmt", "bt2r1.cod")]
    [InlineData("bt1c2.xmt", "bt2r2.cod")]
    [Rfc("3551", "4.5.2")]
    public void Bands_EncodingTheSequence_AreBitExact(string input, string expected)
    {
        var (low, high) = (new G722Band(isLow: true), new G722Band(isLow: false));
        var (samples, codes) = (Read(input), Read(expected));
        Assert.Equal(samples.Length, codes.Length);
        var compared = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            if ((samples[i] & 1) != 0)
            {
                low.Reset();
                high.Reset();
                continue;
            }

            var sample = samples[i] >> 1;
            var code = (high.Encode(sample) << 6) | low.Encode(sample);
            Assert.True(code == (codes[i] >> 8 & 0xFF), $"word {i}: {code:X2}, expected {codes[i] >> 8 & 0xFF:X2}");
            compared++;
        }

        Assert.True(compared > 700, $"{compared} words compared");
    }

    [Theory]
    [InlineData("bt2r1.cod", "bt3l1.rc1", "bt3h1.rc0")]
    [InlineData("bt2r2.cod", "bt3l2.rc1", "bt3h2.rc0")]
    [InlineData("bt1d3.cod", "bt3l3.rc1", "bt3h3.rc0")]
    [Rfc("3551", "4.5.2")]
    public void Bands_DecodingTheSequence_AreBitExact(string input, string expectedLow, string expectedHigh)
    {
        var (low, high) = (new G722Band(isLow: true), new G722Band(isLow: false));
        var (codes, lows, highs) = (Read(input), Read(expectedLow), Read(expectedHigh));
        var compared = 0;
        for (var i = 0; i < codes.Length; i++)
        {
            if ((codes[i] & 1) != 0)
            {
                low.Reset();
                high.Reset();
                continue;
            }

            var octet = codes[i] >> 8 & 0xFF;
            Assert.Equal((i, lows[i] >> 1), (i, low.Decode(octet & 63)));
            Assert.Equal((i, highs[i] >> 1), (i, high.Decode(octet >> 6)));
            compared++;
        }

        Assert.True(compared > 700, $"{compared} words compared");
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(3000)]
    [InlineData(6000)]
    public void WholeCodec_Tone_ComesBackClean(double hertz)
    {
        var pcm = Signals.Sine(hertz, 16_000, rate: 16_000);
        var payload = new byte[8_000];
        var result = new short[16_000];
        new G722Encoder().Encode(pcm, payload);
        new G722Decoder().Decode(payload, result);
        Assert.InRange(Signals.Snr(pcm, result, 40), hertz < 4000 ? 25 : 12, 100);
    }

    private static short[] Read(string name)
    {
        var bytes = File.ReadAllBytes(Suites.Find($"suites/g722/{name}"));
        var words = new short[bytes.Length / 2];
        for (var i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(2 * i));
        return words;
    }
}
