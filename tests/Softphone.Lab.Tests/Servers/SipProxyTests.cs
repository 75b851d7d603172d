using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Lab.Tests;

/// <summary>Calls through the proxy, between two phones behind NATs.</summary>
public class SipProxyTests
{
    private const string Bob = "sip:bob@lab.test";

    private readonly DemoWorld _demo = new(new DemoOptions { NatA = NatBehavior.Symmetric, NatB = NatBehavior.PortRestricted, Trace = new Trace() });
    private readonly SipHand _alice;
    private readonly SipHand _bob;

    public SipProxyTests()
    {
        _alice = new SipHand(_demo, _demo.HostA, "alice");
        _bob = new SipHand(_demo, _demo.HostB, "bob");
        _alice.Register();
    }

    [Fact]
    [Rfc("3261", "22.3", Line = "sip A1")]
    public void Invite_WithoutCredentials_IsChallengedAndItsAckEndsTheRepeats()
    {
        _bob.Register();
        var branch = _alice.Send("INVITE", Bob, 1, "c", $"<{Bob}>", more: $"Contact: <{_alice.Contact}>\r\n");
        _alice.Run(0.3);
        Assert.Equal(407, _alice.LastResponse.Status);
        Assert.Equal(2, _alice.LastResponse.Headers.GetAll("Proxy-Authenticate").Count);
        Assert.Equal(0, _bob.Count("INVITE"));
        _alice.Send("ACK", Bob, 1, "c", _alice.LastResponse.Headers.Get("To")!, branch: branch);
        _alice.Run(20);
        Assert.Equal(1, _alice.Responses.Count(r => r.Status == 407));
    }

    [Fact]
    [Rfc("3261", "8.2.7")]
    public void Challenge_IsOfNoState_AndTheSameRequestGetsTheSameTag()
    {
        var branch = _alice.Send("INVITE", Bob, 1, "c", $"<{Bob}>", more: $"Contact: <{_alice.Contact}>\r\n");
        _alice.Run(5);
        Assert.Equal(1, _alice.Responses.Count(r => r.Status == 407));
        _alice.Send("INVITE", Bob, 1, "c", $"<{Bob}>", branch: branch, more: $"Contact: <{_alice.Contact}>\r\n");
        _alice.Run(30);
        Assert.Equal(0, _demo.Sip.Transactions);
        Assert.Single(_alice.Responses.Where(r => r.Status == 407).Select(r => r.Headers.Get("To")).Distinct());
        Assert.Equal(2, _alice.Responses.Count(r => r.Status == 407));
    }

    [Fact]
    [Rfc("3261", "17.2.1", Line = "sip X7")]
    public void Refusal_NeverAcknowledged_IsRepeatedUntilTimerH()
    {
        _bob.Register();
        _alice.Invite(Bob);
        _bob.Respond(_bob.Request("INVITE"), 486);
        _alice.Run(60);
        Assert.Equal(11, _alice.Responses.Count(r => r.Status == 486));
        Assert.Equal(0, _demo.Sip.Transactions);
    }

    [Theory]
    [InlineData("sip:nobody@lab.test", 404)]
    [InlineData("sip:bob@lab.test", 480)]
    [InlineData("sip:bob@elsewhere.test", 404)]
    [Rfc("3261", "16.5")]
    public void Invite_NobodyThere_IsRefused(string uri, int status)
    {
        _alice.Invite(uri);
        Assert.Equal(status, _alice.LastResponse.Status);
    }

    [Fact]
    [Rfc("3261", "16.6")]
    [Rfc("3261", "16.7")]
    public void Call_BetweenTwoNats_RunsFromInviteToBye()
    {
        _bob.Register();
        _alice.Invite(Bob);
        var invite = _bob.Request("INVITE");
        Assert.Equal(_bob.Contact, invite.RequestUri.ToString());
        Assert.Equal("<sip:203.0.113.5:5060;lr>", invite.Headers.Get("Record-Route"));
        Assert.Equal(69, invite.Headers.MaxForwards);
        Assert.False(invite.Headers.Has("Proxy-Authorization"));
        Assert.Equal(2, invite.Headers.Vias().Count);
        Assert.Contains(_alice.Responses, r => r.Status == 100);

        _bob.Respond(invite, 180);
        Assert.Equal(180, _alice.LastResponse.Status);
        Assert.Single(_alice.LastResponse.Headers.Vias());
        _bob.Respond(invite, 200);
        var ok = _alice.LastResponse;
        Assert.Equal(200, ok.Status);

        var to = ok.Headers.Get("To")!;
        var route = $"Route: {ok.Headers.Get("Record-Route")}\r\n";
        _alice.Send("ACK", _bob.Contact, 2, "call", to, more: route);
        _alice.Run();
        Assert.Equal(1, _bob.Count("ACK"));
        Assert.False(_bob.Request("ACK").Headers.Has("Route"));

        // The other party hangs up: by its Route to us, from us by the flow the caller was heard on.
        _bob.SendRaw(
            $"BYE {_alice.Contact} SIP/2.0\r\nVia: SIP/2.0/UDP {_bob.Local};branch=z9hG4bKbye;rport\r\nMax-Forwards: 70\r\nRoute: {invite.Headers.Get("Record-Route")}\r\n"
            + $"From: {to}\r\nTo: {invite.Headers.Get("From")}\r\nCall-ID: call\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");
        _bob.Run();
        _alice.Respond(_alice.Request("BYE"), 200);
        Assert.Equal("1 BYE", _bob.LastResponse.Headers.Get("CSeq"));
        _alice.Run(60);
        Assert.Equal(0, _demo.Sip.Transactions);
    }

    [Theory]
    [InlineData("UPDATE")]
    [InlineData("INFO")]
    [InlineData("INVITE")]
    [InlineData("OPTIONS")]
    [Rfc("3261", "16.4")]
    public void InDialogRequest_FromTheCaller_ReachesTheCalleeUnchallenged(string method)
    {
        var route = Connect();
        var bobs = _bob.Count(method);
        _alice.Send(method, _bob.Contact, 5, "call", $"<{Bob}>;tag=tbob", more: route + $"Contact: <{_alice.Contact}>\r\n");
        _alice.Run(0.3);
        Assert.Equal(bobs + 1, _bob.Count(method));
        _bob.Respond(_bob.Request(method), 200);
        Assert.Equal((200, $"5 {method}"), (_alice.LastResponse.Status, _alice.LastResponse.Headers.Get("CSeq")));
    }

    [Fact]
    [Rfc("3261", "16.10", Line = "sip I4")]
    public void Cancel_WhileRinging_IsAnsweredHereAndSentOn()
    {
        _bob.Register();
        var branch = _alice.Invite(Bob);
        _bob.Respond(_bob.Request("INVITE"), 180);
        _alice.Send("CANCEL", Bob, 2, "call", $"<{Bob}>", branch: branch, more: "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n");
        _alice.Run();
        Assert.Equal("2 CANCEL", _alice.LastResponse.Headers.Get("CSeq"));
        var cancel = _bob.Request("CANCEL");
        Assert.True(cancel.Headers.TryVia(out var via) && _bob.Request("INVITE").Headers.TryVia(out var invited) && via.Branch == invited.Branch);
        Assert.Contains("elsewhere", cancel.Headers.Get("Reason"));
        _bob.Respond(cancel, 200);
        _bob.Respond(_bob.Request("INVITE"), 487);
        Assert.Equal(1, _bob.Count("ACK"));
        Assert.Equal((487, "2 INVITE"), (_alice.LastResponse.Status, _alice.LastResponse.Headers.Get("CSeq")));
        var cancels = _bob.Count("CANCEL");
        _bob.Run(40);
        Assert.Equal(cancels, _bob.Count("CANCEL"));
    }

    [Fact]
    [Rfc("3261", "9.1", Line = "sip I4")]
    public void Cancel_BeforeAnyProvisional_WaitsForOne()
    {
        _bob.Register();
        var branch = _alice.Invite(Bob, wait: 0.1);
        _alice.Send("CANCEL", Bob, 2, "call", $"<{Bob}>", branch: branch);
        _alice.Run();
        Assert.Equal(0, _bob.Count("CANCEL"));
        _bob.Respond(_bob.Request("INVITE"), 180);
        Assert.True(_bob.Count("CANCEL") >= 1);
    }

    [Fact]
    [Rfc("3261", "9.1", Line = "sip I4")]
    public void Cancel_CalleeRingsOn_CallerIsReleasedAfter64T1()
    {
        _bob.Register();
        var branch = _alice.Invite(Bob);
        var invite = _bob.Request("INVITE");
        _bob.Respond(invite, 180);
        _alice.Send("CANCEL", Bob, 2, "call", $"<{Bob}>", branch: branch);
        _alice.Run(10);
        _bob.Respond(invite, 180);
        _alice.Run(20);
        Assert.NotEqual(487, _alice.LastResponse.Status);
        _alice.Run(2);
        Assert.Equal((487, "2 INVITE"), (_alice.LastResponse.Status, _alice.LastResponse.Headers.Get("CSeq")));
    }

    [Fact]
    [Rfc("3261", "16.10", Line = "sip I5")]
    public void Cancel_OfNothing_Is481()
    {
        _alice.Send("CANCEL", Bob, 1, "c", $"<{Bob}>");
        _alice.Run();
        Assert.Equal(481, _alice.LastResponse.Status);
    }

    [Fact]
    [Rfc("3261", "17.1.1.2", Line = "sip X1")]
    public void Invite_CalleeSilent_IsRepeatedSixTimesThen408()
    {
        _bob.Register();
        _alice.Invite(Bob, wait: 40);
        Assert.Equal(7, _bob.Count("INVITE"));
        Assert.Equal(408, _alice.Responses.Last().Status);
    }

    [Fact]
    [Rfc("3261", "16.8")]
    public void Invite_RingingForThreeMinutes_IsCancelled()
    {
        _bob.Register(expires: 3600);
        _alice.Invite(Bob);
        // Both NATs forget their mappings in two minutes of silence; the phones keep them open.
        for (var i = 0; i < 3; i++)
        {
            _bob.Respond(_bob.Request("INVITE"), 180);
            _alice.SendRaw("\r\n\r\n");
            _alice.Run(100);
        }

        _bob.SendRaw("\r\n\r\n");
        _alice.SendRaw("\r\n\r\n");
        _alice.Run(85);
        Assert.True(_bob.Count("CANCEL") > 0);
        _bob.Respond(_bob.Request("INVITE"), 487);
        Assert.Equal(487, _alice.LastResponse.Status);
    }

    [Theory]
    [InlineData(486)]
    [InlineData(603)]
    [InlineData(302)]
    [Rfc("3261", "17.1.1.3", Line = "sip X3")]
    public void Refusal_FromTheCallee_IsAcknowledgedHereAndPassedOn(int status)
    {
        _bob.Register();
        _alice.Invite(Bob);
        _bob.Respond(_bob.Request("INVITE"), status);
        _bob.Respond(_bob.Request("INVITE"), status);
        Assert.Equal(2, _bob.Count("ACK"));
        Assert.Equal(status, _alice.LastResponse.Status);
    }

    [Fact]
    [Rfc("3261", "16.3", Line = "sip U5")]
    public void MaxForwards_Zero_Is483()
    {
        _bob.Register();
        _alice.Send("OPTIONS", Bob, 1, "c", $"<{Bob}>", maxForwards: 0);
        _alice.Run();
        Assert.Equal(483, _alice.LastResponse.Status);
    }

    [Fact]
    [Rfc("3261", "16.3")]
    public void Request_ComeRoundUnchanged_Is482()
    {
        _bob.Register();
        _alice.Invite(Bob);
        var invite = _bob.Request("INVITE");
        // Send to the server what it sent, with the Request-URI it came with: the same request again under its own Via.
        var vias = string.Concat(invite.Headers.Vias().Select(v => $"Via: {v}\r\n"));
        var original = $"INVITE {Bob} SIP/2.0\r\nVia: SIP/2.0/UDP {_bob.Local};branch=z9hG4bKloop;rport\r\n{vias}Max-Forwards: 60\r\n"
            + $"From: {invite.Headers.Get("From")}\r\nTo: {invite.Headers.Get("To")}\r\nCall-ID: call\r\nCSeq: 2 INVITE\r\nContact: <{_alice.Contact}>\r\nContent-Length: 0\r\n\r\n";
        _bob.SendRaw(original);
        _bob.Run();
        Assert.Equal(482, _bob.LastResponse.Status);
    }

    [Fact]
    [Rfc("3261", "16.3")]
    public void ProxyRequire_Unknown_Is420()
    {
        _alice.Send("OPTIONS", Bob, 1, "c", $"<{Bob}>", more: "Proxy-Require: magic\r\n");
        _alice.Run();
        Assert.Equal((420, "magic"), (_alice.LastResponse.Status, _alice.LastResponse.Headers.Get("Unsupported")));
    }

    [Fact]
    [Rfc("5658", "3")]
    public void Call_FromAUdpBlockedNetwork_RunsOverTcpOnItsSideOnly()
    {
        var demo = new DemoWorld(new DemoOptions { NatA = NatBehavior.UdpBlocked, NatB = NatBehavior.FullCone });
        var alice = new SipHand(demo, demo.HostA, "alice", Transport.Tcp);
        var bob = new SipHand(demo, demo.HostB, "bob");
        alice.Register();
        bob.Register();
        alice.Invite(Bob);
        var invite = bob.Request("INVITE");
        Assert.Equal(["<sip:203.0.113.5:5060;lr>", "<sip:203.0.113.5:5060;transport=tcp;lr>"], invite.Headers.GetAll("Record-Route"));
        bob.Respond(invite, 200);
        var ok = alice.LastResponse;
        Assert.Equal(200, ok.Status);
        // The caller's route set is the record reversed.
        var routes = string.Concat(ok.Headers.GetAll("Record-Route").Reverse().Select(r => $"Route: {r}\r\n"));
        alice.Send("ACK", bob.Contact, 2, "call", ok.Headers.Get("To")!, more: routes);
        alice.Run();
        Assert.Equal(1, bob.Count("ACK"));
        bob.SendRaw(
            $"BYE {alice.Contact} SIP/2.0\r\nVia: SIP/2.0/UDP {bob.Local};branch=z9hG4bKbye;rport\r\nMax-Forwards: 70\r\n"
            + string.Concat(invite.Headers.GetAll("Record-Route").Select(r => $"Route: {r}\r\n"))
            + $"From: {ok.Headers.Get("To")}\r\nTo: {invite.Headers.Get("From")}\r\nCall-ID: call\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");
        bob.Run();
        Assert.Equal(1, alice.Count("BYE"));
    }

    [Fact]
    [Rfc("3261", "17.1.2.2", Line = "sip X5")]
    public void Call_OverLossyLines_StillConnects()
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var demo = new DemoWorld(new DemoOptions { Loss = 0.1, Seed = seed });
            var bob = new SipHand(demo, demo.HostB, "bob", Transport.Tcp);
            var alice = new SipHand(demo, demo.HostA, "alice", Transport.Tcp);
            Assert.True(bob.Register().Status == 200, $"seed {seed}");
            alice.Invite(Bob, wait: 5);
            bob.Respond(bob.Request("INVITE"), 200);
            alice.Run(5);
            Assert.True(alice.LastResponse.Status == 200, $"seed {seed}");
        }
    }

    [Fact]
    public void Receive_EveryMutationOfAnInvite_NeverThrows()
    {
        _bob.Register();
        _alice.Invite(Bob);
        var octets = _bob.Request("INVITE").ToArray();
        var entropy = new SeededEntropy(11);
        for (var i = 0; i < octets.Length; i++)
        {
            var mutated = octets.ToArray();
            mutated[i] = (byte)entropy.NextInt(256);
            _alice.Bench.Probe.Send(_alice.Bench.Path, DemoWorld.SipAddress, mutated);
            _alice.Bench.Probe.Send(_alice.Bench.Path, DemoWorld.SipAddress, octets.AsSpan(0, i));
        }

        _alice.Bench.Host.Settle();
        _alice.Run(120);
        Assert.Equal(0, _demo.Sip.Transactions);
    }

    /// <summary>A call set up; the Route line for what the caller sends in it.</summary>
    private string Connect()
    {
        _bob.Register();
        _alice.Invite(Bob);
        _bob.Respond(_bob.Request("INVITE"), 200);
        var ok = _alice.LastResponse;
        var route = $"Route: {ok.Headers.Get("Record-Route")}\r\n";
        _alice.Send("ACK", _bob.Contact, 2, "call", ok.Headers.Get("To")!, more: route);
        _alice.Run(0.3);
        return route;
    }
}
