using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Forks, and re-INVITEs without an offer, message by message.</summary>
public sealed class HandmadeTests
{
    private static readonly IpAddress _sip = IpAddress.Parse("203.0.113.88");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("3261", "13.2.2.4")]
    [Rfc("8839", "7.3", Line = "I29")]
    public void Fork_TwoEarlyDialogs_MediaFollowsTheOneThatAnswers(bool ice)
    {
        using var bench = new PeerBench(lite: ice);
        var otherIp = IpAddress.Parse("203.0.113.89");
        var other = new ScriptedPeer(bench.Demo.World.AddHost("other", bench.Demo.World.Public, otherIp, Link.OfMilliseconds(10)), otherIp) { Lite = ice };
        var raw = new RawPeer(bench.Demo.World.AddHost("raw", bench.Demo.World.Public, _sip), _sip);
        raw.Received = message =>
        {
            if (message is not SipRequest { } request) return;
            if (request.Method == SipMethod.Invite)
            {
                raw.Respond(request, 183, "first", Describe(bench.Peer, "first"));
                raw.Respond(request, 183, "second", Describe(other, "second"));
            }
            else if (request.Method == SipMethod.Bye)
            {
                raw.Respond(request, 200, "second");
            }
        };
        var call = default(CallId);
        bench.Alice.Do((m, now) => call = m.Call(now, bench.Account, SipUri.Parse($"sip:peer@{_sip}")));
        bench.Until(() => bench.State == CallState.Early, 3, "early");
        bench.Run(1);
        var invite = raw.Got.OfType<SipRequest>().First(r => r.Method == SipMethod.Invite);
        var offered = ScriptedPeer.MediaOf(invite.Body);
        other.StartSending(offered);
        raw.Respond(invite, 200, "second", Describe(other, "second"));
        bench.Until(() => bench.State is CallState.Connected, 3, "connected");
        bench.Run(1);
        var (first, second) = (bench.Peer.Heard, other.Heard);
        var heard = bench.Alice.Machine.Snapshot(bench.Now, call)!.Media!.Rx.Packets;
        bench.Run(2);
        bench.That(bench.Peer.Heard == first, "the fork that lost is still sent to");
        bench.That(other.Heard - second > 90, $"the winner heard {other.Heard - second}");
        bench.That(bench.Alice.Machine.Snapshot(bench.Now, call)!.Media!.Rx.Packets - heard > 90, "alice does not hear the winner");
        bench.Alice.Do((m, now) => m.Hangup(now, call));
        bench.Until(() => bench.Summary is { Fault: null, Audio: AudioOutcome.TwoWay }, 3, "ended well");

        string Describe(ScriptedPeer peer, string ufrag) => peer.Describe(extra: ice ? peer.LiteAttributes(ufrag) : "");
    }

    [Fact]
    [Rfc("3261", "14.2", Line = "I27")]
    public void Reinvite_WithoutOffer_WeOfferAndTakeTheAnswerOfTheAck()
    {
        using var bench = new PeerBench(symmetric: false);
        var raw = new RawPeer(bench.Demo.World.AddHost("raw", bench.Demo.World.Public, _sip), _sip);
        raw.Received = message =>
        {
            if (message is SipRequest { } request && request.Method == SipMethod.Invite) raw.Respond(request, 200, "tag", bench.Peer.Describe());
        };
        var call = default(CallId);
        bench.Alice.Do((m, now) => call = m.Call(now, bench.Account, SipUri.Parse($"sip:peer@{_sip}")));
        bench.Until(() => bench.State == CallState.Connected, 3, "connected");
        var invite = raw.Got.OfType<SipRequest>().First(r => r.Method == SipMethod.Invite);
        bench.Peer.StartSending(ScriptedPeer.MediaOf(invite.Body));
        bench.Run(1);
        raw.Received = null;
        raw.Send(Request("INVITE", 7, ""));
        bench.Until(() => raw.Got.OfType<SipResponse>().Any(r => r.Status == 200), 2, "our offer");
        var offer = raw.Got.OfType<SipResponse>().First(r => r.Status == 200);
        bench.That(offer.Body.Length > 0, "200 without an offer");
        bench.Peer.ChangePort();
        raw.Send(Request("ACK", 7, bench.Peer.Describe(version: 2)));
        bench.Run(0.5);
        var (theirs, ours) = (bench.Peer.Heard, bench.Alice.Machine.Snapshot(bench.Now, call)!.Media!.Rx.Packets);
        bench.Run(2);
        bench.That(bench.Peer.Heard - theirs > 90, $"the peer heard {bench.Peer.Heard - theirs} at its new port");
        bench.That(bench.Alice.Machine.Snapshot(bench.Now, call)!.Media!.Rx.Packets - ours > 90, "alice hears nothing");

        string Request(string method, int number, string sdp) =>
            $"{method} sip:alice@198.51.100.2:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {raw.Address};branch=z9hG4bK{method}{number};rport\r\nMax-Forwards: 70\r\n"
            + $"From: {invite.Headers.Get(HeaderName.To)};tag=tag\r\nTo: {invite.Headers.Get(HeaderName.From)}\r\nCall-ID: {invite.Headers.CallId}\r\nCSeq: {number} {method}\r\n"
            + $"Contact: <sip:peer@{raw.Address}>\r\n{(sdp.Length > 0 ? "Content-Type: application/sdp\r\n" : "")}Content-Length: {sdp.Length}\r\n\r\n{sdp}";
    }
}
