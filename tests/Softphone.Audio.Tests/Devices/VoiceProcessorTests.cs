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

    /// <summary>Both talk all the time, each with headphones: nothing of the near voice may be taken for an echo.</summary>
    [Fact]
    public void NearSpeech_WhileTheFarSideTalksToo_WithoutAnyEcho_KeepsItsLevel()
    {
        var near = Repeat(Speech.Load("bob"), 20 * Rate);
        var output = Process(near, Repeat(Speech.Load("alice"), 20 * Rate));
        for (var second = 0; second < 20; second += 5) Kept(near.AsSpan(second * Rate, 5 * Rate), output.AsSpan(second * Rate, 5 * Rate));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void NearSpeech_AmidTheEchoOfTheOther_KeepsItsLevel(int from)
    {
        var far = Repeat(Speech.Load("alice"), 20 * Rate);
        var near = Repeat(Speech.Load("bob"), 20 * Rate);
        near.AsSpan(0, from * Rate).Clear();
        var output = Process(Mixed(Room(far), near), far);
        // What of the near voice is in the output, by its likeness.
        Assert.InRange(20 * Math.Log10(Share(output.AsSpan(10 * Rate), near.AsSpan(10 * Rate))), -3, 3);
    }

    [Fact]
    public void Echo_AfterAQuietVoiceWasMadeLouder_IsStillTakenOut()
    {
        var far = Repeat(Speech.Load("alice"), 30 * Rate);
        far.AsSpan(0, 8 * Rate).Clear();
        var near = Repeat([.. Speech.Load("bob").Select(s => (short)(s / 4))], far.Length);
        near.AsSpan(8 * Rate).Clear();
        var microphone = Mixed(Room(far), near);
        var output = Process(microphone, far);
        Assert.InRange(Decibels(output.AsSpan(5 * Rate, 3 * Rate)) - Decibels(near.AsSpan(5 * Rate, 3 * Rate)), 9, 13);
        var left = Decibels(microphone.AsSpan(16 * Rate)) - Decibels(output.AsSpan(16 * Rate));
        Assert.True(left > 20, $"only {left:0.0} dB");
    }

    /// <summary>Chirps and beeps are no noise, and no voice that is too loud.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ChirpsAndBeeps_WhileTheFarSideTalks_Survive(bool chirps)
    {
        var near = chirps ? Repeat([.. DelayProbe.Chirp(), .. new short[4800]], 10 * Rate) : Beeps(10 * Rate);
        var output = Process(near, Repeat(Speech.Load("alice"), 10 * Rate));
        Kept(near.AsSpan(5 * Rate), output.AsSpan(5 * Rate));
    }

    [Theory]
    [InlineData(-36, -24)]
    [InlineData(-24, -24)]
    [InlineData(-19, -24)]
    [InlineData(-46, -34)]
    public void Voice_OfAnyLevel_IsEvenedWithinItsLimits(double level, double wanted)
    {
        var speech = Repeat(Speech.Load("bob"), 15 * Rate);
        var factor = Math.Pow(10, (level + 20 * Math.Log10(32768) - Decibels(speech)) / 20);
        var near = speech.Select(s => (short)Math.Clamp(s * factor, short.MinValue, short.MaxValue)).ToArray();
        var output = Process(near, new short[near.Length]);
        Assert.InRange(Decibels(output.AsSpan(10 * Rate)) - 20 * Math.Log10(32768), wanted - 3, wanted + 3);
    }

    private static void Kept(ReadOnlySpan<short> near, ReadOnlySpan<short> output) => Assert.InRange(Decibels(output) - Decibels(near), -3, 3);

    private static short[] Mixed(short[] a, short[] b) => [.. a.Zip(b, (x, y) => (short)Math.Clamp(x + y, short.MinValue, short.MaxValue))];

    private static short[] Beeps(int length) =>
        [.. Enumerable.Range(0, length).Select(i => i / 24_000 % 2 == 0 ? (short)(8000 * Math.Sin(2 * Math.PI * 1000 * i / Rate)) : (short)0)];

    /// <summary>How much of a sound is in another that comes a block later.</summary>
    private static double Share(ReadOnlySpan<short> output, ReadOnlySpan<short> near)
    {
        double both = 0, alone = 0;
        for (var i = 0; i + VoiceProcessor.Frame < near.Length; i++)
        {
            both += output[i + VoiceProcessor.Frame] * (double)near[i];
            alone += near[i] * (double)near[i];
        }

        return Math.Abs(both / alone);
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
