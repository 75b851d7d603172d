using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A peer without ICE that answers and then sends neither RTP nor RTCP.</summary>
public sealed class SilentPeerTests
{
    [Theory]
    [InlineData(null, false, 60, 30)]
    [InlineData(20, true, 20, 10)]
    [InlineData(0, false, null, null)]
    [InlineData(null, true, null, null)]
    [Rfc("4028", "10")]
    public void Silent_WithoutIce_StaysUpForAsLongAsIsSet(int? limit, bool hasTimer, int? endsAt, int? warnsAt)
    {
        using var bench = new PeerBench(adjust: o => o with
        {
            SilenceLimit = limit is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Sip = o.Sip with { SessionExpires = hasTimer ? TimeSpan.FromSeconds(1800) : null },
        });
        bench.Peer.IsSilent = true;
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(200);
        var warning = bench.Alice.Events.OfType<PhoneEvent.PeerSilent>().SingleOrDefault();
        Assert.Equal(warnsAt, warning is null ? null : (int?)Math.Round(warning.SilentFor.TotalSeconds));
        Assert.Equal(endsAt is null ? CallState.Connected : CallState.Ended, bench.State);
        if (endsAt is not { } end) return;
        var up = bench.Alice.Events.OfType<PhoneEvent.CallChanged>().First(e => e.State == CallState.Connected).At;
        Assert.InRange((bench.Alice.Events.OfType<PhoneEvent.CallEnded>().Single().At - up).TotalSeconds, end - 1, end + 2);
    }
}
