using System.Text;
using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>MESSAGE as pager mode (RFC 3428): who may write, what is taken, and how what we write goes out.</summary>
public sealed class TextTests
{
    private const string Stranger = "203.0.113.66:5066";

    private readonly SipNet _net = new();
    private readonly SipNode _bob;
    private readonly Script _server;
    private readonly AccountId _account;
    private int _sent;

    public TextTests()
    {
        _bob = _net.Agent(Bob, tcp: true);
        _server = new Script(_net, Server);
        _server.OnRequest = request =>
        {
            if (request.Method == SipMethod.Register) _server.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.GetList(HeaderName.Contact)[^1]));
        };
        _account = _bob.Account($"sip:bob@{Server.Split(':')[0]}", password: "s3cret");
        _bob.Agent.Register(_net.Now, _account);
        _net.Run(1);
    }

    [Theory]
    [InlineData("text/plain", "hello")]
    [InlineData("text/plain;charset=UTF-8", "grüße 👋")]
    [InlineData("TEXT/Plain; charset=\"utf-8\"", "two\r\nlines")]
    [InlineData("text/plain;charset=us-ascii", "plain")]
    [Rfc("3428", "7")]
    public void Message_OfTheServer_IsTakenAndAnsweredWithoutBodyAndContact(string type, string text)
    {
        var answer = Ask(_server, type, Encoding.UTF8.GetBytes(text));
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Body.IsEmpty);
        Assert.False(answer.Headers.Has(HeaderName.Contact));
        Assert.Equal((_account, text), (_bob.Last<SipEvent.TextReceived>().Account, _bob.Last<SipEvent.TextReceived>().Text));
    }

    [Fact]
    [Rfc("3428", "7")]
    public void Message_InLatin1_IsReadAsSuch()
    {
        Assert.Equal(200, Ask(_server, "text/plain;charset=iso-8859-1", [0x67, 0x72, 0xFC, 0xDF]).Status);
        Assert.Equal("grüß", _bob.Last<SipEvent.TextReceived>().Text);
    }

    [Theory]
    [InlineData("text/html", "<b>x</b>")]
    [InlineData("message/cpim", "From: <im:a@b>\r\n\r\nx")]
    [InlineData("application/im-iscomposing+xml", "<isComposing/>")]
    [InlineData("text/plain;charset=utf-16", "x")]
    [InlineData("application/octet-stream", "x")]
    [Rfc("3428", "7")]
    [Rfc("3261", "21.4.13")]
    public void Message_OfAnotherType_Is415WithWhatIsTaken(string type, string text)
    {
        var answer = Ask(_server, type, Encoding.UTF8.GetBytes(text));
        Assert.Equal((415, "text/plain"), (answer.Status, answer.Headers.Get(HeaderName.Accept)));
        Assert.Equal(0, _bob.Count<SipEvent.TextReceived>());
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0x61, 0xFF })]
    [Rfc("3261", "21.4.13")]
    public void Message_ThatIsNoUtf8_Is415(byte[] body) => Assert.Equal(415, Ask(_server, "text/plain", body).Status);

    [Fact]
    [Rfc("3261", "8.2.3")]
    public void Message_ThatIsCompressed_Is415WithTheEncodingThatIsTaken()
    {
        var answer = Ask(_server, "text/plain", [1, 2], headers: (HeaderName.ContentEncoding, "gzip"));
        Assert.Equal((415, "identity"), (answer.Status, answer.Headers.Get(HeaderName.AcceptEncoding)));
    }

    [Fact]
    [Rfc("3261", "21.5.7")]
    public void Message_ThatIsTooLong_Is513()
    {
        Assert.Equal(200, Ask(_server, "text/plain", new byte[TextBody.MostOctets].Select(_ => (byte)'a').ToArray()).Status);
        Assert.Equal(513, Ask(_server, "text/plain", new byte[TextBody.MostOctets + 1]).Status);
    }

    [Theory]
    [InlineData("sip:bob@192.0.2.2")]
    [InlineData("sip:bob@192.0.2.9")]
    [InlineData(null)]
    [Rfc("3261", "8.2.2.1")]
    public void Message_PastTheServers_IsNotFoundAndNotShown(string? target)
    {
        // Even by the Contact that only the registrar knows: a call from there rings, for a person decides about it. A text is read at once.
        var stranger = new Script(_net, Stranger) { From = Address.Parse($"{Bob}:5060") };
        Assert.Equal(404, Ask(stranger, "text/plain", "buy"u8.ToArray(), target ?? _bob.Last<SipEvent.Registered>().Contact.ToString()).Status);
        Assert.Equal(0, _bob.Count<SipEvent.TextReceived>());
    }

    [Fact]
    public void Message_ToAnAccountThatIsOpen_ComesFromWhoeverReachesIt()
    {
        var net = new SipNet();
        var bob = net.Agent(Bob);
        bob.Account("sip:bob@example.com", registrar: $"sip:{Server}", callsFrom: CallsFrom.Anyone);
        var stranger = new Script(net, Stranger) { From = Address.Parse($"{Bob}:5060") };
        stranger.Send(Text(stranger, "text/plain", "hi"u8.ToArray(), $"sip:bob@{Bob}"));
        net.Run(0.1);
        Assert.Equal((200, "hi"), (stranger.Responses[^1].Status, bob.Last<SipEvent.TextReceived>().Text));
    }

    [Fact]
    public void Message_ToNobodyHere_Is404() => Assert.Equal(404, Ask(_server, "text/plain", "x"u8.ToArray(), $"sip:carol@{Bob}").Status);

    [Fact]
    [Rfc("3261", "17.2.2")]
    public void Message_ThatIsRepeated_IsShownOnceAndAnsweredAgain()
    {
        var text = Text(_server, "text/plain", "once"u8.ToArray(), $"sip:bob@{Bob}");
        for (var i = 0; i < 3; i++) _server.Send(text);
        _net.Run(1);
        Assert.Equal([200, 200, 200], _server.Responses.Select(r => r.Status));
        Assert.Equal(1, _bob.Count<SipEvent.TextReceived>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Flood_OfOneSender_IsToldToWait_AndOthersStillArrive(int senders)
    {
        for (var i = 0; i < 60; i++) _server.Send(Text(_server, "text/plain", "spam"u8.ToArray(), $"sip:bob@{Bob}", $"<sip:spam{i % senders}@example.com>;tag=s"));
        _net.Run(0.1);
        var refused = _server.Responses.Where(r => r.Status == 480).ToList();
        Assert.Equal(senders == 1 ? 60 - TextRate.Burst : 0, refused.Count);
        Assert.All(refused, r => Assert.Equal(10u, r.Headers.RetryAfter));
        Assert.Equal(senders == 1 ? 1 : 0, _bob.Count<SipEvent.TextsRefused>());
        Assert.Equal(200, Ask(_server, "text/plain", "hello"u8.ToArray(), from: "<sip:friend@example.com>;tag=f").Status);
        _net.Run(30);
        Assert.Equal(200, Ask(_server, "text/plain", "again"u8.ToArray(), from: "<sip:spam0@example.com>;tag=s").Status);
    }

    [Fact]
    [Rfc("3428", "7")]
    public void Message_WithinACall_IsTakenFromTheServerAlone()
    {
        AnswerCalls(_bob);
        _server.Send(_server.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bKcall", "<sip:bob@192.0.2.9>", callId: "talk", sdp: "v=0"));
        _net.Run(0.1);
        _server.Responses[^1].Headers.TryTo(out var to);
        Assert.Equal(200, Ask(_server, "text/plain", "inside"u8.ToArray(), to: to!.ToString(), callId: "talk", cseq: 2).Status);
        Assert.Equal("inside", _bob.Last<SipEvent.TextReceived>().Text);

        // A peer beside the server does not end the call either, as a 404 would.
        var peer = new Script(_net, Stranger) { From = Address.Parse($"{Bob}:5060") };
        Assert.Equal(403, Ask(peer, "text/plain", "past"u8.ToArray(), to: to.ToString(), callId: "talk", cseq: 3).Status);
        Assert.Equal(1, _bob.Count<SipEvent.TextReceived>());
        Assert.Equal(0, _bob.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("3428", "9")]
    [Rfc("3261", "11.2", Line = "sip U1")]
    public void Abilities_ListTheMethodAndItsType()
    {
        _server.Send(_server.Make(SipMethod.Options, $"sip:bob@{Bob}", "z9hG4bKo", $"<sip:bob@{Bob}>", callId: "o"));
        _net.Run(0.1);
        Assert.Contains("MESSAGE", _server.Responses[^1].Headers.GetList("Allow"));
        Assert.Contains("text/plain", _server.Responses[^1].Headers.GetList(HeaderName.Accept));
    }

    [Theory]
    [InlineData("hello", 200)]
    [InlineData("zwölf Boxkämpfer", 202)]
    [Rfc("3428", "4")]
    public void Ours_GoesWithoutContact_AndTellsWhatBecameOfIt(string text, int status)
    {
        Answering(_ => status);
        var id = _bob.Agent.Text(_net.Now, _account, Uri("sip:carol@192.0.2.9"), text);
        _net.Run(1);
        var sent = _server.Last(SipMethod.Message);
        Assert.False(sent.Headers.Has(HeaderName.Contact));
        Assert.Equal(("text/plain", text), (sent.Headers.ContentType?.Essence, Encoding.UTF8.GetString(sent.Body.Span)));
        Assert.True(sent.Headers.TryTo(out var to) && to.Tag is null);
        Assert.Equal((id, status, (Fault?)null), (_bob.Last<SipEvent.RequestCompleted>().Request, _bob.Last<SipEvent.RequestCompleted>().Status, _bob.Last<SipEvent.RequestCompleted>().Fault));
    }

    [Fact]
    [Rfc("3261", "22.3")]
    public void Ours_AnswersAChallengeOfItsOwnServer()
    {
        _server.OnRequest = request =>
        {
            if (request.Headers.Has(HeaderName.ProxyAuthorization)) _server.Answer(request, 200);
            else _server.Answer(request, 407, headers: (HeaderName.ProxyAuthenticate, "Digest realm=\"example\", nonce=\"n\", algorithm=MD5, qop=\"auth\""));
        };
        _bob.Agent.Text(_net.Now, _account, Uri("sip:carol@192.0.2.9"), "hello");
        _net.Run(1);
        Assert.Equal(2, _server.Count(SipMethod.Message));
        Assert.Equal(200, _bob.Last<SipEvent.RequestCompleted>().Status);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(407)]
    [Rfc("3261", "22.1", Line = "sip A6")]
    public void Ours_ToSomebodyElsesHost_CarriesNoCredentials_WhateverIsAsked(int status)
    {
        var peer = new Script(_net, Stranger);
        peer.OnRequest = request => peer.Answer(request, status, headers: (status == 401 ? HeaderName.WwwAuthenticate : HeaderName.ProxyAuthenticate, "Digest realm=\"example\", nonce=\"n\", algorithm=MD5, qop=\"auth\""));
        _bob.Agent.Text(_net.Now, _account, Uri($"sip:eve@{Stranger}"), "hello");
        _net.Run(1);
        Assert.All(peer.Requests, r => Assert.False(r.Headers.Has(HeaderName.Authorization) || r.Headers.Has(HeaderName.ProxyAuthorization)));
        Assert.NotNull(_bob.Last<SipEvent.RequestCompleted>().Fault);
    }

    [Theory]
    [InlineData(1200)]
    [InlineData(TextBody.MostOctets)]
    [Rfc("3428", "8")]
    [Rfc("3261", "18.1.1")]
    public void Ours_ThatIsTooLongForADatagram_GoesByTcp(int octets)
    {
        var stream = new Script(_net, Server, isStream: true);
        stream.OnRequest = request => stream.Answer(request, 200);
        _bob.Agent.Text(_net.Now, _account, Uri("sip:carol@192.0.2.9"), new string('a', octets));
        _net.Run(1);
        Assert.Equal((0, 1), (_server.Count(SipMethod.Message), stream.Count(SipMethod.Message)));
        Assert.Equal(200, _bob.Last<SipEvent.RequestCompleted>().Status);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [Rfc("3428", "8")]
    public void Ours_ThatIsTooLongAndFindsNoTcp_IsRefusedAndNeverSentByUdp(bool hasTcp, bool isSilent)
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, tcp: hasTcp);
        var server = new Script(net, Server);
        if (isSilent) net.IsBlackHole = at => at.Port == 5060 && at.Ip == IpAddress.Parse("192.0.2.9");
        var account = alice.Account("sip:alice@192.0.2.9");
        alice.Agent.Text(net.Now, account, Uri("sip:carol@192.0.2.9"), new string('a', 1300));
        net.Run(40);
        Assert.Equal(0, server.Count(SipMethod.Message));
        var done = alice.Last<SipEvent.RequestCompleted>();
        Assert.Equal(513, done.Status);
        Assert.Contains("more than may go by UDP (1300)", done.Fault!.What, StringComparison.Ordinal);
        Assert.DoesNotContain(net.Ladder, m => !m.IsStream && m.Message is SipRequest { Method: SipMethod.Message });
    }

    [Fact]
    [Rfc("3261", "17.1.2.2")]
    public void Ours_ThatNobodyAnswers_IsRepeatedElevenTimesAndGivenUp()
    {
        _server.OnRequest = null;
        _bob.Agent.Text(_net.Now, _account, Uri("sip:carol@192.0.2.9"), "hello");
        _net.Run(60);
        Assert.Equal(11, _server.Count(SipMethod.Message));
        Assert.Equal(408, Assert.Single(_bob.Events.OfType<SipEvent.RequestCompleted>()).Status);
    }

    [Theory]
    [InlineData(403, "refuses the message")]
    [InlineData(405, "takes no messages")]
    [InlineData(415, "takes no plain text")]
    [InlineData(483, "the message runs in a circle")]
    [InlineData(513, "takes no message of that length")]
    [InlineData(404, "not known to the server")]
    public void Ours_ThatIsRefused_SaysWhyAndSpeaksOfNoCall(int status, string words)
    {
        Answering(_ => status);
        _bob.Agent.Text(_net.Now, _account, Uri("sip:carol@192.0.2.9"), "hello");
        _net.Run(1);
        var fault = _bob.Last<SipEvent.RequestCompleted>().Fault!;
        Assert.Contains(words, fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain("codec", fault.ToString(), StringComparison.Ordinal);
    }

    private void Answering(Func<SipRequest, int> status) => _server.OnRequest = request => _server.Answer(request, status(request));

    private SipResponse Ask(
        Script peer, string type, byte[] body, string target = "sip:bob@192.0.2.2", string from = "<sip:peer@example.com>;tag=peer", string to = "<sip:bob@192.0.2.9>",
        string? callId = null, uint cseq = 1, params (string Name, string Value)[] headers)
    {
        peer.Send(Text(peer, type, body, target, from, to, callId, cseq, headers));
        _net.Run(0.1);
        return peer.Responses[^1];
    }

    private SipRequest Text(
        Script peer, string type, byte[] body, string target, string from = "<sip:peer@example.com>;tag=peer", string to = "<sip:bob@192.0.2.9>", string? callId = null,
        uint cseq = 1, params (string Name, string Value)[] headers)
    {
        var request = peer.Make(SipMethod.Message, target, $"z9hG4bKt{++_sent}", to, from, callId ?? $"t{_sent}", cseq);
        request.SetBody(type, body);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return request;
    }
}
