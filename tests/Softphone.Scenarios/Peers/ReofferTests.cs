using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>What a peer may change in mid-call: hold in both forms, its port, ICE, codecs; and what it may not break.</summary>
public sealed class ReofferTests
{
    [Theory]
    [InlineData("sendonly", null, "a=recvonly")]
    [InlineData("inactive", null, "a=inactive")]
    [InlineData("sendrecv", "0.0.0.0", null)]
    [Rfc("3264", "8.4")]
    public void PeerHolds_WeStopSending_AndResume(string direction, string? c, string? answer)
    {
        using var bench = new PeerBench();
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(0.5);
        bench.Talk();
        var said = bench.Offer(bench.Peer.Describe(direction, version: 2, c: c));
        bench.That(said is not null && (answer is null || said.Contains(answer, StringComparison.Ordinal)), $"answered: {said}");
        bench.That(bench.State == CallState.Held, $"state {bench.State}");
        var heard = bench.Peer.Heard;
        bench.Run(2);
        bench.That(bench.Peer.Heard - heard <= 1, $"we sent {bench.Peer.Heard - heard} packets into the hold");
        bench.Offer(bench.Peer.Describe(version: 3));
        bench.That(bench.State == CallState.Connected, $"state {bench.State}");
        bench.Run(0.2);
        bench.Talk();
        bench.That(bench.End() is { Fault: null, Audio: AudioOutcome.TwoWay }, $"{bench.Summary}");
    }

    [Fact]
    [Rfc("3264", "8.3.1")]
    public void PeerMovesToAnotherPort_MediaFollows()
    {
        using var bench = new PeerBench(symmetric: false);
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(0.5);
        bench.Talk();
        bench.Peer.ChangePort();
        bench.That(bench.Offer(bench.Peer.Describe(version: 2)) is not null, "refused");
        bench.Run(0.3);
        bench.Talk();
        bench.End();
    }

    [Fact]
    [Rfc("8839", "4.4.3.1", Line = "I28")]
    public void PeerWithIce_ReoffersWithoutIt_CallGoesOnInPlainRtp()
    {
        using var bench = new PeerBench(lite: true);
        bench.Dial(_ => bench.Peer.Describe(extra: bench.Peer.LiteAttributes()));
        bench.Run(1);
        bench.Talk();
        var said = bench.Offer(bench.Peer.Describe(version: 2));
        bench.That(said is not null && !said.Contains("a=candidate", StringComparison.Ordinal), $"answered: {said}");
        bench.Run(0.5);
        bench.Talk();
        bench.Run(45);
        bench.That(bench.State == CallState.Connected, "consent of the ICE that was ended the call");
        bench.Peer.AnswersOffers = false;
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, true));
        bench.Run(1);
        var offer = bench.Peer.Events.OfType<SipEvent.OfferReceived>().Last();
        bench.Peer.Do((agent, now) => agent.AnswerOffer(now, bench.Peer.Session, System.Text.Encoding.ASCII.GetBytes(bench.Peer.Describe("recvonly", version: 3))));
        bench.Until(() => bench.State == CallState.Held, 3, "held");
        bench.That(offer.Sdp.Length > 0, "no offer");
        bench.End();
    }

    [Fact]
    [Rfc("3261", "14.1")]
    public void Reoffer_WithNothingInCommon_Is488AndTheCallGoesOn()
    {
        using var bench = new PeerBench();
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(0.5);
        bench.That(bench.Offer("v=0\r\no=peer 1 2 IN IP4 203.0.113.77\r\ns=-\r\nc=IN IP4 203.0.113.77\r\nt=0 0\r\nm=audio 40000 RTP/AVP 97\r\na=rtpmap:97 speex/8000\r\n") is null, "accepted");
        bench.That(bench.Peer.Events.OfType<SipEvent.OfferFailed>().Single().Status == 488, "not 488");
        bench.Talk();
        bench.That(bench.End() is { Fault: null }, $"{bench.Summary}");
    }

    [Fact]
    [Rfc("3261", "14.1")]
    public void OurHold_Refused_CallGoesOnAsItWas()
    {
        using var bench = new PeerBench();
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(0.5);
        bench.Peer.AnswersOffers = false;
        bench.Peer.Happened = (now, e) =>
        {
            if (e is SipEvent.OfferReceived received) bench.Peer.Agent.RejectOffer(now, received.Session, 488);
        };
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, true));
        bench.Run(1);
        bench.That(bench.State == CallState.Connected, $"state {bench.State}");
        bench.Talk();
        bench.That(bench.End() is { Fault: null, Audio: AudioOutcome.TwoWay }, $"{bench.Summary}");
    }

    [Fact]
    [Rfc("8839", "4.4.1.1.1", Line = "I26")]
    public void PeerRestartsIce_WeAnswerWithNewCredentialsAndAudioGoesOn()
    {
        using var bench = new PeerBench(lite: true);
        bench.Dial(_ => bench.Peer.Describe(extra: bench.Peer.LiteAttributes()));
        bench.Run(1);
        bench.Talk();
        var before = UfragOf(bench.Offer(bench.Peer.Describe(version: 2, extra: bench.Peer.LiteAttributes())));
        var after = UfragOf(bench.Offer(bench.Peer.Describe(version: 3, extra: bench.Peer.LiteAttributes("anew"))));
        bench.That(before is not null && after is not null && before != after, $"{before} then {after}");
        bench.Run(1);
        bench.Talk();
        bench.Run(40);
        bench.That(bench.State == CallState.Connected, "the restart ended the call");
        bench.That(bench.End() is { Fault: null, Audio: AudioOutcome.TwoWay }, $"{bench.Summary}");
    }

    private static string? UfragOf(string? sdp) => sdp?.Split("\r\n").FirstOrDefault(l => l.StartsWith("a=ice-ufrag:", StringComparison.Ordinal));
}
