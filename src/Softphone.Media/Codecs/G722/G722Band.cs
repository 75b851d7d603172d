namespace Softphone.Media;

/// <summary>
/// One sub-band of G.722: an ADPCM coder whose predictor has two poles and six zeros and adapts to what both sides decode. The block
/// names in comments are those of the recommendation, §6.2. All arithmetic is 16 bits with saturation, so that it is bit-exact.
/// </summary>
internal sealed class G722Band
{
    private readonly bool _isLow;
    private readonly int[] _differences = new int[7];
    private readonly int[] _zeros = new int[7];
    private readonly int[] _poles = new int[3];
    private readonly int[] _partial = new int[3];
    private readonly int[] _reconstructed = new int[3];
    private int _zeroPrediction;
    private int _prediction;
    private int _logScale;
    private int _scale;

    public G722Band(bool isLow)
    {
        _isLow = isLow;
        Reset();
    }

    public void Reset()
    {
        Array.Clear(_differences);
        Array.Clear(_zeros);
        Array.Clear(_poles);
        Array.Clear(_partial);
        Array.Clear(_reconstructed);
        _zeroPrediction = _prediction = _logScale = 0;
        _scale = _isLow ? 32 : 8;
    }

    /// <summary>Codes one sample of the band: 6 bits in the lower one, 2 in the higher.</summary>
    public int Encode(int sample)
    {
        var difference = Saturate(sample - _prediction);
        var magnitude = difference >= 0 ? difference : -(difference + 1);
        int code;
        if (_isLow)
        {
            var level = 1;
            while (level < 30 && magnitude >= (G722Tables.Decisions[level] * _scale) >> 12) level++;

            // Negative codes run from 63 and 62 on to 31 and down; positive ones from 61 down.
            code = difference >= 0 ? 62 - level : level < 3 ? 64 - level : 34 - level;
        }
        else
        {
            var isLarge = magnitude >= (564 * _scale) >> 12;
            code = difference >= 0 ? isLarge ? 2 : 3 : isLarge ? 0 : 1;
        }

        Adapt(code);
        return code;
    }

    /// <summary>Decodes one sample of the band.</summary>
    public int Decode(int code)
    {
        var inverse = _isLow ? G722Tables.Inverse6[code] : G722Tables.Inverse2[code];
        var sample = Math.Clamp(_prediction + ((_scale * inverse) >> 15), -16_384, 16_383);
        Adapt(code);
        return sample;
    }

    private static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);

    private void Adapt(int code)
    {
        // INVQAL, LOGSCL and SCALEL, or INVQAH, LOGSCH and SCALEH.
        var coarse = _isLow ? code >> 2 : code;
        var difference = (_scale * (_isLow ? G722Tables.Inverse4[coarse] : G722Tables.Inverse2[coarse])) >> 15;
        var step = _isLow ? G722Tables.LowSteps[coarse] : G722Tables.HighSteps[coarse];
        _logScale = Math.Clamp(((_logScale * 127) >> 7) + step, 0, _isLow ? 18_432 : 22_528);
        var antilog = (int)G722Tables.Antilog[(_logScale >> 6) & 31];
        var shift = (_isLow ? 8 : 10) - (_logScale >> 11);
        _scale = (shift < 0 ? antilog << -shift : antilog >> shift) << 2;
        Predict(difference);
    }

    private void Predict(int difference)
    {
        // RECONS and PARREC.
        _differences[0] = difference;
        _reconstructed[0] = Saturate(_prediction + difference);
        _partial[0] = Saturate(_zeroPrediction + difference);

        // UPPOL2.
        var sameAsLast = _partial[0] >> 15 == _partial[1] >> 15;
        var leaned = Saturate(_poles[1] << 2);
        var second = Math.Min(sameAsLast ? -leaned : leaned, short.MaxValue) >> 7;
        second += _partial[0] >> 15 == _partial[2] >> 15 ? 128 : -128;
        second = Math.Clamp(second + ((_poles[2] * 32_512) >> 15), -12_288, 12_288);

        // UPPOL1.
        var bound = Saturate(15_360 - second);
        var first = Math.Clamp(Saturate((sameAsLast ? 192 : -192) + ((_poles[1] * 32_640) >> 15)), -bound, bound);

        // UPZERO, and DELAYA from the oldest on.
        var nudge = difference == 0 ? 0 : 128;
        for (var i = 6; i > 0; i--)
        {
            var towards = _differences[i] >> 15 == difference >> 15 ? nudge : -nudge;
            _zeros[i] = Saturate(towards + ((_zeros[i] * 32_640) >> 15));
        }

        for (var i = 6; i > 0; i--) _differences[i] = _differences[i - 1];
        for (var i = 2; i > 0; i--)
        {
            _reconstructed[i] = _reconstructed[i - 1];
            _partial[i] = _partial[i - 1];
        }

        _poles[1] = first;
        _poles[2] = second;

        // FILTEP, FILTEZ and PREDIC.
        var poles = Saturate(
            ((first * Saturate(_reconstructed[1] * 2)) >> 15) + ((second * Saturate(_reconstructed[2] * 2)) >> 15));
        var zeros = 0;
        for (var i = 6; i > 0; i--) zeros += (_zeros[i] * Saturate(_differences[i] * 2)) >> 15;
        _zeroPrediction = Saturate(zeros);
        _prediction = Saturate(poles + _zeroPrediction);
    }
}
