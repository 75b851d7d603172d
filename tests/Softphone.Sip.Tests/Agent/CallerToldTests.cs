using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>What an INVITE tells of who calls, whom he called first and how he wishes to be answered: believed of a server of the account alone.</summary>
public sealed class CallerToldTests
{
    private readonly SipNet _net = new();
    private readonly SipNode _bob;
    private readonly Script _server;
    private SipRequest? _invite;

    public CallerToldTests()
    {
        _bob = _net.Agent(Bob);
        _server = new Script(_net, Server);
        _server.OnRequest = request => _server.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.Get(HeaderName.Contact) ?? ""));
        _bob.Agent.Register(_net.Now, _bob.Account($"sip:bob@{Server}", callsFrom: CallsFrom.Anyone));
        _net.Run(1);
    }

    [Theory]
    [InlineData("P-Asserted-Identity", "\"The Bank\" <sip:bank@example.com>", "sip:bank@example.com")]
    [InlineData("P-Asserted-Identity", "<tel:+4930123>, <sip:+4930123@example.com;user=phone>", "sip:+4930123@example.com;user=phone")]
    [InlineData("P-Asserted-Identity", "<tel:+4930123>", "tel:+4930123")]
    [InlineData("P-Asserted-Identity", "rubbish", null)]
    [InlineData("Remote-Party-ID", "\"Carol\" <sip:203@example.com>;party=calling;privacy=off;screen=no", "sip:203@example.com")]
    [InlineData("Remote-Party-ID", "<sip:203@example.com>", "sip:203@example.com")]
    [InlineData("Remote-Party-ID", "<sip:204@example.com>;party=called, <sip:203@example.com>;party=calling", "sip:203@example.com")]
    [InlineData("Remote-Party-ID", "<sip:204@example.com>;party=called", null)]
    [Rfc("3325", "9", Line = "sip F9")]
    public void Identity_IsThatOfTheServersWordAlone(string header, string value, string? expected)
    {
        Assert.Equal(expected, Called(true, (header, value)).AssertedIdentity?.Uri.ToString());
        Assert.Null(Called(false, (header, value)).AssertedIdentity);
    }

    [Theory]
    [InlineData("<sip:a@example.com>", "<sip:b@example.com>", "sip:a@example.com")]
    [InlineData("", "<sip:b@example.com>;party=calling", "sip:b@example.com")]
    [Rfc("3325", "9.1")]
    public void Identity_Asserted_GoesBeforeTheOlderHeader(string asserted, string older, string expected)
    {
        (string, string)[] headers = asserted.Length > 0 ? [("Remote-Party-ID", older), ("P-Asserted-Identity", asserted)] : [("Remote-Party-ID", older)];
        var told = Called(true, headers).AssertedIdentity!;
        Assert.Equal((expected, null), (told.Uri.ToString(), told.Parameters["party"]));
    }

    [Theory]
    [InlineData("Diversion", "<sip:200@example.com>;reason=no-answer;counter=1", "sip:200@example.com", ForwardReason.NoAnswer)]
    [InlineData("Diversion", "\"Desk\" <tel:+49301>;reason=user-busy, <sip:first@example.com>;reason=unconditional", "tel:+49301", ForwardReason.Busy)]
    [InlineData("Diversion", "<sip:200@example.com>;reason=\"deflection\"", "sip:200@example.com", ForwardReason.Deflected)]
    [InlineData("Diversion", "<sip:200@example.com>", "sip:200@example.com", ForwardReason.Unknown)]
    [InlineData("Diversion", "<sip:200@example.com>;privacy=full", null, ForwardReason.Unknown)]
    [InlineData("Diversion", "<<>", null, ForwardReason.Unknown)]
    [InlineData("History-Info", "<sip:200@example.com?Reason=SIP%3Bcause%3D302>;index=1, <sip:201@example.com>;index=1.1;mp=1", "sip:200@example.com", ForwardReason.Always)]
    [InlineData("History-Info", "<sip:200@example.com>;index=1, <sip:201@example.com;cause=486>;index=1.1;mp=1, <sip:201@10.0.0.1;cause=486>;index=1.1.1;rc=1.1", "sip:200@example.com", ForwardReason.Busy)]
    [InlineData("History-Info", "<sip:200@example.com?Reason=SIP%3Bcause%3D408%3Btext%3D%22No%20answer%22>;index=1, <sip:201@example.com>;index=2", "sip:200@example.com", ForwardReason.NoAnswer)]
    [InlineData("History-Info", "<sip:200@example.com?Privacy=history&Reason=SIP%3Bcause%3D302>;index=1, <sip:201@example.com>;index=1.1;mp=1", null, ForwardReason.Unknown)]
    [InlineData("History-Info", "<sip:200@example.com>;index=1, <sip:200@10.0.0.1>;index=1.1;rc=1", null, ForwardReason.Unknown)]
    [InlineData("History-Info", "<sip:201@example.com>;index=1;mp=7", null, ForwardReason.Unknown)]
    [Rfc("7044", "11", Line = "sip F9")]
    [Rfc("5806", "4")]
    [Rfc("4458", "2")]
    public void Forwarding_IsToldByTheServer(string header, string value, string? by, ForwardReason why)
    {
        var forwarding = Called(true, (header, value)).Forwarding;
        Assert.Equal((by, by is null ? ForwardReason.Unknown : why), (forwarding?.By.Uri.ToString(), forwarding?.Why ?? ForwardReason.Unknown));
        Assert.Null(Called(false, (header, value)).Forwarding);
    }

    [Theory]
    [InlineData("Answer-Mode", "Auto", AnswerWish.Auto, false)]
    [InlineData("Answer-Mode", "auto;require", AnswerWish.Auto, true)]
    [InlineData("Answer-Mode", "Manual", AnswerWish.Manual, false)]
    [InlineData("Priv-Answer-Mode", "Auto;require", AnswerWish.Auto, true)]
    [InlineData("Answer-Mode", "Whatever", AnswerWish.None, false)]
    [InlineData("Alert-Info", "<http://www.notused.com>;info=alert-autoanswer;delay=0", AnswerWish.Auto, false)]
    [InlineData("Alert-Info", "<http://127.0.0.1>;info=\"Auto Answer\"", AnswerWish.Auto, false)]
    [InlineData("Alert-Info", "Ring Answer", AnswerWish.Auto, false)]
    [InlineData("Alert-Info", "<http://127.0.0.1/bell.wav>;info=alert-external", AnswerWish.None, false)]
    [InlineData("Call-Info", "<sip:example.com>;answer-after=0", AnswerWish.Auto, false)]
    [InlineData("Call-Info", "<sip:example.com>;answer-after=5", AnswerWish.None, false)]
    [Rfc("5373", "4.1", Line = "sip I16")]
    public void Wish_OfTheCaller_IsReadOfAServer(string header, string value, AnswerWish wish, bool isDemanded)
    {
        var told = Called(true, (header, value));
        Assert.Equal((wish, isDemanded), (told.Wish, told.IsWishDemanded));
        Assert.Equal((AnswerWish.None, false), (Called(false, (header, value)).Wish, Called(false, (header, value)).IsWishDemanded));
    }

    [Theory]
    [InlineData("SIP;cause=200;text=\"Call completed elsewhere\"", "Call completed elsewhere", true)]
    [InlineData("Q.850;cause=16, SIP;cause=200", "", true)]
    [InlineData("Q.850;cause=17", "busy", false)]
    [InlineData("Q.850;cause=16", "", false)]
    [InlineData("SIP;cause=600, Q.850;cause=34;text=\"No circuit\"", "Busy Everywhere", false)]
    [InlineData("preemption;cause=1, Q.850;cause=38", "the telephone network is out of order", false)]
    [InlineData("Q.850;cause=99999999999", "", false)]
    [InlineData("rubbish cause", "", false)]
    [Rfc("3326", "2", Line = "sip I15")]
    public void Reason_OfACancel_IsToldInWords(string reason, string words, bool isElsewhere)
    {
        var told = Called(true);
        var cancel = DerivedRequests.CancelFor(_invite!, null);
        cancel.Headers.Add(HeaderName.Reason, reason);
        _server.Send(cancel);
        _net.Run(0.1);
        var ended = _bob.Last<SipEvent.Ended>();
        Assert.Equal((told.Session, words, isElsewhere), (ended.Session, ended.Reason, ended.ElsewhereAnswered));
    }

    private SipEvent.Incoming Called(bool byServer, params (string Name, string Value)[] headers)
    {
        var from = byServer ? _server : new Script(_net, "198.51.100.66:5060");
        from.From = Address.Parse($"{Bob}:5060");
        var number = _bob.Count<SipEvent.Incoming>();
        var invite = from.Make(SipMethod.Invite, $"sip:bob@{Bob}", $"z9hG4bK{number}", "<sip:bob@example.com>", callId: $"call{number}", sdp: "v=0");
        foreach (var (name, value) in headers) invite.Headers.Add(name, value);
        from.Send(invite);
        _net.Run(0.1);
        Assert.Equal(number + 1, _bob.Count<SipEvent.Incoming>());
        _invite = invite;
        return _bob.Last<SipEvent.Incoming>();
    }
}
