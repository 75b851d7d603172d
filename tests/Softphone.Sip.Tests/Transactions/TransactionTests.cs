using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Transactions as they look on the wire.</summary>
public sealed class TransactionTests
{
    [Fact]
    [Rfc("3261", "17.1.1.2", Line = "sip X1")]
    public void Invite_NoAnswer_IsSentSevenTimesAndEndsAs408()
    {
        var (net, alice, peer, _) = Calling();
        net.Run(40);
        Assert.Equal(7, peer.Count(SipMethod.Invite));
        double[] at = [.. net.Ladder.Where(m => m.Message is SipRequest).Select(m => m.At.Nanoseconds / 1e9)];
        Assert.Equal([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5], at);
        Assert.Single(peer.Requests.Select(r => r.Headers.Get(HeaderName.Via)!.Split(';')[1]).Distinct());
        var ended = alice.Last<SipEvent.Ended>();
        Assert.Equal((EndCause.Error, 408), (ended.Cause, ended.Status));
        Assert.Contains("no answer", ended.Fault!.What);
    }

    [Fact]
    [Rfc("3261", "17.1.1.2", Line = "sip X2")]
    public void Invite_Provisional_StopsRetransmissionForMinutes()
    {
        var (net, alice, peer, _) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 180);
        net.Run(300);
        Assert.Equal(1, peer.Count(SipMethod.Invite));
        Assert.Empty(alice.Events.OfType<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("3261", "17.1.1.3", Line = "sip X3")]
    public void Invite_RefusedTwice_IsAcknowledgedTwiceAndToldOnce()
    {
        var (net, alice, peer, _) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 486);
        peer.Answer(invite, 486);
        net.Run(1);
        Assert.Equal(2, peer.Count(SipMethod.Ack));
        var ack = peer.Last(SipMethod.Ack);
        Assert.True(ack.Headers.TryVia(out var ackVia) && invite.Headers.TryVia(out var inviteVia) && ackVia.Branch == inviteVia.Branch);
        Assert.Equal(invite.RequestUri, ack.RequestUri);
        Assert.Contains("tag=peer", ack.Headers.Get(HeaderName.To));
        Assert.Equal(486, Assert.Single(alice.Events.OfType<SipEvent.Ended>()).Status);
    }

    [Fact]
    [Rfc("3261", "17.1.2.2", Line = "sip X5")]
    public void Options_NoAnswer_BacksOffToT2AndEndsAs408()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var peer = new Script(net, Server);
        alice.Agent.Options(net.Now, alice.Account("sip:alice@example.com"), Uri($"sip:{Server}"));
        net.Run(40);
        double[] at = [.. net.Ladder.Select(m => m.At.Nanoseconds / 1e9)];
        Assert.Equal([0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5], at);
        Assert.Equal(11, peer.Count(SipMethod.Options));
        Assert.Equal(408, alice.Last<SipEvent.RequestCompleted>().Status);
        Assert.True(alice.Agent.IsIdle);
        Assert.Null(alice.Agent.NextTimeout);
    }

    /// <summary>Timer A alone would repeat the INVITE at 15.5 and at 31.5 s.</summary>
    [Theory]
    [InlineData(8, 17)]
    [InlineData(4, 9)]
    [InlineData(9, 25)]
    public void Outage_OverUdp_IsOverForAllRequestsWithTheFirstAnswer(double askedAfter, double backAfter)
    {
        var (net, alice, peer, _) = Calling();
        net.Run(askedAfter);
        alice.Agent.Options(net.Now, alice.Account("sip:alice@example.com"), Uri($"sip:{Server}"));
        net.Run(backAfter - askedAfter);
        var invites = peer.Count(SipMethod.Invite);
        peer.OnRequest = request =>
        {
            if (request.Method == SipMethod.Options) peer.Answer(request, 200);
        };
        net.Run(4.1);
        Assert.Equal(200, alice.Last<SipEvent.RequestCompleted>().Status);
        Assert.Equal(invites + 1, peer.Count(SipMethod.Invite));
        // And once only: its next pause is as long as ever.
        net.Run(3);
        Assert.Equal(invites + 1, peer.Count(SipMethod.Invite));
    }

    [Fact]
    [Rfc("3261", "17.2.1", Line = "sip X6")]
    public void InviteServer_SilentUser_SendsTryingAfter200Milliseconds()
    {
        var (net, bob, peer) = Called();
        peer.Send(peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bK1", "<sip:bob@example.com>", sdp: "v=0"));
        net.Run(0.15);
        Assert.Empty(peer.Responses);
        net.Run(0.1);
        Assert.Equal(100, Assert.Single(peer.Responses).Status);
        Assert.Equal(1, bob.Count<SipEvent.Incoming>());
    }

    [Fact]
    [Rfc("3261", "17.2.1", Line = "sip X6")]
    public void InviteServer_Retransmission_RepeatsTheProvisionalAndTellsOnce()
    {
        var (net, bob, peer) = Called();
        var invite = peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bK1", "<sip:bob@example.com>", sdp: "v=0");
        peer.Send(invite);
        net.Run(0.05);
        bob.Agent.Progress(net.Now, bob.Last<SipEvent.Incoming>().Session, 180);
        peer.Send(invite);
        net.Run(0.05);
        Assert.Equal([180, 180], peer.Responses.Select(r => r.Status));
        Assert.Equal(1, bob.Count<SipEvent.Incoming>());
    }

    [Fact]
    [Rfc("3261", "17.2.1", Line = "sip X7")]
    public void InviteServer_Refusal_IsRepeatedUntilAck()
    {
        var (net, bob, peer) = Called();
        var invite = peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bK1", "<sip:bob@example.com>", sdp: "v=0");
        peer.Send(invite);
        net.Run(0.05);
        bob.Agent.Reject(net.Now, bob.Last<SipEvent.Incoming>().Session, 486);
        net.Run(2);
        var refusals = peer.Responses.Count;
        Assert.Equal(3, refusals);
        peer.Send(DerivedRequests.AckFor(invite, peer.Responses[^1]));
        net.Run(60);
        Assert.Equal(refusals, peer.Responses.Count);
        Assert.Null(bob.Agent.NextTimeout);
    }

    [Fact]
    [Rfc("6026", "7.1", Line = "sip X8")]
    public void InviteServer_RetransmissionAfterAnswer_MakesNoSecondCall()
    {
        var (net, bob, peer) = Called();
        AnswerCalls(bob);
        var invite = peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bK1", "<sip:bob@example.com>", sdp: "v=0");
        peer.Send(invite);
        net.Run(0.1);
        peer.Send(invite);
        peer.Send(invite);
        net.Run(0.1);
        Assert.Equal(1, bob.Count<SipEvent.Incoming>());
        Assert.Equal(1, peer.Responses.Count(r => r.Status == 200));
    }

    [Fact]
    [Rfc("3261", "17.2.2", Line = "sip X9")]
    public void OptionsServer_Retransmission_GetsTheSameAnswer()
    {
        var (net, _, peer) = Called();
        var options = peer.Make(SipMethod.Options, $"sip:bob@{Bob}", "z9hG4bK1", "<sip:bob@example.com>");
        peer.Send(options);
        peer.Send(options);
        net.Run(0.1);
        Assert.Equal(2, peer.Responses.Count);
        Assert.Equal(peer.Responses[0].Headers.Get(HeaderName.To), peer.Responses[1].Headers.Get(HeaderName.To));
    }

    [Fact]
    [Rfc("3261", "17.2.3", Line = "sip X10")]
    public void Server_SameBranchOtherSentBy_IsAnotherTransaction()
    {
        var (net, _, peer) = Called();
        var other = new Script(net, "192.0.2.8:5060") { From = Address.Parse($"{Bob}:5060") };
        peer.Send(peer.Make(SipMethod.Options, $"sip:bob@{Bob}", "z9hG4bK1", "<sip:bob@example.com>", callId: "one"));
        other.Send(other.Make(SipMethod.Options, $"sip:bob@{Bob}", "z9hG4bK1", "<sip:bob@example.com>", callId: "two"));
        net.Run(0.1);
        Assert.Equal("one", Assert.Single(peer.Responses).Headers.CallId);
        Assert.Equal("two", Assert.Single(other.Responses).Headers.CallId);
    }

    [Fact]
    [Rfc("3261", "17.2.3", Line = "sip X10")]
    public void Server_BranchWithoutCookie_IsMatchedAsRfc2543Does()
    {
        var (net, bob, peer) = Called();
        var invite = peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "1", "<sip:bob@example.com>", sdp: "v=0");
        peer.Send(invite);
        peer.Send(invite);
        net.Run(0.1);
        Assert.Equal(1, bob.Count<SipEvent.Incoming>());
        peer.Send(peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "1", "<sip:bob@example.com>", callId: "another", sdp: "v=0"));
        net.Run(0.1);
        Assert.Equal(2, bob.Count<SipEvent.Incoming>());
    }

    [Fact]
    [Rfc("3261", "17.1.1.2", Line = "sip X11")]
    public void Invite_OnStream_IsSentOnce()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, tcp: true);
        var peer = new Script(net, Server, isStream: true);
        alice.Agent.Invite(net.Now, alice.Account("sip:alice@example.com"), Uri($"sip:peer@{Server};transport=tcp"), Sdp("offer"));
        net.Run(40);
        Assert.Equal(1, peer.Count(SipMethod.Invite));
        Assert.Equal(408, alice.Last<SipEvent.Ended>().Status);
    }

    [Fact]
    [Rfc("3261", "8.1.3.1", Line = "sip X12")]
    public void Invite_Refused_FailsOnceAs503()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        alice.Agent.Invite(net.Now, alice.Account("sip:alice@example.com"), Uri($"sip:peer@{Server}"), Sdp("offer"));
        net.Run(40);
        var ended = Assert.Single(alice.Events.OfType<SipEvent.Ended>());
        Assert.Equal((EndCause.Error, 503, Layer.Transport), (ended.Cause, ended.Status, ended.Fault!.Layer));
        Assert.Null(alice.Agent.NextTimeout);
    }

    [Theory]
    [InlineData("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKunknown")]
    [InlineData("SIP/2.0/UDP 203.0.113.5:5060;branch=z9hG4bKother")]
    [InlineData("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKtwo, SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKthree")]
    [Rfc("3261", "8.1.3.3", Line = "sip X13")]
    [Rfc("3261", "18.1.2", Line = "sip T2")]
    public void Response_ToNothing_IsDropped(string via)
    {
        var (net, alice, peer, _) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 100);
        net.Run(0.1);
        var before = alice.Events.Count;
        peer.Send($"SIP/2.0 200 OK\r\nVia: {via}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContact: <sip:c@d>\r\nContent-Length: 0\r\n\r\n");
        net.Run(0.1);
        Assert.Equal(before, alice.Events.Count);
        Assert.Equal(0, peer.Count(SipMethod.Ack));
        Assert.Contains(alice.Trace.Entries, e => e is SipTrace.Dropped);
    }

    [Fact]
    [Rfc("3261", "17", Line = "sip X14")]
    public void Layer_TenThousandTransactions_LeavesNothing()
    {
        var options = new SipAgentOptions { Source = "x" };
        var transport = new TransportLayer(options, new SeededEntropy(1), Trace.Off, null!, new OctetLedger());
        transport.AddPath(new LocalPath(new PathId(1), Transport.Udp, Address.Parse("192.0.2.1:5060")));
        var layer = new TransactionLayer(TransactionTimers.Default, transport, new OctetLedger());
        var flow = new Flow(new PathId(1), Address.Parse(Server), Transport.Udp);
        var now = Instant.Zero;
        var buffer = new byte[4096];
        for (var i = 0; i < 10_000; i++)
        {
            var request = new SipRequest(i % 2 == 0 ? SipMethod.Options : SipMethod.Invite, Uri("sip:a@example.com"));
            request.Headers.Add(HeaderName.Via, $"SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK{i}");
            request.Headers.Add(HeaderName.From, "<sip:a@example.com>;tag=1");
            request.Headers.Add(HeaderName.To, "<sip:a@example.com>");
            request.Headers.Add(HeaderName.CallId, $"call{i}");
            request.Headers.Add(HeaderName.CSeq, $"1 {request.Method}");
            if (i % 4 < 2)
            {
                layer.StartClient(now, request, flow, null);
                if (i % 3 == 0) layer.TryReceive(now, SipResponse.For(request, 200, null, "t"));
            }
            else
            {
                var server = layer.StartServer(now, request, flow, null)!;
                layer.Respond(now, server, SipResponse.For(request, i % 3 == 0 ? 200 : 404, null, "t"));
            }

            while (transport.TryTransmit(buffer, out _)) ;
            now += TimeSpan.FromMilliseconds(1);
            layer.Advance(now);
        }

        Assert.True(layer.Count > 5_000);
        while (layer.NextTimeout is { } next)
        {
            layer.Advance(next);
            while (transport.TryTransmit(buffer, out _)) ;
        }

        Assert.Equal((0, 0, 0), (layer.Count, layer.ServerCount, layer.TimerCount));
    }

    private static (SipNet Net, SipNode Bob, Script Peer) Called()
    {
        var net = new SipNet();
        var bob = net.Agent(Bob);
        bob.Account("sip:bob@example.com");
        return (net, bob, new Script(net, Server) { From = Address.Parse($"{Bob}:5060") });
    }
}
