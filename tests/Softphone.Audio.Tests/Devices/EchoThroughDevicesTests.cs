namespace Softphone.Audio.Tests;

/// <summary>The echo as a phone meets it: through the rings of two devices whose callbacks are late by turns, in virtual time.</summary>
public sealed class EchoThroughDevicesTests
{
    private const int Rate = 48_000;
    private const int Period = 480;

    /// <summary>From the loudspeaker's buffer through the air into the microphone's: 60 ms.</summary>
    private const int Way = 6 * Period;

    [Theory]
    [InlineData(0, 0, 1, 0.5)]
    [InlineData(0, 0, 1, 0.05)]
    [InlineData(3, 0, 2, 0.5)]
    [InlineData(3, 100, 3, 0.05)]
    [InlineData(8, -100, 4, 0.5)]
    public void Echo_ThroughJitteryDevices_IsTakenOut(int jitterMs, double ppm, int seed, double gain) => Judge(jitterMs, ppm, seed, gain, 0);

    /// <summary>All of the machine stands still now and then: the microphone's samples pile up, the loudspeaker has nothing to play.</summary>
    [Theory]
    [InlineData(60, 5)]
    [InlineData(90, 6)]
    public void Echo_OnAMachineThatStumbles_IsTakenOut(int stallMs, int seed) => Judge(3, 0, seed, 0.5, stallMs);

    /// <summary>The sound server plays nothing for a moment and all that follows so much later; the microphone goes on.</summary>
    [Theory]
    [InlineData(50)]
    [InlineData(85)]
    [InlineData(95)]
    [InlineData(120)]
    public void Echo_AfterTheLoudspeakerStoodStill_IsTakenOut(int milliseconds) => Judge(0, 0, 7, 0.5, 0, milliseconds);

    private static void Judge(int jitterMs, double ppm, int seed, double gain, int stallMs, int speakerStallMs = 0)
    {
        var far = Repeat(Speech.Load("alice"), 20 * Rate);
        using var voice = VoiceChain.TryCreate();
        using var capture = new CaptureSide(voice);
        using var playout = new PlayoutSide(voice);
        voice!.Speaker = playout;
        var (captured, played) = (new SampleRing(1 << 14), new SampleRing(1 << 14));
        capture.Attach(captured);
        playout.Attach(played);
        var random = new Random(seed);
        var device = new short[Period];
        var room = new Queue<short>(new short[Way]);
        double speakerDue = 0, speakerAt = 0, microphoneDue = 0.0043, microphoneAt = 0.0043;
        double echo = 0, left = 0;
        var late = 0;
        var frame = new short[960];
        for (var n = 0; n < 20 * 50; n++)
        {
            // Three times in the first half; the ticks that were missed come all at once.
            var now = n * 0.02;
            if (n is 100 or 230 or 400) late = n + stallMs / 20;
            now = Math.Max(now, late * 0.02);
            if (n == 200 && speakerStallMs > 0)
            {
                for (var i = 0; i < speakerStallMs * Rate / 1000; i++) room.Enqueue(0);
                speakerDue += speakerStallMs / 1000.0;
                speakerAt += speakerStallMs / 1000.0;
            }

            // Each device by its clock, its callbacks some milliseconds late.
            while (speakerAt <= now || microphoneAt <= now)
            {
                if (speakerAt <= microphoneAt)
                {
                    played.ReadOrSilence(device);
                    foreach (var sample in device) room.Enqueue((short)(sample * gain));
                    speakerDue += Period / (Rate * (1 + ppm * 1e-6));
                    speakerAt = Math.Max(speakerAt, speakerDue + random.NextDouble() * jitterMs / 1000);
                }
                else
                {
                    for (var i = 0; i < Period; i++) device[i] = room.TryDequeue(out var sample) ? (short)(sample + random.Next(-4, 5)) : (short)0;
                    if (n > 12 * 50) echo += Energy(device);
                    captured.Write(device);
                    microphoneDue += Period / (Rate * (1 + ppm * 1e-6));
                    microphoneAt = Math.Max(microphoneAt, 0.0043 + microphoneDue + random.NextDouble() * jitterMs / 1000);
                }
            }

            capture.Read(frame);
            if (n > 12 * 50) left += Energy(frame);
            far.AsSpan(n * 960, 960).CopyTo(frame);
            playout.Write(frame);
        }

        var loss = 10 * Math.Log10(echo / left);
        Assert.True(loss > 20, $"only {loss:0.0} dB");
    }

    private static double Energy(ReadOnlySpan<short> samples)
    {
        double sum = 0;
        foreach (var sample in samples) sum += (double)sample * sample;
        return sum;
    }

    private static short[] Repeat(short[] samples, int length)
    {
        var result = new short[length];
        for (var i = 0; i < length; i++) result[i] = samples[i % samples.Length];
        return result;
    }
}
