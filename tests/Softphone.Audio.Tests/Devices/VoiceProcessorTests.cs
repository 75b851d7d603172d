using Softphone.Media;

namespace Softphone.Audio.Tests;

/// <summary>The loudspeaker in a room of echoes, 40 ms away from the microphone through the buffers.</summary>
public sealed class VoiceProcessorTests
{
    private const int Rate = 48_000;

    [Fact]
    public void Echo_OfFarSpeech_IsTakenOutByMoreThanTwentyDecibels()
    {
        var far = Repeat(Speech.Load("alice"), 20 * Rate);
        var microphone = Room(far);
        var output = Process(microphone, far);
        var from = 10 * Rate;
        var erle = Decibels(microphone.AsSpan(from)) - Decibels(output.AsSpan(from));
        Assert.True(erle > 20, $"only {erle:0.0} dB");
    }

    [Fact]
    public void NearSpeech_OverTheEcho_Survives()
    {
        var far = Repeat(Speech.Load("alice"), 20 * Rate);
        var near = new short[far.Length];
        var speech = Speech.Load("bob");
        speech.AsSpan(0, Math.Min(speech.Length, 8 * Rate)).CopyTo(near.AsSpan(11 * Rate));
        var microphone = Room(far.AsSpan(0, 11 * Rate).ToArray().Concat(new short[far.Length - 11 * Rate]).ToArray());
        for (var i = 0; i < near.Length; i++) microphone[i] = (short)Math.Clamp(microphone[i] + near[i], short.MinValue, short.MaxValue);
        far.AsSpan(11 * Rate).Clear();
        var output = Process(microphone, far);
        Assert.True(SpeechMatch.Find(speech.AsSpan(0, Math.Min(speech.Length, 8 * Rate)), output.AsSpan(10 * Rate)).IsHeard);
    }

    private static short[] Process(short[] microphone, short[] far)
    {
        using var processor = new VoiceProcessor();
        var output = (short[])microphone.Clone();
        for (var at = 0; at + VoiceProcessor.Frame <= output.Length; at += VoiceProcessor.Frame)
            processor.Process(output.AsSpan(at, VoiceProcessor.Frame), far.AsSpan(at, VoiceProcessor.Frame));
        return output;
    }

    /// <summary>Some reflections within 60 ms, each weaker, after 20 ms.</summary>
    private static short[] Room(short[] played)
    {
        var random = new Random(3);
        var taps = Enumerable.Range(0, 40).Select(k => (Delay: 960 + k * 72 + random.Next(50), Gain: 0.4 * Math.Exp(-k / 8.0) * (random.Next(2) * 2 - 1))).ToArray();
        var heard = new short[played.Length];
        for (var i = 0; i < heard.Length; i++)
        {
            double sum = random.Next(-4, 5);
            foreach (var (delay, gain) in taps)
                if (i >= delay) sum += gain * played[i - delay];
            heard[i] = (short)Math.Clamp(sum, short.MinValue, short.MaxValue);
        }

        return heard;
    }

    private static short[] Repeat(short[] samples, int length)
    {
        var result = new short[length];
        for (var i = 0; i < length; i++) result[i] = samples[i % samples.Length];
        return result;
    }

    private static double Decibels(ReadOnlySpan<short> samples)
    {
        double sum = 1;
        foreach (var sample in samples) sum += (double)sample * sample;
        return 10 * Math.Log10(sum / samples.Length);
    }
}
