using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>What a request from anybody is answered with (RFC 3261 §8.2).</summary>
public sealed class IntakeTests
{
    private readonly SipNet _net = new();
    private readonly SipNode _bob;
    private readonly Script _peer;

    public IntakeTests()
    {
        _bob = _net.Agent(Bob, new SipAgentOptions { Supported = ["ice"], UnsolicitedPerTenSeconds = 30, UserAgent = "Test/1" });
        _bob.Account("sip:bob@example.com");
        _peer = new Script(_net, Server) { From = Address.Parse($"{Bob}:5060") };
    }

    [Theory]
    [InlineData("SIP/2.0/UDP 192.0.2.15;;,;,,")]
    [InlineData("SIP/2.0/UDP 192.0.2.9:70000;branch=z9hG4bKport")]
    [InlineData("SIP/2.0/UDP [2001:db8::1;branch=z9hG4bKbracket")]
    [InlineData("nonsense")]
    [Rfc("4475", "3.1.2.1")]
    [Rfc("3261", "8.2.6.2")]
    public void Request_WithAViaThatCannotBeRead_Gets400WhereItCameFrom(string via)
    {
        var net = new SipNet();
        var bob = net.Agent(Bob);
        bob.Account("sip:bob@example.com");
        var peer = new Script(net, Server) { From = Address.Parse($"{Bob}:5060") };
        var request = peer.Make(SipMethod.Options, $"sip:bob@{Bob}", "z9hG4bKx", "<sip:bob@example.com>");
        var text = System.Text.Encoding.ASCII.GetString(request.ToArray()).Replace(request.Headers.Get(HeaderName.Via)!, via, StringComparison.Ordinal);
        peer.Send(text);
        net.Run(0.1);
        var refusal = Assert.Single(peer.Responses);
        Assert.Equal((400, "script"), (refusal.Status, refusal.Headers.CallId));
        Assert.Contains("Via", refusal.Reason);
    }

    [Fact]
    [Rfc("3261", "11.2", Line = "sip U1")]
    public void Options_IsAnsweredWithWhatWeCan()
    {
        var ok = Ask(Make(SipMethod.Options));
        Assert.Equal(200, ok.Status);
        Assert.Equal(["INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK", "UPDATE", "INFO", "REFER", "NOTIFY", "SUBSCRIBE", "MESSAGE"], ok.Headers.Allow);
        Assert.Equal("application/sdp, text/plain", ok.Headers.Get(HeaderName.Accept));
        Assert.Equal("ice, replaces, timer, 100rel, 199, norefersub", ok.Headers.Get(HeaderName.Supported));
        Assert.Equal("refer", ok.Headers.Get(HeaderName.AllowEvents));
        Assert.Equal("Test/1", ok.Headers.Get(HeaderName.Server));
    }

    [Theory]
    [InlineData("REGISTER", 405)]
    [InlineData("PUBLISH", 405)]
    [InlineData("FROBNICATE", 501)]
    [Rfc("3261", "8.2.1", Line = "sip U1")]
    public void Method_NotServed_IsRefusedWithAllow(string method, int status)
    {
        var refusal = Ask(Make(method));
        Assert.Equal(status, refusal.Status);
        Assert.True(refusal.Headers.Has(HeaderName.Allow));
    }

    [Fact]
    [Rfc("3261", "8.2.2.3", Line = "sip U2")]
    public void Require_Unknown_Gets420BeforeAnythingRings()
    {
        var invite = Make(SipMethod.Invite, sdp: "v=0");
        invite.Headers.Add(HeaderName.Require, "ice, 100rel, precondition, frobnicate");
        var refusal = Ask(invite);
        Assert.Equal(420, refusal.Status);
        Assert.Equal("precondition, frobnicate", refusal.Headers.Get(HeaderName.Unsupported));
        Assert.Equal(0, _bob.Count<SipEvent.Incoming>());
        var told = _bob.Last<SipEvent.CallRefused>();
        Assert.Equal(CallRefusal.Lacking, told.Why);
        Assert.Contains("RFC 3312", told.Demands, StringComparison.Ordinal);
        Assert.Contains("frobnicate", told.Demands, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("3261", "8.2.2.1", Line = "sip U3")]
    public void RequestUri_OfAnotherScheme_Gets416()
    {
        var request = Make(SipMethod.Options);
        request.RequestUri = Uri("http://example.com");
        Assert.Equal(416, Ask(request).Status);
    }

    [Fact]
    [Rfc("3261", "8.2.3", Line = "sip U3")]
    public void Body_OfAnUnknownType_Gets415WithAccept()
    {
        var invite = Make(SipMethod.Invite);
        invite.SetBody("application/frob", "x"u8.ToArray());
        var refusal = Ask(invite);
        Assert.Equal((415, "application/sdp"), (refusal.Status, refusal.Headers.Get(HeaderName.Accept)));
    }

    [Fact]
    [Rfc("3261", "8.2.3", Line = "sip M20")]
    public void Body_Encoded_Gets415WithAcceptEncoding()
    {
        var invite = Make(SipMethod.Invite, sdp: "v=0");
        invite.Headers.Add(HeaderName.ContentEncoding, "gzip");
        var refusal = Ask(invite);
        Assert.Equal((415, "identity"), (refusal.Status, refusal.Headers.Get(HeaderName.AcceptEncoding)));
    }

    [Fact]
    [Rfc("3261", "21.4.7", Line = "sip U3")]
    public void Accept_WithoutSdp_Gets406()
    {
        var invite = Make(SipMethod.Invite, sdp: "v=0");
        invite.Headers.Add(HeaderName.Accept, "text/html");
        Assert.Equal(406, Ask(invite).Status);
    }

    [Fact]
    [Rfc("3261", "8.2.2.2", Line = "sip U4")]
    public void Request_ArrivingByTwoWays_IsMerged()
    {
        Ask(Make(SipMethod.Invite, branch: "one", sdp: "v=0"));
        Assert.Equal(482, Ask(Make(SipMethod.Invite, branch: "two", sdp: "v=0")).Status);
        Assert.Equal(1, _bob.Count<SipEvent.Incoming>());
    }

    [Fact]
    [Rfc("3261", "8.1.1.6", Line = "sip U5")]
    public void MaxForwards_Zero_IsForUs()
    {
        var options = Make(SipMethod.Options);
        options.Headers.Set(HeaderName.MaxForwards, "0");
        Assert.Equal(200, Ask(options).Status);
    }

    [Theory]
    [InlineData(SipMethod.Bye)]
    [InlineData(SipMethod.Info)]
    [InlineData(SipMethod.Update)]
    [InlineData(SipMethod.Invite)]
    [InlineData(SipMethod.Options)]
    [Rfc("3261", "12.2.2", Line = "sip U10")]
    [Rfc("3261", "12.2.2", Line = "sip U11")]
    public void Request_OfAnUnknownDialog_Gets481(string method)
    {
        Assert.Equal(481, Ask(Make(method, to: "<sip:bob@example.com>;tag=gone")).Status);
        Assert.Empty(_bob.Events);
    }

    [Theory]
    [InlineData(SipMethod.Bye, 481)]
    [InlineData(SipMethod.Info, 481)]
    [InlineData(SipMethod.Notify, 481)]
    [InlineData(SipMethod.Refer, 403)]
    [InlineData(SipMethod.Subscribe, 489)]
    [Rfc("3261", "8.2", Line = "sip U11")]
    public void Request_OutsideADialogThatNeedsOne_OpensNothing(string method, int status)
    {
        Assert.Equal(status, Ask(Make(method)).Status);
        Assert.Empty(_bob.Events);
    }

    [Fact]
    [Rfc("3261", "12.2.2", Line = "sip U10")]
    public void Ack_OfNothing_IsMetWithSilence()
    {
        _peer.Send(Make(SipMethod.Ack));
        _peer.Send(Make(SipMethod.Ack, to: "<sip:bob@example.com>;tag=gone"));
        _net.Run(1);
        Assert.Empty(_peer.Responses);
    }

    [Theory]
    [InlineData("Call-ID")]
    [InlineData("CSeq")]
    [InlineData("From")]
    [InlineData("To")]
    [InlineData("Contact")]
    [Rfc("3261", "8.1.1", Line = "sip M8")]
    public void Invite_WithoutAMandatoryHeader_Gets400(string header)
    {
        var invite = Make(SipMethod.Invite, sdp: "v=0");
        invite.Headers.Remove(header);
        Assert.Equal(400, Ask(invite).Status);
        Assert.Empty(_bob.Events);
    }

    [Fact]
    [Rfc("3261", "26.3.2.4", Line = "sip U14")]
    public void Scanner_IsIgnoredAfterItsShare()
    {
        for (var i = 0; i < 200; i++) _peer.Send(_peer.Make(SipMethod.Options, $"sip:{i}@{Bob}", $"z9hG4bK{i}", "<sip:x@example.com>", callId: $"c{i}"));
        _net.Run(1);
        Assert.Equal(30, _peer.Responses.Count);
        _net.Run(10);
        Assert.Equal(200, Ask(Make(SipMethod.Options)).Status);
    }

    [Theory]
    [InlineData("Call-ID")]
    [InlineData("i")]
    [Rfc("3261", "26.1.5")]
    public void Flood_FromTheAddressOfAPeer_LetsItsDialogGoOn(string name)
    {
        AnswerCalls(_bob);
        _peer.Send(_peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bKcall", "<sip:bob@example.com>", callId: "thecall", sdp: "v=0"));
        _net.Run(0.1);
        var answer = _peer.Responses.Last(r => r.Status == 200);
        for (var i = 0; i < 500; i++) _peer.Send(_peer.Make(SipMethod.Options, $"sip:{i}@{Bob}", $"z9hG4bK{i}", "<sip:x@example.com>", callId: $"c{i}"));
        _net.Run(0.1);
        var bye = System.Text.Encoding.ASCII.GetString(_peer.Make(SipMethod.Bye, $"sip:bob@{Bob}", "z9hG4bKbye", answer.Headers.Get(HeaderName.To)!, callId: "thecall", cseq: 2).ToArray());
        _peer.Send(bye.Replace("Call-ID", name, StringComparison.Ordinal));
        _net.Run(0.1);
        Assert.Equal(1, _bob.Count<SipEvent.Ended>());
        Assert.Equal(200, _peer.Responses[^1].Status);
    }

    [Fact]
    [Rfc("3261", "26.3.2.4", Line = "sip U14")]
    public void Scanner_WithInventedTags_IsIgnoredAfterItsShareToo()
    {
        for (var i = 0; i < 200; i++) _peer.Send(_peer.Make(SipMethod.Bye, $"sip:{i}@{Bob}", $"z9hG4bK{i}", "<sip:x@example.com>;tag=no", callId: $"c{i}"));
        for (var i = 0; i < 200; i++) _peer.Send(_peer.Make(SipMethod.Cancel, $"sip:{i}@{Bob}", $"z9hG4bKc{i}", "<sip:x@example.com>", callId: $"d{i}"));
        _net.Run(1);
        Assert.Equal(30, _peer.Responses.Count);
    }

    [Fact]
    [Rfc("3261", "17", Line = "sip X14")]
    public void ServerTransactions_AboveTheBound_AreDropped()
    {
        var net = new SipNet();
        net.Agent(Bob, new SipAgentOptions { MaxServerTransactions = 10, UnsolicitedPerTenSeconds = 0 });
        var peer = new Script(net, Server) { From = Address.Parse($"{Bob}:5060") };
        for (var i = 0; i < 20; i++) peer.Send(peer.Make(SipMethod.Options, $"sip:bob@{Bob}", $"z9hG4bK{i}", "<sip:bob@example.com>", callId: $"c{i}"));
        net.Run(1);
        Assert.Equal(10, peer.Responses.Count);
        net.Run(33);
        peer.Send(peer.Make(SipMethod.Options, $"sip:bob@{Bob}", "z9hG4bKlate", "<sip:bob@example.com>", callId: "late"));
        net.Run(1);
        Assert.Equal(11, peer.Responses.Count);
    }

    [Fact]
    [Rfc("3325", "9")]
    public void AssertedIdentity_OfAServer_IsBelieved()
    {
        var net = new SipNet();
        var node = net.Agent(Bob);
        var registrar = new Script(net, Server);
        registrar.OnRequest = request => registrar.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.Get(HeaderName.Contact)!));
        node.Agent.Register(net.Now, node.Account($"sip:bob@{Server}"));
        net.Run(1);
        var invite = registrar.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bK2", "<sip:bob@example.com>", callId: "good", sdp: "v=0");
        invite.Headers.Add(HeaderName.PAssertedIdentity, "\"The Bank\" <sip:bank@example.com>");
        registrar.Send(invite);
        net.Run(1);
        var incoming = Assert.Single(node.Events.OfType<SipEvent.Incoming>());
        Assert.Equal("The Bank", incoming.AssertedIdentity!.DisplayName);
    }

    /// <summary>
    /// Who is called at an address of the machine, by whatever name, has no server: somebody at that very address has a share as every stranger has.
    /// A server of an account that has one is not counted.
    /// </summary>
    [Theory]
    [InlineData(true, 30)]
    [InlineData(false, 60)]
    public void Requests_FromTheAddressOfTheAccount_HaveAShareWhereItHasNoServer(bool isOfNobody, int answered)
    {
        var net = new SipNet();
        var bob = net.Agent(Bob, new SipAgentOptions { UnsolicitedPerTenSeconds = 30 });
        bob.Agent.AddAccount(new SipAccount { Aor = SipUri.Parse($"sip:anonymous@{Server.Split(':')[0]}"), TakesAnyUser = isOfNobody });
        var peer = new Script(net, Server) { From = Address.Parse($"{Bob}:5060") };
        for (var i = 0; i < 60; i++) peer.Send(peer.Make(SipMethod.Options, $"sip:bob@{Bob}", $"z9hG4bK{i}", "<sip:anonymous@example.com>", callId: $"c{i}"));
        net.Run(1);
        Assert.Equal(answered, peer.Responses.Count);
    }

    [Fact]
    public void Sessions_AboveTheBound_AreBusy()
    {
        var net = new SipNet();
        var node = net.Agent(Bob, new SipAgentOptions { MaxSessions = 2, UnsolicitedPerTenSeconds = 0 });
        var peer = new Script(net, Server) { From = Address.Parse($"{Bob}:5060") };
        for (var i = 0; i < 3; i++) peer.Send(peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", $"z9hG4bK{i}", "<sip:bob@example.com>", callId: $"c{i}", sdp: "v=0"));
        net.Run(0.1);
        Assert.Equal(2, node.Count<SipEvent.Incoming>());
        Assert.Equal(486, Assert.Single(peer.Responses).Status);
        Assert.Null(node.Last<SipEvent.Incoming>().Account);
        Assert.Equal((CallRefusal.Busy, 1L), (node.Last<SipEvent.CallRefused>().Why, node.Last<SipEvent.CallRefused>().Count));

        // The place of one that ends is free again, and so is the one that another takes over.
        node.Agent.Reject(net.Now, node.Last<SipEvent.Incoming>().Session, 603);
        peer.Send(peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bKnext", "<sip:bob@example.com>", callId: "next", sdp: "v=0"));
        net.Run(0.1);
        Assert.Equal(3, node.Count<SipEvent.Incoming>());
    }

    /// <summary>However many places one source, or a few, hold with calls that they do not acknowledge: another caller gets one.</summary>
    [Theory]
    [InlineData(1, 4, true)]
    [InlineData(1, 100, true)]
    [InlineData(3, 100, true)]
    [InlineData(2, 8, false)]
    [InlineData(40, 100, false)]
    public void Places_HeldByFewSources_AreNotDeniedToAnother(int sources, int places, bool isAnswered)
    {
        var net = new SipNet();
        var node = net.Agent(Bob, new SipAgentOptions { MaxSessions = places, UnsolicitedPerTenSeconds = 0 });
        var strangers = Enumerable.Range(0, sources).Select(i => new Script(net, $"192.0.2.{100 + i}:5060") { From = Address.Parse($"{Bob}:5060") }).ToArray();
        if (isAnswered) AnswerCalls(node);
        for (var i = 0; i < 3 * places; i++) Call(strangers[i % sources], $"c{i}");
        net.Run(0.1);
        Assert.Equal(places, node.Count<SipEvent.Incoming>());

        var honest = new Script(net, Server) { From = Address.Parse($"{Bob}:5060") };
        Call(honest, "honest");
        net.Run(0.1);
        Assert.Equal(places + 1, node.Count<SipEvent.Incoming>());
        Assert.Equal(isAnswered ? 200 : 0, honest.Responses.LastOrDefault()?.Status ?? 0);
        var ended = Assert.Single(node.Events.OfType<SipEvent.Ended>());
        Assert.Equal((EndCause.Error, 486), (ended.Cause, ended.Status));

        // The flood that goes on takes the place back from nobody.
        for (var i = 0; i < places; i++) Call(strangers[i % sources], $"d{i}");
        net.Run(0.1);
        Assert.DoesNotContain(node.Events.OfType<SipEvent.Ended>(), e => e.Session == node.Events.OfType<SipEvent.Incoming>().Last().Session);
        Assert.DoesNotContain(486, honest.Responses.Select(r => r.Status));

        static void Call(Script from, string id) =>
            from.Send(from.Make(SipMethod.Invite, $"sip:bob@{Bob}", $"z9hG4bK{id}", "<sip:bob@example.com>", callId: id, sdp: "v=0"));
    }

    [Theory]
    [InlineData("sip:bob@192.0.2.2", 1)]
    [InlineData("sip:carol@192.0.2.2", 2)]
    [InlineData("sip:bob@example.com", 1)]
    public void Invite_IsForTheAccountCalled(string target, int account)
    {
        _bob.Account("sip:carol@example.org");
        var invite = _peer.Make(SipMethod.Invite, target, "z9hG4bK1", "<sip:someone@example.net>", sdp: "v=0");
        _peer.Send(invite);
        _net.Run(0.1);
        Assert.Equal(account, _bob.Last<SipEvent.Incoming>().Account!.Value.Value);
    }

    [Fact]
    public void Trace_HoldsEveryMessageMasked()
    {
        Ask(Make(SipMethod.Options));
        var messages = _bob.Trace.Entries.OfType<SipTrace.Message>().ToList();
        Assert.Equal([false, true], messages.Select(m => m.IsSent));
        Assert.Equal("SIP/2.0 200 OK", messages[1].StartLine);
        Assert.Contains("Call-ID: script", messages[0].Text);
    }

    [Fact]
    public void Garbage_OfAnyKind_DoesNothing()
    {
        var chance = new SeededEntropy(9);
        var good = Make(SipMethod.Invite, sdp: "v=0").ToArray();
        for (var i = 0; i < 5000; i++)
        {
            var bytes = good.ToArray();
            for (var n = chance.NextInt(8); n >= 0; n--) bytes[chance.NextInt(bytes.Length)] = (byte)chance.NextInt(256);
            _bob.Agent.Receive(new Datagram(_net.Now, new PathId(1), _peer.At, bytes.AsSpan(0, chance.NextInt(bytes.Length))));
            _bob.Agent.Receive(new Datagram(_net.Now, new PathId(1), _peer.At, bytes));
        }

        _net.Run(100);
        Assert.InRange(_bob.Count<SipEvent.Incoming>(), 0, 60);
    }

    private SipRequest Make(string method, string branch = "b", string to = "<sip:bob@example.com>", string sdp = "") =>
        _peer.Make(method, $"sip:bob@{Bob}", "z9hG4bK" + branch, to, sdp: sdp);

    private SipResponse Ask(SipRequest request)
    {
        _peer.Send(request);
        _net.Run(0.3);
        return _peer.Responses[^1];
    }
}
