using System.Globalization;
using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>
/// Media that moves: to where the newest description says, with the next packet, whatever still comes from where it was. And who is heard:
/// whom the descriptions name, before any check, and nobody who pushes in between.
/// </summary>
public sealed class MovingMediaTests
{
    private const string OtherHost = "203.0.113.88";

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(3, true, false)]
    [InlineData(1, true, true)]
    [InlineData(40, true, false)]
    [InlineData(150, true, true)]
    [InlineData(150, false, false)]
    [Rfc("3264", "8.3.1")]
    public void PeerMoves_OldSourceStillSends_AllGoesToTheNewAddressAtOnce(int stragglers, bool waits, bool byUpdate)
    {
        using var bench = new PeerBench(symmetric: false);
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(1);
        bench.Talk();
        bench.Peer.ChangePort();
        bench.Peer.IsSilent = waits;
        bench.Peer.Stragglers = stragglers + 15;
        var before = bench.Peer.Events.Count;
        bench.Peer.Do((agent, now) => agent.Offer(now, bench.Peer.Session, Encoding.ASCII.GetBytes(bench.Peer.Describe(version: 2)), byUpdate));
        bench.Until(() => bench.Peer.Events.Skip(before).Any(e => e is SipEvent.OfferAnswered), 2, "answered");
        bench.Run(0.04);
        var (old, moved) = (bench.Peer.HeardOnOther, bench.Peer.Heard);
        bench.Run(3);
        bench.That(bench.Peer.HeardOnOther == old, $"the old address got {bench.Peer.HeardOnOther - old} more");
        bench.That(bench.Peer.Heard - moved >= 149, $"the new one got {bench.Peer.Heard - moved} of 150");
        if (!waits) bench.Talk();
        var summary = bench.End();
        bench.That(summary is { Fault: null, Audio: AudioOutcome.TwoWay }, $"{summary}");
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [Rfc("8839", "4.4.3.1", Line = "I28")]
    public void PeerWithIce_Moves_OldCandidateStillSends_AllGoesToTheNewAddress(bool keepsIce, bool waits)
    {
        using var bench = new PeerBench(lite: true, symmetric: false);
        bench.Dial(_ => bench.Peer.Describe(extra: bench.Peer.LiteAttributes()));
        bench.Run(1);
        bench.Talk();
        bench.Peer.ChangePort();
        bench.Peer.IsSilent = waits;
        bench.Peer.Stragglers = 200;
        bench.That(bench.Offer(bench.Peer.Describe(version: 2, extra: keepsIce ? bench.Peer.LiteAttributes("anew") : "")) is not null, "refused");

        // Past our word of what ICE chose, which this peer answers as the one that it was.
        bench.Run(1);
        var (old, moved) = (bench.Peer.HeardOnOther, bench.Peer.Heard);
        bench.Run(3);
        bench.That(bench.Peer.HeardOnOther == old, $"the old address got {bench.Peer.HeardOnOther - old} more");
        bench.That(bench.Peer.Heard - moved >= 149, $"the new one got {bench.Peer.Heard - moved} of 150");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("3264", "8.3.1")]
    public void AnotherServerTakesOver_AndGivesBack_WeHearAndSendToWhoseTurnItIs(bool goesOn)
    {
        using var bench = new PeerBench(symmetric: false);
        var server = Other(bench);
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(1);
        bench.Talk();
        var ours = bench.Peer.SendTo;

        // Music on hold from elsewhere, and back; the peer goes on sending all the while.
        server.StartSending(ours);
        bench.That(bench.Offer(server.Describe(version: 2)) is not null, "refused");
        var (music, old) = (server.Heard, bench.Peer.Heard);
        bench.Run(2);
        bench.That(server.Heard - music >= 98 && bench.Peer.Heard == old, $"in 2 s the server got {server.Heard - music}, the peer {bench.Peer.Heard - old}");
        if (!goesOn) server.SendTo = default;
        bench.That(bench.Offer(bench.Peer.Describe(version: 3)) is not null, "refused");
        music = server.Heard;
        bench.Talk();
        bench.That(server.Heard == music, "the server is still sent to");
    }

    [Theory]
    [InlineData(40_100, 40_000, true)]
    [InlineData(40_100, 40_000, false)]
    [InlineData(40_000, 40_000, false)]
    [Rfc("3261", "13.2.1")]
    public void Answer_OfAnotherPortThanTheProgress_IsTaken(int early, int final, bool goesOn)
    {
        using var bench = new PeerBench(symmetric: false);
        bench.Peer.Happened = (now, e) =>
        {
            if (e is not SipEvent.Incoming incoming) return;
            bench.Peer.Agent.Progress(now, incoming.Session, 183, Encoding.ASCII.GetBytes(bench.Peer.Describe(port: (ushort)early)));
            bench.Peer.IsSilent = early != final;
            bench.Peer.Stragglers = early != final ? 50 : 0;
            bench.Peer.StartSending(ScriptedPeer.MediaOf(incoming.Offer));
        };
        var call = default(CallId);
        bench.Alice.Do((m, now) => call = m.Call(now, bench.Account, bench.Peer.Uri));
        bench.Until(() => bench.State == CallState.Early, 3, "early media");
        bench.Run(0.8);
        bench.That(Heard() > 30, $"{Heard()} packets of early media were heard");
        bench.Peer.IsSilent = false;
        bench.Peer.Stragglers = goesOn ? 100 : 0;
        bench.Peer.Do((agent, now) => agent.Accept(now, bench.Peer.Session, Encoding.ASCII.GetBytes(bench.Peer.Describe(port: (ushort)final))));
        bench.Until(() => bench.State == CallState.Connected, 3, "connected");
        var (heard, got, stray) = (Heard(), bench.Peer.Heard, bench.Peer.HeardOnOther);
        bench.Run(1);
        bench.That(Heard() - heard >= 47, $"{Heard() - heard} of 50 packets were heard in the first second");
        bench.That(bench.Peer.Heard - got >= 49 && bench.Peer.HeardOnOther == stray, $"the peer got {bench.Peer.Heard - got}, the old port {bench.Peer.HeardOnOther - stray}");

        long Heard() => bench.Alice.Machine.Snapshot(bench.Now, call)!.Media!.Rx.Packets;
    }

    [Fact]
    public void Answer_ThatCannotBeRead_AfterAGoodProgressOfTheSameBranch_LeavesWhatWasAgreed()
    {
        using var bench = new PeerBench();
        bench.Peer.Happened = (now, e) =>
        {
            if (e is not SipEvent.Incoming incoming) return;
            bench.Peer.Agent.Progress(now, incoming.Session, 183, Encoding.ASCII.GetBytes(bench.Peer.Describe()));
            bench.Peer.Agent.Accept(now, incoming.Session, "v=0\r\nm=audio"u8.ToArray());
            bench.Peer.StartSending(ScriptedPeer.MediaOf(incoming.Offer));
        };
        bench.Alice.Do((m, now) => m.Call(now, bench.Account, bench.Peer.Uri));
        bench.Until(() => bench.State == CallState.Connected, 3, "connected");
        bench.Run(1);
        bench.That(bench.Peer.Heard > 40 && bench.Summary is null, $"{bench.Summary}");
    }

    [Theory]
    [InlineData(true, "203.0.113.88", 20)]
    [InlineData(false, "203.0.113.88", 20)]
    [InlineData(false, "203.0.113.77", 20)]
    [Rfc("8445", "19.5.1")]
    public void OfferThatNamesAVictim_SendsItAFewPacketsOnly(bool acknowledged, string victim, int most)
    {
        using var bench = new PeerBench(symmetric: false, adjust: Direct);
        var target = victim == OtherHost ? Other(bench) : bench.Peer;
        bench.Peer.IsSilent = true;
        if (acknowledged)
        {
            bench.BeCalled(target.Describe());
        }
        else
        {
            var raw = new RawPeer(bench.Demo.World.AddHost("raw", bench.Demo.World.Public, IpAddress.Parse("203.0.113.90")), IpAddress.Parse("203.0.113.90")) { Remote = Address.Parse("198.51.100.2:5060") };
            var sdp = target.Describe();
            raw.Send("INVITE sip:alice@198.51.100.2:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.90:5060;branch=z9hG4bKonce;rport\r\nMax-Forwards: 70\r\n"
                + $"From: <sip:nobody@203.0.113.90>;tag=f\r\nTo: <sip:alice@198.51.100.2>\r\nCall-ID: hammer\r\nCSeq: 1 INVITE\r\nContact: <sip:nobody@{victim}>\r\n"
                + $"Content-Type: application/sdp\r\nContent-Length: {sdp.Length}\r\n\r\n{sdp}");
            bench.Until(() => bench.State == CallState.Connected, 3, "connected");
        }

        bench.Run(30);
        var at = target.HeardAt;
        bench.That(at.Count is > 0 && at.Count <= most, $"{at.Count} packets");
        for (var i = 5; i < at.Count; i++) bench.That(at[i] - at[i - 5] >= TimeSpan.FromSeconds(0.99), $"more than five in a second: {at[i]}");
        bench.That(target.Reports + target.ReportsOnOther + at.Count <= most, $"{target.Reports} and {target.ReportsOnOther} reports");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("8445", "19.5.1")]
    public void MediaServerElsewhere_IsSentToInFullOnceItIsHeard(bool byReportAlone)
    {
        using var bench = new PeerBench(symmetric: false, adjust: Direct);
        var server = Other(bench);
        server.IsSilent = byReportAlone;
        bench.Peer.IsSilent = true;
        bench.Dial(_ => server.Describe(extra: "a=rtcp:40100\r\n"));
        server.StartSending(bench.Peer.SendTo);
        if (byReportAlone)
        {
            bench.Run(3);
            bench.That(server.Heard is > 5 and <= 20, $"{server.Heard} before it was heard");
            server.ReportFromOther(RtcpOf(bench));
        }

        bench.Run(0.2);
        var before = server.Heard;
        bench.Run(2);
        bench.That(server.Heard - before >= 98, $"{server.Heard - before} of 100");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Strangers_WhoPushIn_AreNotHeard_AndTwoAtOnceAreTold(bool isNamedPrivate)
    {
        using var bench = new PeerBench(symmetric: false, adjust: Direct);
        var (first, second) = (Other(bench), Other(bench, "203.0.113.89"));
        bench.Peer.IsSilent = isNamedPrivate;
        bench.BeCalled(isNamedPrivate ? bench.Peer.Describe(c: "192.168.77.5") : bench.Peer.Describe());
        bench.Run(0.1);
        foreach (var stranger in new[] { first, second }) stranger.StartSending(bench.Peer.SendTo);
        bench.Run(4);
        bench.That(first.Heard + second.Heard == 0, $"the strangers got {first.Heard} and {second.Heard}");
        var told = bench.Alice.Events.OfType<PhoneEvent.SourceContested>().ToList();
        if (isNamedPrivate)
        {
            bench.That(told.Count == 1, $"told {told.Count} times");
            bench.That(new[] { told[0].First, told[0].Second }.OrderBy(a => a.ToString()).SequenceEqual(new[] { first.Rtp, second.Rtp }.OrderBy(a => a.ToString())), $"{told[0]}");
            var story = bench.End().Explanation;
            bench.That(story.Contains(first.Rtp.ToString(), StringComparison.Ordinal) && story.Contains(second.Rtp.ToString(), StringComparison.Ordinal), story);
        }
        else
        {
            bench.That(told.Count == 0, $"told {told.Count} times");
            bench.Talk();
            var story = bench.End().Explanation;
            bench.That(story.Contains("packets from other sources were left out", StringComparison.Ordinal), story);
        }
    }

    [Fact]
    public void Explanation_WhereMediaComesFromElsewhere_NamesBothAddresses()
    {
        using var bench = new PeerBench();
        bench.BeCalled(bench.Peer.Describe(c: "192.168.77.5", port: 9_000));
        bench.Run(2);
        bench.Talk();
        var summary = bench.End();
        bench.That(summary.Explanation.Contains($"{bench.Peer.Rtp}, where the peer's come from, and not to 192.168.77.5:9000", StringComparison.Ordinal), summary.Explanation);
    }

    [Fact]
    public void Explanation_WhereAPrivateAddressIsReachedFromOurSocket_SpeaksOfNoRelay()
    {
        using var bench = new PeerBench(NatBehavior.PortRestricted);
        bench.Peer.IsSilent = true;
        bench.Dial(_ => bench.Peer.Describe(c: "192.168.77.5"));
        bench.Run(2);
        var summary = bench.End();
        bench.That(summary.Path != "relay" && !summary.Explanation.Contains("relay carr", StringComparison.Ordinal), $"{summary.Path}: {summary.Explanation}");
        bench.That(summary.Explanation.Contains("192.168.77.5:40000", StringComparison.Ordinal), summary.Explanation);
    }

    [Theory]
    [InlineData("none", false)]
    [InlineData("port-restricted", false)]
    [InlineData("symmetric", false)]
    [InlineData("none", true)]
    [Rfc("8445", "12.2")]
    public void PeerWithIce_SpeaksAtOnceFromACandidate_IsHeardBeforeAnyCheckHasPassed(string nat, bool isStranger)
    {
        // It gives a candidate, sends from it, and never answers a check.
        using var bench = new PeerBench(NatBehavior.Named(nat), symmetric: false, adjust: nat == "none" ? Direct : null);
        var speaker = isStranger ? Other(bench) : bench.Peer;
        bench.Peer.IsSilent = isStranger;
        bench.Dial(_ => bench.Peer.Describe(extra: bench.Peer.LiteAttributes()));
        speaker.StartSending(bench.Peer.SendTo);
        bench.Run(0.3);
        var heard = bench.Heard;
        bench.That(isStranger ? heard == 0 : heard >= (nat == "none" ? 13 : 9), $"{heard} packets of 15");
        bench.That(!bench.Alice.Events.OfType<PhoneEvent.PathSelected>().Any(), "a check has passed");
    }

    [Theory]
    [InlineData("a=rtcp-mux\r\n", true, false)]
    [InlineData("a=rtcp:40100\r\n", false, true)]
    [Rfc("5761", "5.1.1")]
    public void Rtcp_WithoutIce_GoesWhereItWasAgreed(string attribute, bool onRtp, bool onOther)
    {
        using var bench = new PeerBench();
        bench.Dial(_ => bench.Peer.Describe(extra: attribute));
        bench.Run(12);
        bench.That(bench.Peer.Reports > 0 == onRtp && bench.Peer.ReportsOnOther > 0 == onOther, $"{bench.Peer.Reports} on the RTP port, {bench.Peer.ReportsOnOther} on the other");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("5761", "5.1.1")]
    public void Rtcp_OfAPeerWithOneIceComponent_IsMultiplexedOnlyWhereAgreed(bool mux)
    {
        using var bench = new PeerBench(lite: true);
        bench.Peer.Muxes = mux;
        bench.Dial(_ => bench.Peer.Describe(extra: bench.Peer.LiteAttributes()));
        bench.Run(12);
        bench.That(bench.Peer.Reports > 0 == mux, $"{bench.Peer.Reports} reports on the RTP port");
        bench.Talk();
        bench.End();
    }

    private static ScriptedPeer Other(PeerBench bench, string at = OtherHost)
    {
        var ip = IpAddress.Parse(at);
        return new ScriptedPeer(bench.Demo.World.AddHost(at, bench.Demo.World.Public, ip, Link.OfMilliseconds(10)), ip, symmetric: false);
    }

    /// <summary>Alice's RTCP port, as her offer shows it.</summary>
    private static Address RtcpOf(PeerBench bench)
    {
        var lines = Encoding.ASCII.GetString(bench.Peer.Events.OfType<SipEvent.Incoming>().Last().Offer.Span).Split("\r\n");
        var said = lines.FirstOrDefault(l => l.StartsWith("a=rtcp:", StringComparison.Ordinal))?[7..].Split(' ')[0];
        return bench.Peer.SendTo with { Port = said is null ? (ushort)(bench.Peer.SendTo.Port + 1) : ushort.Parse(said, CultureInfo.InvariantCulture) };
    }

    private static PhoneOptions Direct(PhoneOptions options) => options with { Nat = options.Nat with { StunServers = [], TurnServers = [] } };
}
