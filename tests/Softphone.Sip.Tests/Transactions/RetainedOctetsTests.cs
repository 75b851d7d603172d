using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>What strangers send is kept within a bound of octets, and not kept longer than it is of use.</summary>
public sealed class RetainedOctetsTests
{
    private readonly SipNet _net = new();
    private readonly OctetLedger _ledger = new(8 << 20);
    private readonly SipNode _bob;
    private readonly Script _peer;

    public RetainedOctetsTests()
    {
        _bob = _net.Agent(Bob, new SipAgentOptions { UnsolicitedPerTenSeconds = 0, UdpKeepalive = TimeSpan.Zero, Ledger = _ledger });
        _bob.Account("sip:bob@example.com");
        _peer = new Script(_net, Server) { From = Address.Parse($"{Bob}:5060") };
    }

    private long Held => _ledger.HeldBy(OctetUse.Transactions);

    private long Share => _ledger.ShareOf(OctetUse.Transactions);

    /// <summary>The large part is a header nobody reads, the body, a header that goes into the answer, and the Request-URI.</summary>
    [Theory]
    [InlineData("X-Filler")]
    [InlineData("Subject")]
    [InlineData("body")]
    public void Options_Large_KeepOnlyWhatTheirAnswerNeeds(string where)
    {
        for (var i = 0; i < 500; i++) Send(SipMethod.Options, i, where, 50_000);
        _net.Run(1);
        Assert.Equal(500, _peer.Responses.Count(r => r.Status == 200));
        Assert.InRange(Held, 1, 500 * 6_000);
        _net.Run(40);
        Assert.Equal(0, Held);
    }

    /// <summary>What the answer repeats is kept with it: there the oldest go.</summary>
    [Theory]
    [InlineData("Via")]
    [InlineData("From")]
    [InlineData("uri")]
    public void Options_LargeWhereTheAnswerIs_OldestGoWithinTheShare(string where)
    {
        for (var i = 0; i < 500; i++)
        {
            Send(SipMethod.Options, i, where, 50_000);
            _net.Run(0.001);
            Assert.InRange(Held, 0, Share);
        }

        _net.Run(1);
        Assert.Equal(500, _peer.Responses.Count(r => r.Status is 200 or 404 or 400));
        _net.Run(40);
        Assert.Equal(0, Held);
    }

    /// <summary>Nobody answers them, so none may go: the next one is refused, and once they are answered there is room again.</summary>
    [Fact]
    [Rfc("3261", "21.5.4")]
    public void Invites_ThatFillTheShare_AreFollowedBy503()
    {
        for (var i = 0; i < 60; i++)
        {
            Send(SipMethod.Invite, i, "X-Filler", 50_000);
            _net.Run(0.01);
            Assert.InRange(Held, 0, Share);
        }

        var taken = _bob.Count<SipEvent.Incoming>();
        Assert.InRange(taken, 8, 40);
        Assert.Equal(60 - taken, _peer.Responses.Count(r => r.Status == 503));
        foreach (var incoming in _bob.Events.OfType<SipEvent.Incoming>().ToList()) _bob.Agent.Reject(_net.Now, incoming.Session, 486);
        _bob.Drain();
        Send(SipMethod.Invite, 100, "X-Filler", 50_000);
        _net.Run(0.1);
        Assert.Equal(taken + 1, _bob.Count<SipEvent.Incoming>());
    }

    [Fact]
    public void Streams_WithBeginningsOfMessages_HoldNoMoreThanTheirShare()
    {
        var net = new SipNet();
        var ledger = new OctetLedger(4 << 20);
        var bob = net.Agent(Bob, new SipAgentOptions { UnsolicitedPerTenSeconds = 0, StreamKeepalive = TimeSpan.Zero, Ledger = ledger }, tcp: true);
        var path = bob.Add(Transport.Tcp, 5070);
        var head = System.Text.Encoding.ASCII.GetBytes($"OPTIONS sip:bob@{Bob} SIP/2.0\r\nVia: SIP/2.0/TCP x;branch=z9hG4bK1\r\nContent-Length: 900000\r\n\r\n");
        var body = new byte[500_000];
        for (var i = 0; i < 100; i++)
        {
            var remote = new Address(IpAddress.Parse("203.0.113.9"), (ushort)(20_000 + i));
            bob.Agent.Receive(new Datagram(net.Now, path, remote, head));
            bob.Agent.Receive(new Datagram(net.Now, path, remote, body));
            Assert.InRange(ledger.HeldBy(OctetUse.Streams), 0, ledger.ShareOf(OctetUse.Streams));
        }

        bob.Remove(path);
        Assert.Equal(0, ledger.HeldBy(OctetUse.Streams));
    }

    private void Send(string method, int number, string where, int length)
    {
        // A header takes 8 KiB at most, so that what is longer comes in several.
        var filler = new string('a', Math.Min(length, 7_000));
        var request = _peer.Make(method, where == "uri" ? $"sip:bob@{Bob};x={filler}" : $"sip:bob@{Bob}", $"z9hG4bK{number}", "<sip:bob@example.com>", sdp: method == SipMethod.Invite ? "v=0" : "");
        request.Headers.Set(HeaderName.CallId, $"call{number}");
        if (where == "body") request.SetBody("text/plain", new byte[length]);
        else if (where == "Via" && request.Headers.TryVia(out var via)) request.Headers.SetTopVia(Softphone.Sip.Via.TryParse($"{via};x={filler}", out var longer, out _) ? longer : via);
        else if (where == "From") request.Headers.Set(HeaderName.From, $"{request.Headers.Get(HeaderName.From)};x={filler}");
        else if (where != "uri")
            for (var left = length; left > 0; left -= filler.Length) request.Headers.Add(where, filler);
        _peer.Send(request);
    }
}
