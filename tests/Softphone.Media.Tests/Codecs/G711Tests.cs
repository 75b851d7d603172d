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
        for (var sample = short.MinValue; sample < short.MaxValue; sample += 3)
        {
            var mu = G711.EncodeMu(sample);
            var step = 8 << (((byte)~mu >> 4) & 7);
            var clipped = Math.Clamp((int)sample, -32_635, 32_635);
            Assert.InRange(Math.Abs(G711.DecodeMu(mu) - clipped), 0, step / 2);

            var a = G711.EncodeA(sample);
            step = 16 << Math.Max(0, (((a ^ 0x55) >> 4) & 7) - 1);
            Assert.InRange(Math.Abs(G711.DecodeA(a) - sample), 0, step / 2);
        }
    }
}
