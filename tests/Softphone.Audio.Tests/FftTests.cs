namespace Softphone.Audio.Tests;

public sealed class FftTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    public void Transform_OfAnything_IsTheSumItIsDefinedBy(int size)
    {
        var (real, imaginary) = (new double[size], new double[size]);
        for (var i = 0; i < size; i++) (real[i], imaginary[i]) = (Math.Sin(i * i), Math.Cos(3 * i));
        var (x, y) = ((double[])real.Clone(), (double[])imaginary.Clone());
        new Fft(size).Transform(real, imaginary);
        for (var k = 0; k < size; k++)
        {
            var sum = System.Numerics.Complex.Zero;
            for (var i = 0; i < size; i++)
                sum += new System.Numerics.Complex(x[i], y[i]) * System.Numerics.Complex.FromPolarCoordinates(1, -Math.Tau * i * k / size);
            Assert.Equal(sum.Real, real[k], 1e-9);
            Assert.Equal(sum.Imaginary, imaginary[k], 1e-9);
        }
    }

    [Fact]
    public void Size_ThatIsNoPowerOfTwo_IsRefused() => Assert.Throws<ArgumentException>(() => new Fft(12));
}
