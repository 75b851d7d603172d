using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>Whole sessions with the codecs of the phone, over a wire that loses and delays.</summary>
public sealed class RealCodecTests
{
    [Theory]
    [InlineData("opus", 111, 48_000)]
    [InlineData("G722", 9, 8000)]
    [InlineData("PCMU", 0, 8000)]
    [InlineData("PCMA", 8, 8000)]
    public void Speech_OverALossyWire_IsHeardAtItsLevel(string codec, byte payloadType, int clock)
    {
        using var pair = Pair(codec, payloadType, clock);
        pair.Loss = 0.03;
        pair.Jitter = TimeSpan.FromMilliseconds(25);
        pair.Run(20);

        var bob = pair.Bob.Snapshot(pair.Now);
        Assert.Equal(codec, bob.ReceiveCodec);
        Assert.InRange(bob.ConcealedPercent, 0, 6);
        Assert.InRange(bob.Mos!.Value, 3.2, 4.42);
        var sent = new short[10 * 48_000];
        Speech.Fill(5 * 48_000, sent);
        var heard = pair.BobHeard.Skip(5 * 48_000).Take(sent.Length).ToArray();
        Assert.InRange(20 * Math.Log10(Power(heard) / Power(sent)), -2, 1);
    }

    [Fact]
    [Rfc("6716", "2.1.7")]
    public void Opus_AfterThePeerReportedLoss_RecoversByTheNextPacket()
    {
        using var pair = Pair("opus", 111, 48_000);
        pair.Loss = 0.1;
        pair.Run(40);

        var jitter = pair.Bob.Snapshot(pair.Now).Jitter;
        Assert.True(jitter.Recovered > 48_000, jitter.ToString());
        Assert.True(jitter.Recovered > jitter.Concealed, jitter.ToString());
    }

    [Fact]
    public void Opus_ThenG711_ChangesWithoutAGap()
    {
        using var pair = Pair("opus", 111, 48_000);
        pair.Run(3);
        pair.Alice.Update(pair.Now, MediaPair.Options("PCMA", 8, 8000));
        pair.Run(3);

        var bob = pair.Bob.Snapshot(pair.Now);
        Assert.Equal("PCMA", bob.ReceiveCodec);
        Assert.Equal(0, bob.Rx.Lost);
        Assert.InRange(bob.Jitter.Concealed, 0, 960);
    }

    [Theory]
    [InlineData("opus", 111, 48_000)]
    [InlineData("G722", 9, 8000)]
    [InlineData("PCMU", 0, 8000)]
    public void SteadyState_WithLoss_AllocatesNothing(string codec, byte payloadType, int clock)
    {
        using var pair = Pair(codec, payloadType, clock);
        var buffer = new byte[Limits.Datagram];
        var pcm = new short[480];
        var now = Instant.Zero;

        void Run(int ticks)
        {
            for (var i = 0; i < ticks; i++)
            {
                now += TimeSpan.FromMilliseconds(10);
                Speech.Fill(i * 480, pcm);
                pair.Alice.Capture(now, pcm);
                while (pair.Alice.TryTransmit(buffer, out var t))
                    if (i % 50 != 0) pair.Bob.Receive(new Datagram(now, t.Path, default, buffer.AsSpan(0, t.Length)));
                pair.Bob.Playout(now, pcm);
                while (pair.Bob.TryEvent(out _)) { }
            }
        }

        Run(2000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(500);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static MediaPair Pair(string codec, byte payloadType, int clock)
    {
        if (!CodecFactory.Instance.Supports("opus") || !CodecFactory.Instance.Supports(codec)) Assert.Skip($"a library for {codec} is not installed");
        return new MediaPair(MediaPair.Options(codec, payloadType, clock), codecs: CodecFactory.Instance);
    }

    private static double Power(short[] pcm) => Math.Sqrt(pcm.Average(s => (double)s * s));
}
