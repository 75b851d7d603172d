namespace Softphone.Audio.Tests;

/// <summary>A device whose clock is off and whose callbacks are late, beside a phone that reads and writes every 20 ms, in virtual time.</summary>
public sealed class DriftTests
{
    private const double Rate = 48_000;

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(-200)]
    public void Capture_OfADriftingDevice_IsHeldAlmostWithoutAGap(double ppm)
    {
        using var side = new CaptureSide();
        var ring = new SampleRing(1 << 14);
        side.Attach(ring);
        var device = new short[480];
        var frame = new short[960];
        double due = 0, phase = 0;
        var random = new Random(1);
        var (gaps, levels) = (0, new List<int>());
        for (var n = 0; n < 50 * 300; n++)
        {
            var now = n * 0.02;
            while (due + random.NextDouble() * 0.003 <= now)
            {
                for (var i = 0; i < device.Length; i++, phase += 0.06) device[i] = (short)(8000 * Math.Cos(phase));
                ring.Write(device);
                due += 480 / (Rate * (1 + ppm * 1e-6));
            }

            side.Read(frame);
            if (n < 50) continue;
            if (IsBroken(frame)) gaps++;
            if (n > 50 * 240) levels.Add(side.Level);
        }

        // The cushion may grow by a step or two until it fits the jitter of this device.
        Assert.InRange(gaps, 0, 2);
        Assert.InRange(levels.Average(), 0, 1920);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(-200)]
    public void Playout_ToADriftingDevice_HardlyRunsDryAndNeverOver(double ppm)
    {
        using var side = new PlayoutSide();
        var ring = new SampleRing(1 << 14);
        side.Attach(ring);
        var device = new short[480];
        var frame = new short[960];
        double due = 0;
        var random = new Random(2);
        long starvedEarly = 0;
        for (var n = 0; n < 50 * 300; n++)
        {
            var now = n * 0.02;
            while (due + random.NextDouble() * 0.003 <= now)
            {
                ring.ReadOrSilence(device);
                due += 480 / (Rate * (1 + ppm * 1e-6));
            }

            side.Write(frame);
            if (n == 50) starvedEarly = ring.Starved;
            Assert.InRange(side.Level, 0, 3000);
        }

        // Without steering, 200 ppm are 2880 samples here.
        Assert.InRange(ring.Starved - starvedEarly, 0, 480);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    [InlineData(35)]
    public void Steering_OfAJitteryLevel_SettlesAtTheDrift(double ppm)
    {
        var steering = new DriftSteering();
        var random = new Random(5);
        double level = 1440, sum = 0;
        for (var n = 0; n < 50 * 300; n++)
        {
            level += 960 * (ppm * 1e-6 - steering.Correction);
            steering.Observe(level + random.Next(-240, 241), 1440, 0.02);
            if (n >= 50 * 240) sum += steering.Correction;
            if (n > 50 * 60) Assert.InRange(level, 1380, 1500);
        }

        Assert.InRange(sum / (50 * 60) * 1e6, ppm - 10, ppm + 10);
    }

    [Fact]
    public void Capture_WithoutDevice_IsSilentAndComesBackWithItsDelay()
    {
        using var side = new CaptureSide();
        var ring = new SampleRing(1 << 14);
        side.Attach(ring);
        var frame = new short[960];
        Run(50);
        Assert.InRange(side.Level, 0, 2000);
        for (var n = 0; n < 100; n++)
        {
            Assert.True(side.Read(frame));
            if (n > 3) Assert.All(frame, s => Assert.Equal(0, s));
        }

        Run(50);
        Assert.NotEqual(0, frame.Max(s => s));
        Assert.InRange(side.Level, 0, 2000);

        void Run(int frames)
        {
            var device = new short[960];
            device.AsSpan().Fill(1000);
            for (var n = 0; n < frames; n++)
            {
                ring.Write(device);
                side.Read(frame);
            }
        }
    }

    [Fact]
    public void Capture_OfAPhoneThatStoodStill_HasNoMoreDelayThanBeforeTwoSecondsLater()
    {
        using var side = new CaptureSide();
        var ring = new SampleRing(1 << 14);
        side.Attach(ring);
        var (device, frame) = (Tone(960), new short[960]);
        for (var n = 0; n < 210; n++)
        {
            ring.Write(device);
            // For 80 ms nobody reads; too little to be thrown away at once.
            if (n is >= 100 and < 104) continue;
            side.Read(frame);
            if (n == 110) Assert.True(side.Level > 4000);
        }

        Assert.InRange(side.Level, 400, 1500);
    }

    [Fact]
    public void Playout_ToADeviceThatStoodStill_HasNoMoreDelayThanBeforeTwoSecondsLater()
    {
        using var side = new PlayoutSide();
        var ring = new SampleRing(1 << 14);
        side.Attach(ring);
        var (device, frame) = (new short[960], Tone(960));
        for (var n = 0; n < 210; n++)
        {
            side.Write(frame);
            if (n is >= 100 and < 104) continue;
            ring.ReadOrSilence(device);
            if (n == 110) Assert.True(ring.Count > 4000);
        }

        Assert.InRange(ring.Count, 400, 1500);
    }

    [Fact]
    public void Frames_OfBothSides_AllocateNothing()
    {
        using var chain = VoiceChain.TryCreate();
        using var capture = new CaptureSide(chain);
        using var playout = new PlayoutSide(chain);
        if (chain is not null) chain.Speaker = playout;
        var (captured, played) = (new SampleRing(1 << 14), new SampleRing(1 << 14));
        capture.Attach(captured);
        playout.Attach(played);
        var frame = new short[960];
        Run(200);
        var before = Allocated.Now;
        Run(500);
        Allocated.AssertNoneSince(before);

        void Run(int frames)
        {
            for (var n = 0; n < frames; n++)
            {
                captured.Write(frame);
                capture.Read(frame);
                playout.Write(frame);
                played.ReadOrSilence(frame);
            }
        }
    }

    private static short[] Tone(int length) => [.. Enumerable.Range(0, length).Select(i => (short)(8000 * Math.Cos(i * 0.06)))];

    /// <summary>A steady tone has no stretch of zeros in it.</summary>
    private static bool IsBroken(short[] frame)
    {
        var zeros = 0;
        foreach (var sample in frame)
        {
            zeros = sample == 0 ? zeros + 1 : 0;
            if (zeros > 4) return true;
        }

        return false;
    }
}
