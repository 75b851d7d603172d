using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Calls that an account turns away before they ring: who is told what, and who is told nothing of where the person is.</summary>
public sealed class DiversionTests
{
    private const string Stranger = "203.0.113.66:5066";

    private readonly SipNet _net = new();
    private readonly SipNode _bob;
    private readonly Script _server;
    private readonly AccountId _account;
    private int _calls;

    public DiversionTests()
    {
        _bob = _net.Agent(Bob, new SipAgentOptions { UdpKeepalive = TimeSpan.Zero, MaxSessions = 2 });
        _server = new Script(_net, Server);
        _account = _bob.Account("sip:bob@192.0.2.9", registrar: "sip:192.0.2.9", callsFrom: CallsFrom.Anyone);
    }

    [Theory]
    [InlineData(486, true)]
    [InlineData(480, true)]
    [InlineData(486, false)]
    [Rfc("3261", "21.4.24")]
    public void DoNotDisturb_RefusesEveryCallAndOpensNothing(int status, bool isByServer)
    {
        _bob.Agent.Divert(_account, new Diversion { DoNotDisturb = status });
        var answer = Call(isByServer ? _server : Peer());
        Assert.Equal((status, false), (answer.Status, answer.Headers.Has(HeaderName.Contact)));
        Assert.Equal(0, _bob.Count<SipEvent.Incoming>());
        var told = _bob.Last<SipEvent.CallRefused>();
        Assert.Equal((CallRefusal.DoNotDisturb, status, (SipUri?)null), (told.Why, told.Status, told.ForwardedTo));
        _bob.Agent.Divert(_account, Diversion.None);
        Call(_server);
        Assert.Equal(1, _bob.Count<SipEvent.Incoming>());
    }

    [Theory]
    [InlineData("sip:204@pbx.example.net")]
    [InlineData("sips:+4930123@[2001:db8::1]:5071")]
    [Rfc("3261", "21.3.3")]
    [Rfc("3261", "8.3")]
    public void Always_SendsCallsOfTheServerThere_AndNowhereElse(string target)
    {
        _bob.Agent.Divert(_account, new Diversion { Always = Uri(target), DoNotDisturb = 486 });
        var answer = Call(_server);
        Assert.Equal(302, answer.Status);
        Assert.True(answer.Headers.TryContacts(out var contacts));
        Assert.Equal($"<{target}>", Assert.Single(contacts).ToString());
        Assert.Equal((CallRefusal.Forwarded, target), (_bob.Last<SipEvent.CallRefused>().Why, _bob.Last<SipEvent.CallRefused>().ForwardedTo?.ToString()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stranger_LearnsNoOtherAddress(bool always)
    {
        var target = Uri("sip:secret@192.0.2.77");
        _bob.Agent.Divert(_account, always ? new Diversion { Always = target } : new Diversion { Busy = target });
        _bob.Agent.IsBusy = () => true;
        var peer = Peer();
        Call(peer);
        Assert.DoesNotContain(peer.Responses, r => r.Status is >= 300 and < 400 || r.ToMaskedString().Contains("secret", StringComparison.Ordinal));
        Assert.Equal(1, _bob.Count<SipEvent.Incoming>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("3261", "21.3.3")]
    public void Busy_SendsOnOnlyWhileThereIsAnotherCall_AlsoWhereNoMoreMayBe(bool isFull)
    {
        var busy = false;
        _bob.Agent.IsBusy = () => busy;
        _bob.Agent.Divert(_account, new Diversion { Busy = Uri("sip:204@192.0.2.9") });
        Call(_server);
        if (isFull) Call(_server);
        Assert.Equal(isFull ? 2 : 1, _bob.Count<SipEvent.Incoming>());
        busy = true;
        Assert.Equal(302, Call(_server).Status);
        Assert.Equal(isFull ? 2 : 1, _bob.Count<SipEvent.Incoming>());
    }

    [Fact]
    [Rfc("3261", "17.2.1")]
    public void Refusal_ThatIsRepeated_IsToldOnce()
    {
        _bob.Agent.Divert(_account, new Diversion { DoNotDisturb = 486 });
        _server.From = Address.Parse($"{Bob}:5060");
        var invite = _server.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bKsame", "<sip:bob@192.0.2.9>", callId: "same", sdp: "v=0");
        for (var i = 0; i < 4; i++) _server.Send(invite);
        _net.Run(0.1);
        Assert.Equal(1, _bob.Count<SipEvent.CallRefused>());
        for (var i = 0; i < 3; i++) Call(_server);
        Assert.Equal([1L, 2L, 3L, 4L], _bob.Events.OfType<SipEvent.CallRefused>().Select(e => e.Count));
    }

    [Fact]
    [Rfc("3891", "3")]
    public void Call_ThatTakesThePlaceOfOneThatIsUp_IsNotTurnedAway()
    {
        AnswerCalls(_bob);
        _server.From = Address.Parse($"{Bob}:5060");
        _server.Send(_server.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bKfirst", "<sip:bob@192.0.2.9>", callId: "talk", sdp: "v=0"));
        _net.Run(0.1);
        _server.Responses[^1].Headers.TryTo(out var to);
        _bob.Agent.Divert(_account, new Diversion { DoNotDisturb = 486, Always = Uri("sip:204@192.0.2.9") });
        var invite = _server.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bKnext", "<sip:bob@192.0.2.9>", "<sip:carol@192.0.2.9>;tag=c", "next", sdp: "v=0");
        invite.Headers.Add(HeaderName.Replaces, $"talk;to-tag={to!.Tag};from-tag=peer");
        _server.Send(invite);
        _net.Run(0.1);
        Assert.Equal(200, _server.Responses[^1].Status);
    }

    private Script Peer() => new(_net, Stranger);

    private SipResponse Call(Script peer)
    {
        peer.From = Address.Parse($"{Bob}:5060");
        _calls++;
        peer.Send(peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", $"z9hG4bKd{_calls}", "<sip:bob@192.0.2.9>", callId: $"d{_calls}", sdp: "v=0"));
        _net.Run(0.1);
        return peer.Responses.LastOrDefault(r => r.Status >= 200) ?? new SipResponse(100);
    }
}
