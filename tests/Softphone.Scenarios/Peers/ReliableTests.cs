using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Whole phones and peers that demand that provisional responses are acknowledged (RFC 3262).</summary>
public sealed class ReliableTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [Rfc("3262", "5", Line = "sip I12")]
    [Rfc("8839", "7.1")]
    public void Caller_WhoDemandsIt_IsDescribedToWhileItRingsAndHearsUs(bool offers, bool lite)
    {
        using var bench = new PeerBench(lite: lite, provisionals: Reliability.Required);
        var description = bench.Peer.Describe(extra: lite ? bench.Peer.LiteAttributes() : "");
        bench.Peer.Happened = (now, e) =>
        {
            if (e is SipEvent.Progress { IsOffer: true } offer) bench.Peer.Agent.AnswerOffer(now, offer.Session, PeerBench.Bytes(description), offer.Dialog);
            if (e is SipEvent.Progress { Sdp.Length: > 0 } progress) bench.Peer.StartSending(ScriptedPeer.MediaOf(progress.Sdp));
        };
        bench.Peer.Do((agent, now) => agent.Invite(now, bench.Peer.Account, SipUri.Parse("sip:alice@198.51.100.2"), offers ? PeerBench.Bytes(description) : default));
        bench.Until(() => bench.State is CallState.Connected or CallState.Ended, 5, "connected or ended");
        bench.Run(1);
        bench.TakeCall();
        bench.Talk();
        var described = bench.Peer.Events.OfType<SipEvent.Progress>().Single(p => p.Sdp.Length > 0);
        bench.That(described.IsOffer != offers, "an offer where none was due, or none where it was");
        var answered = bench.Peer.Events.OfType<SipEvent.Answered>().Single();
        bench.That(!answered.IsOffer && answered.Sdp.IsEmpty, "the answer describes the media a second time");
        bench.That(bench.Peer.Trace.Entries.Any(e => e.ToString()!.Contains("PRACK", StringComparison.Ordinal)), "nothing was acknowledged");
        var summary = bench.End();
        bench.That(summary is { Status: 200, Fault: null, Audio: AudioOutcome.TwoWay }, summary.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("3311", "5.2", Line = "sip I13")]
    public void Callee_WhoMovesItsMediaWhileItRings_IsHeardWhereItMovedTo(bool moves)
    {
        using var bench = new PeerBench(provisionals: Reliability.Required);
        var first = bench.Peer.Describe();
        bench.Peer.Happened = (now, e) =>
        {
            if (e is SipEvent.Incoming incoming)
            {
                bench.Peer.Agent.Progress(now, incoming.Session, 183, PeerBench.Bytes(first));
                bench.Peer.StartSending(ScriptedPeer.MediaOf(incoming.Offer));
                if (!moves) return;
                bench.Peer.ChangePort();
                bench.Peer.Agent.Offer(now, incoming.Session, PeerBench.Bytes(bench.Peer.Describe(version: 2)));
            }
        };
        bench.Alice.Do((m, now) => m.Call(now, bench.Account, bench.Peer.Uri, new CallOptions()));
        bench.Until(() => bench.State is CallState.Early or CallState.Ended, 5, "early media, or over");
        bench.Run(1);
        bench.That(bench.Peer.Events.OfType<SipEvent.OfferAnswered>().Count() == (moves ? 1 : 0), "the offer while it rang was not answered");
        bench.Peer.Do((agent, now) => agent.Accept(now, bench.Peer.Session, PeerBench.Bytes(first)));
        bench.Until(() => bench.State is CallState.Connected or CallState.Ended, 5, "connected or ended");
        bench.TakeCall();
        bench.Talk();
        var summary = bench.End();
        bench.That(summary is { Status: 200, Fault: null, Audio: AudioOutcome.TwoWay }, summary.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=0\r\nnonsense")]
    [Rfc("3262", "5", Line = "sip I12")]
    public void Caller_WhoAcknowledgesOurOfferWithoutAnAnswerOfUse_IsToldSo(string answer)
    {
        using var bench = new PeerBench(provisionals: Reliability.Required);
        bench.Peer.Happened = (now, e) =>
        {
            if (e is SipEvent.Progress { IsOffer: true } offer) bench.Peer.Agent.AnswerOffer(now, offer.Session, PeerBench.Bytes(answer), offer.Dialog);
        };
        bench.Peer.Do((agent, now) => agent.Invite(now, bench.Peer.Account, SipUri.Parse("sip:alice@198.51.100.2"), default));
        bench.Until(() => bench.State == CallState.Ended, 5, "over");
        bench.That(bench.Summary is { Fault.Layer: Layer.Sdp }, bench.Summary!.ToString());
        bench.Run(3);
        bench.That(bench.Peer.Events.OfType<SipEvent.Ended>().Single().Status is >= 400 and < 700, "the caller rings on");
    }
}
