using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Scenarios;

/// <summary>A phone that the system does not let run for a while: what it sends afterwards has the timestamps of the time it is.</summary>
public sealed class LateTickTests
{
    [Theory]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    [Rfc("3550", "5.1")]
    public void Timestamps_AfterAnyStall_FollowTheWallClock(int longest, bool isOpus)
    {
        using var bench = new PeerBench(adjust: o => o with { Codecs = isOpus ? [SdpCodec.Opus] : [SdpCodec.Pcma], Nat = o.Nat with { StunServers = [], TurnServers = [] } });
        bench.Dial(_ => isOpus ? bench.Peer.Describe(formats: "96", extra: "a=rtpmap:96 opus/48000/2\r\n") : bench.Peer.Describe(formats: "8"));
        bench.Peer.IsSilent = true;
        bench.Run(1);
        var before = Ahead(bench, isOpus);
        for (var stall = 60; stall <= longest; stall += 47)
        {
            bench.Demo.HostA.Suspend(TimeSpan.FromMilliseconds(stall));
            bench.Run(stall / 1000.0 + 0.3);
            bench.That(Math.Abs(Ahead(bench, isOpus) - before) < 1, $"after {stall} ms the clock is {before - Ahead(bench, isOpus):F1} ms behind");
        }

        // Many in a row, as a busy machine has them, some while the phone still makes up for the last.
        for (var i = 0; i < 60; i++)
        {
            bench.Demo.HostA.Suspend(TimeSpan.FromMilliseconds(35 + 29 * i % 271));
            bench.Run(0.02 + (35 + 29 * i % 271) / 1000.0);
        }

        bench.Run(0.3);
        bench.That(Math.Abs(Ahead(bench, isOpus) - before) < 1, $"in the end the clock is {before - Ahead(bench, isOpus):F1} ms behind");
    }

    [Theory]
    [InlineData(90)]
    [InlineData(3600)]
    [Rfc("3550", "5.1")]
    public void Timestamps_AfterALongSleep_FollowTheWallClock(int seconds)
    {
        using var bench = new PeerBench(adjust: o => o with { Codecs = [SdpCodec.Pcma], LostPeerLimit = TimeSpan.FromDays(1), Nat = o.Nat with { StunServers = [], TurnServers = [] } });
        bench.Dial(_ => bench.Peer.Describe(formats: "8"));
        bench.Run(1);
        var before = Ahead(bench, false);
        bench.Demo.HostA.Suspend(TimeSpan.FromSeconds(seconds));
        bench.Run(seconds + 0.5);
        bench.That(Math.Abs(Ahead(bench, false) - before) < 1, $"the clock is {before - Ahead(bench, false):F1} ms behind");
    }

    /// <summary>By how much the newest timestamp is before the time it came at, in ms, from an origin of its own.</summary>
    private static double Ahead(PeerBench bench, bool isOpus)
    {
        var elapsed = (bench.Peer.HeardAt[^1] - bench.Peer.HeardAt[0]).TotalMilliseconds;
        return (uint)(bench.Peer.Stamps[^1].Timestamp - bench.Peer.Stamps[0].Timestamp) / (isOpus ? 48.0 : 8.0) - elapsed;
    }
}
