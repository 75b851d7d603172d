using Softphone.Core;
using Softphone.Media;

namespace Softphone.Audio.Tests;

public sealed class SpeechMatchTests
{
    private const int Frame = 960;

    private static readonly short[] Alice = Speech.Load("alice");
    private static readonly short[] Bob = Speech.Load("bob");

    [Fact]
    public void Itself_MatchesFullyWithoutLag()
    {
        var match = SpeechMatch.Find(Alice, Alice);
        Assert.InRange(match.Score, 0.999, 1);
        Assert.Equal(TimeSpan.Zero, match.Lag);
    }

    [Theory]
    [InlineData("opus", 0)]
    [InlineData("opus", 730)]
    [InlineData("opus", 5000)]
    [InlineData("g722", 1210)]
    [InlineData("pcma", 200)]
    [InlineData("pcmu", 3330)]
    public void Coded_QuieterAndLater_IsHeardAtItsLag(string codec, int lagMs)
    {
        var heard = Through(codec, Alice);
        foreach (ref var sample in heard.AsSpan()) sample = (short)(sample / 5);
        var match = SpeechMatch.Find(Alice, [.. new short[lagMs * 48], .. heard, .. new short[48_000]]);
        Assert.InRange(match.Score, 0.85, 1);
        Assert.InRange(match.Lag.TotalMilliseconds, lagMs - 10, lagMs + 40);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    public void Coded_WithLoss_IsHeard(int lossPercent)
    {
        var entropy = new SeededEntropy(4);
        var heard = Through("opus", Bob, _ => entropy.NextInt(100) < lossPercent);
        Assert.InRange(SpeechMatch.Find(Bob, heard).Score, 0.8, 1);
    }

    [Fact]
    public void HalfASecondLost_LowersTheScoreByItsShareOnly()
    {
        var heard = Through("opus", Alice);
        heard.AsSpan(96_000, 24_000).Clear();
        var match = SpeechMatch.Find(Alice, heard);
        Assert.InRange(match.Score, 0.7, 0.97);
        Assert.True(match.IsHeard);
    }

    [Theory]
    [InlineData(0.97)]
    [InlineData(1.03)]
    [InlineData(1.05)]
    public void Stretched_IsHeard(double factor)
    {
        using var resampler = new SpeexResampler(48_000, 48_000);
        resampler.Trim(factor);
        var stretched = new short[Alice.Length * 2];
        var length = resampler.Process(Alice, stretched);
        Assert.InRange(SpeechMatch.Find(Alice, stretched.AsSpan(0, length)).Score, 0.75, 1);
    }

    [Fact]
    public void CutAndPaddedByAJitterBuffer_IsHeard()
    {
        var entropy = new SeededEntropy(8);
        var heard = new List<short>();
        for (var at = 0; at + 9600 <= Alice.Length; at += 9600)
        {
            var piece = Alice.AsSpan(at, 9600);
            if (entropy.NextInt(2) == 0) heard.AddRange(piece[..480]);
            else piece = piece[..9120];
            heard.AddRange(piece);
        }

        Assert.InRange(SpeechMatch.Find(Alice, heard.ToArray()).Score, 0.8, 1);
    }

    [Fact]
    public void NoisyLine_TwentyDecibels_IsHeard()
    {
        var heard = Through("opus", Alice);
        var noise = Noise(heard.Length, 600);
        for (var i = 0; i < heard.Length; i++) heard[i] = (short)Math.Clamp(heard[i] + noise[i], short.MinValue, short.MaxValue);
        Assert.True(SpeechMatch.Find(Alice, heard).IsHeard);
    }

    [Fact]
    public void BothSpeaking_EachIsFoundInItsOwnRecordingOnly()
    {
        Assert.InRange(SpeechMatch.Find(Alice, Through("opus", Bob)).Score, 0, 0.5);
        Assert.InRange(SpeechMatch.Find(Bob, Through("opus", Alice)).Score, 0, 0.5);
        Assert.InRange(SpeechMatch.Find(Alice, [.. Bob, .. Bob, .. Bob]).Score, 0, 0.5);
    }

    [Fact]
    public void Backwards_IsNotHeard()
    {
        var backwards = (short[])Alice.Clone();
        Array.Reverse(backwards);
        Assert.InRange(SpeechMatch.Find(Alice, backwards).Score, 0, 0.5);
    }

    [Fact]
    public void NoiseToneAndSilence_AreNotHeard()
    {
        var tone = new short[Alice.Length];
        new ToneGenerator(ToneTable.For("us").Ringback).Read(tone);
        Assert.InRange(SpeechMatch.Find(Alice, Noise(480_000, 3000)).Score, 0, 0.35);
        Assert.InRange(SpeechMatch.Find(Alice, tone).Score, 0, 0.4);
        Assert.Equal(0, SpeechMatch.Find(Alice, new short[480_000]).Score);
        Assert.Equal(0, SpeechMatch.Find(Alice, Noise(480_000, 3)).Score, 0.35);
        Assert.Equal(0, SpeechMatch.Find(Alice, []).Score);
        Assert.Equal(0, SpeechMatch.Find([], Alice).Score);
    }

    [Fact]
    public void OnlyASecondOfIt_IsNotTakenForAll() =>
        Assert.InRange(SpeechMatch.Find(Alice, [.. Alice.AsSpan(48_000, 48_000), .. new short[240_000]]).Score, 0.05, 0.5);

    private static short[] Through(string codec, short[] pcm, Func<int, bool>? lost = null)
    {
        using var encoder = CodecFactory.Instance.CreateEncoder(codec, EncoderTuning.Default);
        using var decoder = CodecFactory.Instance.CreateDecoder(codec);
        var payload = new byte[1500];
        var decoded = new short[Frame];
        var result = new List<short>();
        for (var i = 0; (i + 1) * Frame <= pcm.Length; i++)
        {
            var length = encoder.Encode(pcm.AsSpan(i * Frame, Frame), payload);
            if (length == 0 || lost?.Invoke(i) == true) decoder.Conceal(Frame, decoded);
            else decoder.Decode(payload.AsSpan(0, length), decoded);
            result.AddRange(decoded);
        }

        return [.. result];
    }

    private static short[] Noise(int samples, double amplitude)
    {
        var entropy = new SeededEntropy(2);
        return [.. Enumerable.Range(0, samples).Select(_ => (short)(amplitude * (entropy.NextDouble() * 2 - 1)))];
    }
}
