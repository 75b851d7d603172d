using System.Text;
using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>News of the mailbox, asked for and unasked (RFC 3842, RFC 6665 §4.1).</summary>
public sealed class MessageSubscriptionTests
{
    private readonly SipNet _net = new();
    private readonly SipNode _alice;
    private readonly Script _server;
    private readonly AccountId _account;
    private int _status = 200;
    private (string Name, string Value)[] _more = [(HeaderName.Expires, "600")];
    private uint _cseq = 1;

    public MessageSubscriptionTests()
    {
        _alice = _net.Agent(Alice);
        _server = new Script(_net, Server);
        _server.OnRequest = request =>
        {
            if (request.Method == SipMethod.Register) _server.Answer(request, 200, headers: [(HeaderName.Contact, request.Headers.Get(HeaderName.Contact)!), (HeaderName.Expires, "3600")]);
            else if (request.Method == SipMethod.Subscribe && _status > 0) _server.Answer(request, _status, tag: request.Headers.Get(HeaderName.To)!.Contains("tag=") ? null : "vm", headers: [(HeaderName.Contact, $"<sip:vm@{Server}>"), .. _more]);
        };
        _account = _alice.Account("sip:alice@example.com", registrar: $"sip:{Server}", messages: true);
    }

    private int Asked => _server.Count(SipMethod.Subscribe);

    private IEnumerable<(int New, int Old)> News => _alice.Events.OfType<SipEvent.MessagesWaiting>().Select(m => (m.New, m.Old));

    [Fact]
    [Rfc("3842", "3.2", Line = "sip F6")]
    public void Registered_AsksForNews_AndTellsThem()
    {
        Register();
        var subscribe = _server.Last(SipMethod.Subscribe);
        Assert.Equal("sip:alice@example.com", subscribe.RequestUri.ToString());
        Assert.Equal(("message-summary", "application/simple-message-summary"), (subscribe.Headers.Get(HeaderName.Event), subscribe.Headers.Get(HeaderName.Accept)));
        Assert.Equal(200, Notify("Messages-Waiting: yes\r\nVoice-Message: 2/8\r\n"));
        Assert.Equal(200, Notify("Messages-Waiting: yes\r\nVoice-Message: 2/8\r\n"));
        Assert.Equal(200, Notify("Messages-Waiting: no\r\nVoice-Message: 0/10\r\n"));
        Assert.Equal([(2, 8), (0, 10)], News);
    }

    [Fact]
    [Rfc("6665", "4.1.2.4", Line = "sip F7")]
    public void News_BeforeTheAnswer_AreTaken()
    {
        _status = 0;
        Register();
        Assert.Equal(200, Notify("Messages-Waiting: yes\r\n"));
        Assert.Equal([(1, 0)], News);
        _server.Answer(_server.Last(SipMethod.Subscribe), 200, tag: "vm", headers: [(HeaderName.Expires, "600")]);
        _net.Run(0.1);
        Assert.Equal(200, Notify("Messages-Waiting: no\r\n"));
    }

    [Fact]
    [Rfc("6665", "4.1.2.1", Line = "sip F7")]
    public void Subscription_IsRefreshedInItsDialogBeforeItsEnd()
    {
        Register();
        var first = _server.Last(SipMethod.Subscribe);
        _net.Run(600);
        Assert.Equal(2, Asked);
        var second = _server.Last(SipMethod.Subscribe);
        second.Headers.TryTo(out var to);
        Assert.Equal((first.Headers.CallId, "vm"), (second.Headers.CallId, to!.Tag));
        Assert.Equal($"sip:vm@{Server}", second.RequestUri.ToString());
        first.Headers.TryCSeq(out var one);
        second.Headers.TryCSeq(out var two);
        Assert.Equal(one.Number + 1, two.Number);
    }

    [Theory]
    [InlineData(489)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(501)]
    [Rfc("6665", "4.1.2.1", Line = "sip F7")]
    public void Server_WithoutMailbox_IsNotAskedAgain(int status)
    {
        _status = status;
        Register();
        _net.Run(7200);
        Assert.Equal(1, Asked);
        Assert.DoesNotContain(_alice.Events, e => e is SipEvent.RegistrationFailed or SipEvent.MessagesWaiting);
    }

    [Theory]
    [InlineData(503, "120", 119, 125)]
    [InlineData(480, "", 890, 905)]
    [InlineData(500, "1", 28, 35)]
    [Rfc("6665", "4.1.2.1", Line = "sip F7")]
    public void Server_ThatHasNoTime_IsAskedLater(int status, string retryAfter, double until, double asked)
    {
        _status = status;
        if (retryAfter.Length > 0) _more = [(HeaderName.RetryAfter, retryAfter)];
        Register();
        _net.Run(until - 3);
        Assert.Equal(1, Asked);
        _net.Run(asked - until + 3);
        Assert.Equal(2, Asked);
    }

    [Fact]
    [Rfc("6665", "4.1.2.1", Line = "sip F7")]
    public void Server_ThatWantsLonger_IsAskedForThatOnce()
    {
        (_status, _more) = (423, [(HeaderName.MinExpires, "7200")]);
        Register();
        Assert.Equal(2, Asked);
        Assert.Equal("7200", _server.Last(SipMethod.Subscribe).Headers.Get(HeaderName.Expires));
    }

    [Fact]
    [Rfc("6665", "4.1.2.2", Line = "sip F7")]
    public void Refresh_ThatTheServerDoesNotKnow_IsAskedAnew()
    {
        Register();
        var first = _server.Last(SipMethod.Subscribe).Headers.CallId;
        _status = 481;
        _net.Run(550);
        _status = 200;
        _net.Run(60);
        Assert.NotEqual(first, _server.Last(SipMethod.Subscribe).Headers.CallId);
        Assert.DoesNotContain("tag=", _server.Last(SipMethod.Subscribe).Headers.Get(HeaderName.To));
    }

    [Theory]
    [InlineData("terminated;reason=deactivated", 35, true)]
    [InlineData("terminated;reason=timeout", 35, true)]
    [InlineData("terminated;reason=probation;retry-after=100", 50, false)]
    [InlineData("terminated;reason=probation;retry-after=100", 105, true)]
    [InlineData("terminated;reason=giveup", 1000, true)]
    [InlineData("terminated", 1000, true)]
    [InlineData("terminated;reason=rejected", 7200, false)]
    [InlineData("terminated;reason=noresource", 7200, false)]
    [Rfc("6665", "4.1.3", Line = "sip F7")]
    public void Subscription_ThatTheServerEnds_IsTakenUpAsItSays(string state, double after, bool isAsked)
    {
        Register();
        Assert.Equal(200, Notify("Messages-Waiting: no\r\n", state));
        _net.Run(after);
        Assert.Equal(isAsked ? 2 : 1, Asked);
    }

    [Fact]
    [Rfc("6665", "4.1.2.3", Line = "sip F7")]
    public void Unregister_EndsTheSubscription()
    {
        Register();
        _alice.Agent.Shutdown(_net.Now);
        _net.Run(1);
        Assert.Equal("0", _server.Last(SipMethod.Subscribe).Headers.Get(HeaderName.Expires));
        Assert.True(_alice.Agent.IsIdle);
        _net.Run(40);
        Assert.Null(_alice.Agent.NextTimeout);
        Assert.Equal(481, Notify("Messages-Waiting: yes\r\n"));
    }

    [Fact]
    [Rfc("3842", "3.9", Line = "sip F6")]
    public void News_Unasked_AreTakenFromAServerOfOursAlone()
    {
        _status = 489;
        Register();
        Assert.Equal(200, Unasked(_server));
        Assert.Equal([(3, 1)], News);
        var stranger = new Script(_net, "192.0.2.66:5060") { From = _server.From };
        Assert.Equal(481, Unasked(stranger));
        Assert.Single(News);
    }

    [Theory]
    [InlineData("message-summary", "text/plain", 415)]
    [InlineData("presence", "application/simple-message-summary", 489)]
    [Rfc("6665", "4.1.2.3", Line = "sip F7")]
    public void News_OfAnotherKind_AreRefused(string package, string type, int status)
    {
        Register();
        Assert.Equal(status, Notify("Messages-Waiting: yes\r\n", package: package, type: type));
        Assert.Empty(News);
    }

    [Fact]
    [Rfc("6665", "4.1.2.3", Line = "sip F7")]
    public void News_OfADialogThatIsNotOurs_Are481()
    {
        Register();
        Assert.Equal(481, Notify("Messages-Waiting: yes\r\n", from: "other"));
        Assert.Empty(News);
    }

    [Fact]
    [Rfc("3842", "3.2", Line = "sip F6")]
    public void Account_ThatWantsNoNews_AsksForNone()
    {
        var account = _alice.Account("sip:carol@example.com", registrar: $"sip:{Server}");
        _alice.Agent.Register(_net.Now, account);
        _net.Run(10);
        Assert.Equal(0, Asked);
    }

    private void Register()
    {
        _alice.Agent.Register(_net.Now, _account);
        _net.Run(3);
    }

    private int Notify(string body, string state = "active;expires=600", string package = "message-summary", string type = "application/simple-message-summary", string from = "vm")
    {
        var subscribe = _server.Last(SipMethod.Subscribe);
        var notify = _server.Make(SipMethod.Notify, $"sip:alice@{Alice}", $"z9hG4bKn{_cseq}", subscribe.Headers.Get(HeaderName.From)!, $"<sip:alice@example.com>;tag={from}", subscribe.Headers.CallId!, _cseq++);
        return Send(_server, notify, body, state, package, type);
    }

    private int Unasked(Script by) =>
        Send(by, by.Make(SipMethod.Notify, $"sip:alice@{Alice}", $"z9hG4bKu{_cseq++}", "<sip:alice@example.com>", callId: $"u{_cseq}"), "Messages-Waiting: yes\r\nVoice-Message: 3/1\r\n", "active", "message-summary", "application/simple-message-summary");

    private int Send(Script by, SipRequest notify, string body, string state, string package, string type)
    {
        notify.Headers.Add(HeaderName.Event, package);
        notify.Headers.Add(HeaderName.SubscriptionState, state);
        notify.SetBody(type, Encoding.UTF8.GetBytes(body));
        by.Send(notify);
        _net.Run(0.1);
        return by.Responses[^1].Status;
    }
}
