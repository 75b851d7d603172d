using Softphone.Core;

namespace Softphone.Lab.Tests;

public class SipRegistrarTests
{
    private readonly DemoWorld _demo = new(new DemoOptions { Trace = new Trace() });
    private readonly SipHand _alice;

    public SipRegistrarTests() => _alice = new SipHand(_demo, _demo.HostA, "alice");

    [Fact]
    [Rfc("3261", "10.3")]
    [Rfc("3581", "4", Line = "sip T3")]
    public void Register_FromBehindANat_IsChallengedThenBound()
    {
        var ok = _alice.Register();
        Assert.Equal([401, 200], _alice.Responses.Select(r => r.Status));
        Assert.Contains("expires=600", ok.Headers.Get("Contact"));
        Assert.True(ok.Headers.TryVia(out var via));
        Assert.Equal(("203.0.113.101", true), (via.Received, via.Rport > 0));
        Assert.Equal([_alice.Contact], _demo.Sip.ContactsOf("alice"));
        Assert.Contains(_demo.World.Trace.Entries, e => e is SipServerTrace.Bound { User: "alice" });
    }

    [Theory]
    [InlineData("nobody", null, 401)]
    [InlineData("alice", "wrong", 401)]
    [Rfc("3261", "22.2")]
    public void Register_WrongUserOrPassword_IsChallengedAgain(string user, string? password, int status)
    {
        var hand = new SipHand(_demo, _demo.HostB, user);
        Assert.Equal(status, hand.Register(password: password ?? "x").Status);
        Assert.Equal(0, _demo.Sip.Bindings);
    }

    [Fact]
    [Rfc("3261", "10.3")]
    public void Register_AnotherUsersAddress_IsForbidden()
    {
        _alice.Send("REGISTER", "sip:lab.test", 1, "x", "<sip:bob@lab.test>", more: $"Contact: <{_alice.Contact}>\r\n");
        _alice.Run();
        var authorization = _alice.Authorization("Authorization", "REGISTER", "sip:lab.test", _alice.LastResponse);
        _alice.Send("REGISTER", "sip:lab.test", 2, "x", "<sip:bob@lab.test>", more: $"Contact: <{_alice.Contact}>\r\n{authorization}");
        _alice.Run();
        Assert.Equal(403, _alice.LastResponse.Status);
    }

    /// <summary>A server that keeps its bindings in a data base knows after a restart who is reached by datagrams, until when; it has no connection any more.</summary>
    [Theory]
    [InlineData(Transport.Udp, true, 3, true)]
    [InlineData(Transport.Udp, true, 0, true)]
    [InlineData(Transport.Udp, true, 130, false)]
    [InlineData(Transport.Udp, false, 3, false)]
    [InlineData(Transport.Tcp, true, 3, false)]
    [Rfc("5626", "6")]
    public void Restart_WithOrWithoutMemory_KnowsWhoWasRegistered(Transport transport, bool remembers, double outage, bool knows)
    {
        var hand = new SipHand(_demo, _demo.HostB, "bob", transport);
        hand.Register(expires: 120);
        _demo.RestartSip(TimeSpan.FromSeconds(outage), remembers);
        hand.Run(outage + 1);
        Assert.Equal(knows ? [hand.Contact] : [], _demo.Sip.ContactsOf("bob"));
        hand.Run(130);
        Assert.Equal((0, null), (_demo.Sip.Bindings, _demo.Sip.NextTimeout));
    }

    [Fact]
    [Rfc("3261", "10.3")]
    public void Binding_NotRefreshed_Expires()
    {
        _alice.Register(expires: 120);
        _alice.Run(110);
        Assert.Equal(1, _demo.Sip.Bindings);
        _alice.Run(15);
        Assert.Equal(0, _demo.Sip.Bindings);
        Assert.Null(_demo.Sip.NextTimeout);
        Assert.Contains(_demo.World.Trace.Entries, e => e is SipServerTrace.Unbound { Why: "expired" });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("3261", "10.2.2", Line = "sip R2")]
    public void Register_ExpiresZero_Unbinds(bool star)
    {
        _alice.Register();
        var ok = _alice.Register(expires: 0, contact: star ? "*" : null, cseq: 3);
        Assert.Equal(200, ok.Status);
        Assert.False(ok.Headers.Has("Contact"));
        Assert.Equal(0, _demo.Sip.Bindings);
    }

    [Fact]
    [Rfc("3261", "10.3")]
    public void Register_StarWithExpiry_IsBad() => Assert.Equal(400, _alice.Register(contact: "*").Status);

    [Fact]
    [Rfc("3261", "10.2.8", Line = "sip R3")]
    public void Register_TooBrief_IsToldTheMinimum()
    {
        var response = _alice.Register(expires: 10);
        Assert.Equal((423, 60u), (response.Status, response.Headers.MinExpires));
        Assert.Equal(0, _demo.Sip.Bindings);
    }

    [Fact]
    [Rfc("3261", "10.2.8", Line = "sip R1")]
    public void Register_TooLong_IsGrantedTheMaximum() => Assert.Contains("expires=3600", _alice.Register(expires: 86_400).Headers.Get("Contact"));

    [Fact]
    [Rfc("3261", "10.3")]
    public void Register_OlderCSeqOfTheSameCall_IsRefused()
    {
        _alice.Register(cseq: 10);
        Assert.Equal(500, _alice.Register(cseq: 5).Status);
    }

    [Fact]
    [Rfc("5626", "6", Line = "sip R8")]
    public void Register_SameInstanceNewContact_ReplacesItsBinding()
    {
        const string Instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000001>\";reg-id=1";
        var first = _alice.Register(contact: $"<sip:alice@10.0.1.2:5060>{Instance}", more: "Supported: outbound, path\r\n");
        Assert.Equal("outbound", first.Headers.Get("Require"));
        _alice.Register(contact: $"<sip:alice@10.0.1.2:5070>{Instance}", cseq: 3);
        Assert.Equal(["sip:alice@10.0.1.2:5070"], _demo.Sip.ContactsOf("alice"));
    }

    [Fact]
    [Rfc("3261", "17.2.2", Line = "sip X9")]
    public void Register_Repeated_GetsTheSameAnswerOnce()
    {
        var answer = _alice.Register();
        _alice.SendRaw(_alice.Sent[^1]);
        _alice.Run();
        Assert.Equal(3, _alice.Responses.Count());
        Assert.Equal(answer.ToString(), _alice.LastResponse.ToString());
        Assert.Equal(answer.Headers.Get("To"), _alice.LastResponse.Headers.Get("To"));
        Assert.Equal(2, _demo.Sip.Requests);
        _alice.Run(40);
        Assert.Equal(0, _demo.Sip.Transactions);
    }

    [Fact]
    [Rfc("5626", "4.4.1", Line = "sip T11")]
    public void Keepalives_OnTcpAndUdp_AreAnsweredAsTheyShould()
    {
        var tcp = new SipHand(_demo, _demo.HostB, "bob", Transport.Tcp);
        tcp.SendRaw("\r\n\r\n");
        tcp.Run();
        Assert.Equal("\r\n", tcp.Bench.Probe.Received[0].Text);
        _alice.SendRaw("\r\n\r\n");
        _alice.Run();
        Assert.Empty(_alice.Bench.Probe.Received);
        Assert.Equal(0, _demo.Sip.Dropped);
    }

    [Fact]
    [Rfc("5626", "4.4.2", Line = "sip T12")]
    public void StunKeepalive_OnTheSipPort_ShowsTheMapping()
    {
        var buffer = new byte[64];
        var writer = new Nat.StunWriter(buffer, Nat.StunClass.Request, Nat.StunMethod.Binding, Nat.TransactionId.Next(new SeededEntropy(1)));
        _alice.Bench.Probe.Send(_alice.Bench.Path, DemoWorld.SipAddress, writer.Written);
        _alice.Bench.Host.Settle();
        _alice.Run();
        var answer = System.Text.Encoding.Latin1.GetBytes(_alice.Bench.Probe.Received[0].Text);
        Assert.True(Nat.StunReader.TryParse(answer, out var reader, out _));
        Assert.True(reader.TryGetAddress(Nat.StunAttributeType.XorMappedAddress, out var mapped));
        Assert.Equal("203.0.113.101", mapped.Ip.ToString());
    }

    [Fact]
    [Rfc("5626", "6", Line = "sip T9")]
    public void TcpConnection_Ended_UnbindsWhatItRegistered()
    {
        var tcp = new SipHand(_demo, _demo.HostB, "bob", Transport.Tcp);
        tcp.Register();
        Assert.Equal(1, _demo.Sip.Bindings);
        tcp.Bench.Host.Close(tcp.Bench.Path);
        tcp.Run();
        Assert.Equal(0, _demo.Sip.Bindings);
    }

    [Fact]
    [Rfc("3261", "11")]
    public void Options_ToTheServer_IsAnswered()
    {
        _alice.Send("OPTIONS", "sip:lab.test", 1, "o", "<sip:lab.test>");
        _alice.Run();
        Assert.Equal(200, _alice.LastResponse.Status);
        Assert.Contains("INVITE", _alice.LastResponse.Headers.Get("Allow"));
    }
}
