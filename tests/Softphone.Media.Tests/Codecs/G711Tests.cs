namespace Softphone.Media.Tests;

public sealed class G711Tests
{
    [Theory]
    [InlineData(0xFF, 0)]
    [InlineData(0x7F, 0)]
    [InlineData(0x80, 32124)]
    [InlineData(0x00, -32124)]
    [InlineData(0xFE, 8)]
    [InlineData(0xEF, 132)]
    [InlineData(0xD0, 876)]
    public void MuLaw_KnownCodes_Expand(byte code, short sample) => Assert.Equal(sample, G711.DecodeMu(code));

    [Theory]
    [InlineData(0xD5, 8)]
    [InlineData(0x55, -8)]
    [InlineData(0xAA, 32256)]
    [InlineData(0x2A, -32256)]
    [InlineData(0xC5, 264)]
    [InlineData(0xF5, 528)]
    public void ALaw_KnownCodes_Expand(byte code, short sample) => Assert.Equal(sample, G711.DecodeA(code));

    [Fact]
    public void EveryCode_DecodedAndEncoded_IsItself()
    {
        for (var code = 0; code < 256; code++)
        {
            // The two zeros of µ-law are one value.
            if (code != 0x7F) Assert.Equal(code, G711.EncodeMu(G711.DecodeMu((byte)code)));
            Assert.Equal(code, G711.EncodeA(G711.DecodeA((byte)code)));
        }
    }

    [Fact]
    public void EverySample_Encoded_StaysWithinHalfAStep()
    {
        var mu = Enumerable.Range(0, 256).Select(c => (int)G711.DecodeMu((byte)c)).ToArray();
        for (var sample = short.MinValue; sample < short.MaxValue; sample += 3)
        {
            var s = (int)sample;
            // 14 bits of 16: the borders lie up to 4 beside the middle.
            Assert.InRange(Math.Abs(G711.DecodeMu(G711.EncodeMu(sample)) - s), 0, mu.Min(v => Math.Abs(v - s)) + 4);

            var code = G711.EncodeA(sample);
            var segment = ((code ^ 0x55) >> 4) & 7;
            var step = 16 << Math.Max(0, segment - 1);
            Assert.InRange(Math.Abs(G711.DecodeA(code) - s), 0, step / 2);
        }
    }
}
