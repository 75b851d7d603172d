using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Lab.Tests;

/// <summary>Whom the lab's SIP server relays for, and where to: strangers reach its users only, users what its owner lets them, calls their parties.</summary>
public class SipServerAccessTests
{
    private const string Bob = "sip:bob@lab.test";

    private readonly DemoWorld _demo = new(new DemoOptions { NatA = NatBehavior.None, NatB = NatBehavior.None, Trace = new Trace() });
    private readonly SipHand _alice;
    private readonly SipHand _bob;
    private readonly Stranger _mallory;
    private readonly Stranger _victim;

    public SipServerAccessTests()
    {
        _alice = new SipHand(_demo, _demo.HostA, "alice");
        _bob = new SipHand(_demo, _demo.HostB, "bob");
        _mallory = new Stranger(_demo, "203.0.113.66");
        _victim = new Stranger(_demo, "203.0.113.77");
    }

    [Theory]
    [InlineData("sip:anyone@nowhere.example", "sip:victim@203.0.113.77:5060", "", "", 403)]
    [InlineData("sip:anyone@nowhere.example", "sip:victim@203.0.113.77:5060;transport=tcp", "", "", 403)]
    [InlineData("sip:anyone@nowhere.example", "sip:x@192.0.2.1", "", "Route: <sip:203.0.113.77:5060;lr>\r\n", 403)]
    [InlineData("sip:anyone@nowhere.example", "sip:bob@lab.test", "", "Route: <sip:203.0.113.5;lr>, <sip:203.0.113.77:5060;lr>\r\n", 403)]
    [InlineData("sip:alice@lab.test", "sip:victim@203.0.113.77:5060", ";tag=zzz", "", 407)]
    [InlineData("sip:alice@lab.test", "sip:victim@203.0.113.77:5060", "", "", 407)]
    [InlineData("sip:anyone@nowhere.example", "sip:victim@203.0.113.77:5060", ";tag=zzz", "", 481)]
    [Rfc("3261", "16.3")]
    [Rfc("3261", "26.3.2")]
    public void Stranger_NamesAForeignTarget_NothingGoesThere(string from, string target, string toTag, string more, int status)
    {
        foreach (var method in (string[])["INVITE", "MESSAGE", "OPTIONS", "SUBSCRIBE", "ACK"])
        {
            _mallory.Send(method, target, from, $"<{target}>{toTag}", method, more);
            _demo.World.RunUntil(_demo.World.Now + TimeSpan.FromSeconds(3));
        }

        Assert.Empty(_victim.Received);
        Assert.Equal([status, status, status, status], _mallory.Statuses);
        Assert.Equal(0, _demo.Sip.Transactions);
    }

    [Fact]
    [Rfc("3261", "16.5")]
    public void Stranger_CallsAUser_IsConnectedAndHangsUpWithinTheCall()
    {
        _bob.Register();
        _mallory.Send("INVITE", Bob, "sip:anyone@nowhere.example", $"<{Bob}>", "c");
        _bob.Run();
        _bob.Respond(_bob.Request("INVITE"), 200);
        Assert.Contains(200, _mallory.Statuses);
        _mallory.Send("BYE", _bob.Contact, "sip:anyone@nowhere.example", $"<{Bob}>;tag=tbob", "c", "Route: <sip:203.0.113.5:5060;lr>\r\n", cseq: 2);
        _bob.Run();
        Assert.True(_bob.Count("BYE") > 0);

        // The same call leads nowhere else.
        foreach (var (uri, route) in ((string, string)[])[("sip:victim@203.0.113.77:5060", ""), (_bob.Contact, "Route: <sip:203.0.113.5:5060;lr>, <sip:203.0.113.77;lr>\r\n")])
        {
            _mallory.Send("INFO", uri, "sip:anyone@nowhere.example", $"<{Bob}>;tag=tbob", "c", route, cseq: 3);
            _bob.Run();
            Assert.Equal(403, _mallory.Statuses[^1]);
        }

        Assert.Empty(_victim.Received);
    }

    [Fact]
    [Rfc("3261", "16.4")]
    public void Stranger_KnowsACall_CannotMoveAPartysWay()
    {
        _bob.Register();
        _alice.Register();
        _alice.Invite(Bob);
        _bob.Respond(_bob.Request("INVITE"), 200);
        // In the name of alice, from elsewhere, with her contact: what bob sends her must go on to her.
        _mallory.Send("INFO", _bob.Contact, "sip:alice@lab.test", $"<{Bob}>;tag=tbob", "call", $"Contact: <{_alice.Contact}>\r\n", cseq: 9);
        _bob.Run();
        _bob.Send("BYE", _alice.Contact, 1, "call", "<sip:alice@lab.test>;tag=f", fromTag: "tbob");
        _bob.Run();
        Assert.True(_alice.Count("BYE") > 0);
        Assert.DoesNotContain(_mallory.Received, r => r.StartsWith("BYE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sip:x@203.0.113.77:5060", 0)]
    [InlineData("sip:x@127.0.0.1:7998", 403)]
    [InlineData("sip:x@10.9.9.9:7998", 403)]
    [InlineData("sip:x@169.254.1.1", 403)]
    [InlineData("sip:x@[::1]:5060", 403)]
    [InlineData("sip:x@[::ffff:127.0.0.1]:5060", 403)]
    [InlineData("sip:x@203.0.113.5:3478", 403)]
    [InlineData("sip:x@255.255.255.255", 403)]
    [Rfc("3261", "26.3.2")]
    public void User_NamesAnAddress_GoesWhereTheOwnerLetsUsersGo(string target, int status)
    {
        _alice.Register();
        _alice.Invite(target);
        Assert.Equal(status == 0, _victim.Received.Any(r => r.StartsWith("INVITE", StringComparison.Ordinal)));
        if (status != 0) Assert.Equal(status, _alice.LastResponse.Status);
    }

    [Fact]
    [Rfc("7616", "3.4")]
    public void Register_OverheardAndSentAgain_BindsNothing()
    {
        _alice.Register();
        var seen = _alice.Sent.Last(t => t.Contains("Authorization", StringComparison.Ordinal));
        _mallory.SendRaw(seen.Replace(_alice.Contact, "sip:alice@203.0.113.66:5060", StringComparison.Ordinal)
            .Replace("branch=", "branch=z9hG4bKother", StringComparison.Ordinal).Replace("Call-ID: reg", "Call-ID: other", StringComparison.Ordinal));
        _alice.Run();
        Assert.Equal([401], _mallory.Statuses);
        Assert.Equal([_alice.Contact], _demo.Sip.ContactsOf("alice"));
    }

    [Fact]
    [Rfc("3261", "26.1.5")]
    public void Flood_FromOneSource_LeavesRoomForOthers()
    {
        _bob.Register();
        for (var i = 0; i < 3000; i++)
        {
            _mallory.Send("INVITE", i % 2 == 0 ? Bob : "sip:x@203.0.113.77", "sip:a@nowhere.example", $"<{Bob}>", $"flood{i}");
            if (i % 50 == 49) _demo.World.RunUntil(_demo.World.Now + TimeSpan.FromMilliseconds(20));
        }

        Assert.True(_demo.Sip.Transactions <= 520, $"{_demo.Sip.Transactions} transactions");
        Assert.Equal(200, _alice.Register().Status);
        _alice.Invite(Bob, callId: "honest");
        Assert.Contains(_bob.Requests, r => r.Method == "INVITE" && r.Headers.CallId == "honest");
    }

    [Fact]
    [Rfc("3261", "16.11")]
    public void Server_StartedAnew_AsksAUserInACallForCredentialsAndGoesOn()
    {
        _bob.Register();
        _alice.Invite("sip:bob@lab.test", callId: "other");
        _bob.Send("BYE", _alice.Contact, 1, "unknown", "<sip:alice@lab.test>;tag=f", fromTag: "tbob");
        _bob.Run();
        Assert.Equal(407, _bob.LastResponse.Status);
        _alice.Register();
        _bob.Send("BYE", _alice.Contact, 2, "unknown", "<sip:alice@lab.test>;tag=f", fromTag: "tbob",
            more: _bob.Authorization("Proxy-Authorization", "BYE", _alice.Contact, _bob.LastResponse));
        _bob.Run();
        Assert.True(_alice.Count("BYE") > 0);
    }

    /// <summary>One party began the call anew with a server that has forgotten it; the other names a contact that was never heard in it.</summary>
    [Theory]
    [InlineData("sip:desk@198.51.100.66:{0}", true)]
    [InlineData("sip:bob@203.0.113.77:5060", false)]
    [Rfc("3261", "16.5")]
    public void Server_StartedAnew_APartyMayReachWhatItsUserMay_WithCredentials(string contact, bool isBob)
    {
        _bob.Register();
        _alice.Register();
        var target = string.Format(System.Globalization.CultureInfo.InvariantCulture, contact, _bob.Local.Port);
        _bob.Send("INFO", _alice.Contact, 1, "forgotten", "<sip:alice@lab.test>;tag=f", fromTag: "tbob", more: $"Contact: <{_bob.Contact}>\r\n");
        _bob.Run();
        _bob.Send("INFO", _alice.Contact, 2, "forgotten", "<sip:alice@lab.test>;tag=f", fromTag: "tbob",
            more: $"Contact: <{_bob.Contact}>\r\n{_bob.Authorization("Proxy-Authorization", "INFO", _alice.Contact, _bob.LastResponse)}");
        _bob.Run();
        Assert.True(_alice.Count("INFO") > 0);

        _alice.Send("BYE", target, 7, "forgotten", "<sip:bob@lab.test>;tag=tbob");
        _alice.Run();
        Assert.Equal(407, _alice.LastResponse.Status);
        _alice.Send("BYE", target, 8, "forgotten", "<sip:bob@lab.test>;tag=tbob", more: _alice.Authorization("Proxy-Authorization", "BYE", target, _alice.LastResponse));
        _alice.Run();
        Assert.Equal(isBob, _bob.Count("BYE") > 0);
        Assert.Equal(!isBob, _victim.Received.Any(r => r.StartsWith("BYE", StringComparison.Ordinal)));
    }

    /// <summary>A host in the internet that has no account.</summary>
    private sealed class Stranger
    {
        private readonly Bench _bench;
        private int _sent;

        public Stranger(DemoWorld demo, string ip) =>
            _bench = Bench.On(demo.World.AddHost(ip, demo.World.Public, IpAddress.Parse(ip)), 5060, Transport.Udp);

        public IEnumerable<string> Received => _bench.Probe.Received.Select(r => r.Text);

        public List<int> Statuses => [.. Received.Where(t => t.StartsWith("SIP/2.0", StringComparison.Ordinal)).Select(t => int.Parse(t.AsSpan(8, 3), null)).Where(s => s >= 200)];

        public void SendRaw(string text) => _bench.Send(DemoWorld.SipAddress, text);

        public void Send(string method, string uri, string from, string to, string callId, string more = "", int cseq = 1) => SendRaw(
            $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {_bench.Bound};branch=z9hG4bKm{++_sent};rport\r\nMax-Forwards: 70\r\nFrom: <{from}>;tag=m\r\nTo: {to}\r\n"
            + $"Call-ID: {callId}\r\nCSeq: {cseq} {method}\r\n{(more.Contains("Contact", StringComparison.Ordinal) ? "" : $"Contact: <sip:m@{_bench.Bound}>\r\n")}{more}Content-Length: 0\r\n\r\n");
    }
}
