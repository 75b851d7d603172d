using Softphone.Media;

namespace Softphone.Scenarios;

/// <summary>Hears which tones are in what is played, over the last fifth of a second.</summary>
internal sealed class Ear : IAudioSink
{
    private readonly short[] _heard = new short[9600];
    private int _at;

    public void Write(ReadOnlySpan<short> pcm48k)
    {
        foreach (var sample in pcm48k) _heard[_at++ % _heard.Length] = sample;
    }

    public void Forget() => Array.Clear(_heard);

    /// <summary>Goertzel's measure of one tone against the loudness that <see cref="Voice"/> has.</summary>
    public bool Hears(int hertz)
    {
        var turn = 2 * Math.Cos(2 * Math.PI * hertz / 48_000.0);
        double last = 0, before = 0;
        for (var i = 0; i < _heard.Length; i++) (last, before) = (_heard[(_at + i) % _heard.Length] + turn * last - before, last);
        var power = last * last + before * before - turn * last * before;
        return Math.Sqrt(Math.Max(0, power)) * 2 / _heard.Length > 2000;
    }
}
