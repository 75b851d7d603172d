using System.Numerics;

namespace Softphone.Audio;

/// <summary>A Fourier transform of a fixed power of two, in place, on real and imaginary parts apart.</summary>
internal sealed class Fft
{
    private readonly int _size;
    private readonly double[] _cosines;
    private readonly double[] _sines;
    private readonly int[] _reversed;

    public Fft(int size)
    {
        if (!BitOperations.IsPow2(size) || size < 2) throw new ArgumentException($"{size} is no power of two", nameof(size));
        _size = size;
        _cosines = [.. Enumerable.Range(0, size / 2).Select(i => Math.Cos(Math.Tau * i / size))];
        _sines = [.. Enumerable.Range(0, size / 2).Select(i => -Math.Sin(Math.Tau * i / size))];
        _reversed = new int[size];
        for (var i = 1; i < size; i++) _reversed[i] = (_reversed[i / 2] + (i & 1) * size) / 2;
    }

    public void Transform(double[] real, double[] imaginary)
    {
        for (var i = 0; i < _size; i++)
        {
            var j = _reversed[i];
            if (j <= i) continue;
            (real[i], real[j]) = (real[j], real[i]);
            (imaginary[i], imaginary[j]) = (imaginary[j], imaginary[i]);
        }

        for (var half = 1; half < _size; half *= 2)
        {
            var stride = _size / (2 * half);
            for (var i = 0; i < _size / 2; i++)
            {
                // Put a zero bit in the place of half: a runs over the first of each pair.
                var turn = (i & (half - 1)) * stride;
                var a = ((i & -half) << 1) | (i & (half - 1));
                var b = a + half;
                var re = real[b] * _cosines[turn] - imaginary[b] * _sines[turn];
                var im = real[b] * _sines[turn] + imaginary[b] * _cosines[turn];
                real[b] = real[a] - re;
                imaginary[b] = imaginary[a] - im;
                real[a] += re;
                imaginary[a] += im;
            }
        }
    }
}
