namespace Softphone.Media;

/// <summary>
/// Hears keys as tones in the audio (ITU-T Q.23, Q.24), of peers that have no telephone events. Each 13 ms the eight frequencies are
/// compared with each other and with all else that sounds: a key is one row and one column that are together nearly all there is, for 40 ms.
/// Speech seldom is, and never for so long.
/// </summary>
public sealed class DtmfListener
{
    /// <summary>Four samples are averaged into one: nothing of a key is above 1633 Hz.</summary>
    private const int Decimation = 4;
    private const double Rate = 48_000.0 / Decimation;

    /// <summary>75 Hz wide: rows are 73 Hz apart, and a tone may be 1.5 % off.</summary>
    private const int BlockSamples = 160;

    private const int BlocksToBegin = 3;
    private const int BlocksToEnd = 2;
    private const double LeastShare = 0.7;

    /// <summary>-42 dBFS for each of the two; below that it is another call's keys, leaking in.</summary>
    private const double LeastPower = 6.3e-5 * short.MaxValue * short.MaxValue / 2;

    /// <summary>What lies between row and column at most: 9 dB. Old lines lose the high tones.</summary>
    private const double MostTwist = 8;

    /// <summary>How much a row or column must stand out of its group: 6 dB.</summary>
    private const double LeastLead = 4;

    private const string Keys = "123A456B789C*0#D";

    private static readonly double[] Turns = [.. new double[] { 697, 770, 852, 941, 1209, 1336, 1477, 1633 }.Select(f => 2 * Math.Cos(Math.Tau * f / Rate))];

    private readonly double[] _last = new double[8];
    private readonly double[] _before = new double[8];
    private double _energy;
    private int _sum;
    private int _summed;
    private int _samples;
    private char _key;
    private int _blocks;
    private int _missed;

    /// <summary>The next piece of what is heard.</summary>
    /// <param name="pcm48k">At most 20 ms.</param>
    /// <param name="key">The key that is known to be over.</param>
    /// <param name="durationMs">How long it was held.</param>
    public bool TryTake(ReadOnlySpan<short> pcm48k, out char key, out int durationMs)
    {
        key = default;
        durationMs = 0;
        foreach (var sample in pcm48k)
        {
            _sum += sample;
            if (++_summed < Decimation) continue;
            Add(_sum / (double)Decimation);
            (_sum, _summed) = (0, 0);
            if (_samples == BlockSamples && Judge(out var over, out var ms)) (key, durationMs) = (over, ms);
        }

        return key != default;
    }

    private void Add(double sample)
    {
        for (var i = 0; i < Turns.Length; i++) (_last[i], _before[i]) = (sample + Turns[i] * _last[i] - _before[i], _last[i]);
        _energy += sample * sample;
        _samples++;
    }

    /// <summary>A block is over; true when a key is.</summary>
    private bool Judge(out char over, out int durationMs)
    {
        over = default;
        durationMs = 0;
        var now = KeyOfBlock();
        if (now == _key && now != default)
        {
            _blocks += 1 + _missed;
            _missed = 0;
            return false;
        }

        // A key that was just begun has no block to lose; one that is heard may lose one to the network.
        var isHeard = _blocks >= BlocksToBegin;
        if (isHeard && ++_missed < BlocksToEnd) return false;
        if (isHeard) (over, durationMs) = (_key, _blocks * BlockSamples * 1000 / (int)Rate);
        (_key, _blocks, _missed) = (now, now == default ? 0 : 1, 0);
        return isHeard;
    }

    private char KeyOfBlock()
    {
        var (row, rowPower) = Strongest(0);
        var (column, columnPower) = Strongest(4);
        var share = (rowPower + columnPower) * BlockSamples / Math.Max(_energy, 1);
        Array.Clear(_last);
        Array.Clear(_before);
        (_energy, _samples) = (0, 0);
        if (row < 0 || column < 0 || share < LeastShare || Math.Min(rowPower, columnPower) < LeastPower) return default;
        return Math.Max(rowPower, columnPower) > MostTwist * Math.Min(rowPower, columnPower) ? default : Keys[4 * row + column];
    }

    /// <summary>The strongest of four frequencies and its mean power; -1 when another is nearly as strong.</summary>
    private (int Index, double Power) Strongest(int from)
    {
        var (best, power, second) = (0, 0.0, 0.0);
        for (var i = 0; i < 4; i++)
        {
            var (last, before) = (_last[from + i], _before[from + i]);
            var p = (last * last + before * before - Turns[from + i] * last * before) * 2 / BlockSamples / BlockSamples;
            if (p > power) (best, power, second) = (i, p, power);
            else second = Math.Max(second, p);
        }

        return (power < LeastLead * second ? -1 : best, power);
    }
}
