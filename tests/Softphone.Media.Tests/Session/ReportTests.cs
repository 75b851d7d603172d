using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>The RTCP of a media session.</summary>
public sealed class ReportTests
{
    [Fact]
    public void LongestGap_CountsSilenceOfTheLineButNotHold()
    {
        using var pair = new MediaPair();
        pair.Run(1);
        Assert.InRange(Gap(), 10, 30);
        pair.Swallow = _ => true;
        pair.Run(0.7);
        Assert.InRange(Gap(), 680, 730);
        pair.Swallow = null;
        pair.Run(1);
        pair.Bob.SetDirection(pair.Now, AudioDirection.SendOnly);
        pair.Run(10);
        Assert.InRange(Gap(), 680, 740);
        pair.Bob.SetDirection(pair.Now, AudioDirection.SendReceive);
        pair.Run(1);
        Assert.InRange(Gap(), 680, 740);

        double Gap() => pair.Bob.Snapshot(pair.Now).LongestGapMs;
    }

    [Fact]
    [Rfc("3550", "6.4.1", Line = "media R7")]
    public void SenderReport_NtpAndRtpTime_DenoteOneInstant()
    {
        using var pair = new MediaPair();
        pair.Run(12);

        var first = pair.RtpFromAlice.First().Header;
        var checkedReports = 0;
        foreach (var (at, _, bytes) in pair.FromAlice.Where(d => d.Path == MediaPath.Rtcp))
        {
            RtcpReader.TryOpen(bytes, out var reader, out _);
            reader.TryNext(out var report);
            Assert.True(report.TrySenderInfo(out var info));
            Assert.Equal(NtpTime.Of(at), info.Ntp);

            // The first packet's audio was captured from -10 to 10 ms: its timestamp stands for -10 ms.
            var elapsed = (int)(info.RtpTimestamp - first.Timestamp) / 48.0;
            Assert.Equal((at - Instant.Zero).TotalMilliseconds + 10, elapsed, 0.5);

            // Payload octets only.
            Assert.Equal(info.Packets * (2u + 2 * 960), info.Octets);
            checkedReports++;
        }

        Assert.InRange(checkedReports, 2, 8);
    }

    [Fact]
    [Rfc("3550", "6.4", Line = "media R8")]
    public void Report_WhenNothingWasSentInTwoIntervals_IsAReceiverReport()
    {
        using var pair = new MediaPair();
        pair.Run(5);
        pair.Alice.SetDirection(pair.Now, AudioDirection.ReceiveOnly);
        pair.Run(14);

        var kinds = pair.FromAlice.Where(d => d.Path == MediaPath.Rtcp).Select(d => (RtcpKind)d.Bytes[1]).ToArray();
        Assert.Equal(RtcpKind.SenderReport, kinds[0]);
        Assert.Contains(RtcpKind.ReceiverReport, kinds);
        Assert.Equal(kinds.Order(), kinds);
    }

    [Fact]
    [Rfc("3550", "6.1", Line = "media R8")]
    public void Report_Always_CarriesTheCname()
    {
        using var pair = new MediaPair(MediaPair.Options() with { Cname = "the-call" });
        pair.Run(10);
        foreach (var (_, _, bytes) in pair.FromAlice.Where(d => d.Path == MediaPath.Rtcp))
        {
            RtcpReader.TryOpen(bytes, out var reader, out _);
            var found = false;
            while (reader.TryNext(out var packet)) found |= packet.TryCname(pair.Alice.Ssrc, out var name) && name == "the-call";
            Assert.True(found);
        }
    }

    [Fact]
    [Rfc("5761", "4", Line = "media R12")]
    public void Mux_Agreed_SendsAndTakesReportsOnComponentOne()
    {
        var options = MediaPair.Options() with { RtcpMux = true };
        using var pair = new MediaPair(options, options);
        pair.Run(20);
        Assert.All(pair.FromAlice, d => Assert.Equal(MediaPath.Rtp, d.Path));
        Assert.NotNull(pair.Alice.Snapshot(pair.Now).RttMs);
    }

    [Fact]
    [Rfc("3550", "6.4.1", Line = "media R7")]
    public void RoundTrip_OverAWire_IsItsDelayTwice()
    {
        using var pair = new MediaPair { Delay = TimeSpan.FromMilliseconds(70) };
        pair.Run(20);
        Assert.InRange(pair.Alice.Snapshot(pair.Now).RttMs!.Value, 139, 161);
    }

    [Fact]
    [Rfc("3550", "6.3", Line = "media R9")]
    public void Reports_OverAMinute_ComeAtRandomIntervals()
    {
        using var pair = new MediaPair();
        pair.Run(60);
        var times = pair.FromAlice.Where(d => d.Path == MediaPath.Rtcp).Select(d => (d.At - Instant.Zero).TotalSeconds).ToArray();
        Assert.InRange(times.Length, 10, 24);
        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).ToArray();
        Assert.True(gaps.Distinct().Count() > gaps.Length / 2);
    }

    [Fact]
    [Rfc("3550", "6.6", Line = "media R10")]
    public void Bye_OfAnotherSource_IsNotBelieved()
    {
        using var pair = new MediaPair();
        pair.Run(1);
        var bytes = new byte[64];
        var writer = new RtcpWriter(bytes);
        writer.ReceiverReport(1234, []);
        writer.Bye(1234);
        pair.ToBob(MediaPath.Rtcp, bytes.AsSpan(0, writer.Length));
        Assert.Empty(pair.BobEvents.OfType<MediaEvent.PeerBye>());
    }
}
