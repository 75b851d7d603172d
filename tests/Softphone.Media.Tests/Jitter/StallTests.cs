using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>
/// Times without packets, and what they were: a network that stood still, one that lost, a sender with nothing to say, or the end. Only what
/// was not heard of what was said is loss.
/// </summary>
public sealed class StallTests
{
    [Theory]
    [InlineData(20, 1300)]
    [InlineData(20, 2400)]
    [InlineData(10, 2000)]
    [InlineData(60, 4020)]
    [InlineData(20, 6000)]
    public void Network_ThatStandsStill_AndThenBringsAllAtOnce_HasLostWhatWasTooOld(int ptimeMs, int stallMs)
    {
        using var stream = new PlainStream(ptimeMs);
        stream.Run(6000);
        Assert.Equal(0, stream.Statistics.Concealed);
        stream.Holds = true;
        stream.Run(stallMs);
        stream.Holds = false;
        stream.Run(6000);

        // All of it was without sound but what the buffer still plays, 200 ms and a packet at most.
        Assert.InRange(stream.ConcealedMs, stallMs - 300, stallMs + 60);
        Assert.True(stream.Statistics.PacketsFlushed > (stallMs - 400) / ptimeMs, $"{stream.Statistics}");
        Assert.InRange(stream.Statistics.BurstRatio, 10, 400);
    }

    [Theory]
    [InlineData(1500)]
    [InlineData(4000)]
    public void Network_ThatLosesForSeconds_HasLostThemAll(int outageMs)
    {
        using var stream = new PlainStream(20) { IsLost = n => n >= 300 && n < 300 + outageMs / 20 };
        stream.Run(6000 + outageMs + 3000);
        Assert.InRange(stream.ConcealedMs, outageMs - 100, outageMs + 60);
    }

    [Theory]
    [InlineData(700, false)]
    [InlineData(1500, false)]
    [InlineData(8000, false)]
    [InlineData(3000, true)]
    [Rfc("7587", "3.1.3")]
    public void Sender_WithNothingToSay_HasLostNothing(int silenceMs, bool keepsAlive)
    {
        using var stream = new PlainStream(20);
        for (var i = 0; i < 3; i++)
        {
            stream.Run(4000);
            stream.Run(silenceMs, sends: false, keepsAlive: keepsAlive);
        }

        stream.Run(2000);
        Assert.Equal(0, stream.ConcealedMs);
        Assert.Equal(0, stream.Statistics.Concealed);
    }

    /// <summary>Its clock stood still with it, so nothing was said that could have been lost; a stall of the network behind it counts for itself.</summary>
    [Fact]
    public void Sender_ThatStoodStill_HasLostNothing_AndTheNextStallCountsForItself()
    {
        using var stream = new PlainStream(20);
        stream.Run(4000);
        stream.Run(5000, sends: false, clockGoesOn: false);
        stream.Run(8000);
        Assert.Equal(0, stream.ConcealedMs);
        stream.Holds = true;
        stream.Run(1800);
        stream.Holds = false;
        stream.Run(4000);
        Assert.InRange(stream.ConcealedMs, 1500, 1860);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(280)]
    [InlineData(900)]
    [InlineData(5000)]
    [Rfc("3550", "A.3")]
    public void Time_WithoutPackets_IsLossWhenALaterOneShowsIt(int ms)
    {
        using var stream = new PlainStream(20) { IsLost = n => n == 100 };
        stream.Run(8000);
        var (before, burst) = (stream.ConcealedMs, stream.Statistics.BurstRatio);
        Assert.InRange(before, 19, 21);
        stream.Run(ms, sends: false);
        Assert.Equal(before, stream.ConcealedMs);
        Assert.InRange(stream.Statistics.ConcealedPercent, 0.1, 0.3);
        Assert.Equal(burst, stream.Statistics.BurstRatio, 0.01);

        // As much again is lost before packets come.
        stream.IsLost = _ => true;
        stream.Run(500);
        stream.IsLost = _ => false;
        stream.Run(1000);
        Assert.InRange(stream.ConcealedMs, before + 430, before + ms + 560);
    }

    [Theory]
    [InlineData(0.26)]
    [InlineData(0.9)]
    [InlineData(4)]
    public void Session_WhosePeerStopsBeforeTheEnd_IsAsGoodAsItWas(double silence)
    {
        using var pair = new MediaPair();
        pair.Run(8);
        var before = pair.Bob.Snapshot(pair.Now);
        pair.Deaf = true;
        pair.Run(silence);
        var after = pair.Bob.Snapshot(pair.Now);
        Assert.Equal(before.Mos!.Value, after.Mos!.Value, 0.05);
        Assert.Equal(0, after.ConcealedPercent);
        Assert.Equal(0, after.Rx.Lost);
    }
}
