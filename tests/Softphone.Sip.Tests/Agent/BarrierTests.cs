using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>An error of ours in one session, planted in what its owner lends the agent, ends that session and nothing else.</summary>
public sealed class BarrierTests
{
    private readonly SipNet _net = new();
    private readonly SipNode _bob;
    private readonly Script _peer;
    private bool _throws;

    public BarrierTests()
    {
        _bob = _net.Agent(Bob, new SipAgentOptions { UnsolicitedPerTenSeconds = 0, UdpKeepalive = TimeSpan.Zero, Route = _ => _throws ? throw new InvalidCastException("planted") : null });
        _bob.Account("sip:bob@example.com");
        _peer = new Script(_net, Server) { From = Address.Parse($"{Bob}:5060") };
    }

    [Fact]
    [Rfc("3261", "21.5.1")]
    public void Break_OfASessionThatRings_IsRefusedWith500()
    {
        var session = Ring("one");
        _bob.Agent.Break(_net.Now, session);
        _bob.Drain();
        _net.Run(1);
        Assert.Equal(500, _peer.Responses.Last().Status);
        Assert.Equal((EndCause.Error, 500, Layer.Internal), (Ended(session).Cause, Ended(session).Status, Ended(session).Fault!.Layer));
    }

    [Fact]
    public void Break_OfASessionThatIsUp_SaysBye()
    {
        var session = Up("one");
        var other = Up("two");
        _bob.Agent.Break(_net.Now, session);
        _bob.Drain();
        _net.Run(1);
        Assert.Contains("cause=500", _peer.Last(SipMethod.Bye).Headers.Get(HeaderName.Reason));
        Assert.Equal(1, _peer.Count(SipMethod.Bye));
        Assert.Equal(session, Assert.Single(_bob.Events.OfType<SipEvent.Ended>()).Session);
        Assert.NotEqual("", _bob.Agent.CallIdOf(other));
    }

    /// <summary>Not even BYE can be made: the session is dropped, once and for all, and the other one answers as before.</summary>
    [Fact]
    public void Break_OfASessionWhoseByeThrows_DropsIt()
    {
        var session = Up("one");
        var other = Up("two");
        _throws = true;
        _bob.Agent.Break(_net.Now, session);
        _bob.Drain();
        _throws = false;
        _net.Run(40);
        Assert.Equal(0, _peer.Count(SipMethod.Bye));
        Assert.Equal(session, Assert.Single(_bob.Events.OfType<SipEvent.Ended>()).Session);
        Assert.Equal("", _bob.Agent.CallIdOf(session));
        Assert.NotEqual("", _bob.Agent.CallIdOf(other));
        Assert.IsType<InvalidCastException>(_bob.Events.OfType<SipEvent.Broke>().First().Error);
        _bob.Agent.Hangup(_net.Now, other);
        _bob.Drain();
        _net.Run(1);
        Assert.Equal(1, _peer.Count(SipMethod.Bye));
    }

    private SipEvent.Ended Ended(SessionId session) => Assert.Single(_bob.Events.OfType<SipEvent.Ended>(), e => e.Session == session);

    private SessionId Ring(string name)
    {
        var invite = _peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", $"z9hG4bK{name}", "<sip:bob@example.com>", sdp: "v=0");
        invite.Headers.Set(HeaderName.CallId, name);
        _peer.Send(invite);
        _net.Run(0.1);
        return _bob.Last<SipEvent.Incoming>().Session;
    }

    private SessionId Up(string name)
    {
        var session = Ring(name);
        _peer.OnRequest = bye => _peer.Answer(bye, 200);
        _bob.Agent.Accept(_net.Now, session, Sdp("answer"));
        _bob.Drain();
        _net.Run(0.1);
        var ok = _peer.Responses.Last(r => r.Status == 200);
        var ack = _peer.Make(SipMethod.Ack, $"sip:bob@{Bob}", $"z9hG4bKack{name}", ok.Headers.Get(HeaderName.To)!);
        ack.Headers.Set(HeaderName.CallId, name);
        ack.Headers.Set(HeaderName.From, ok.Headers.Get(HeaderName.From)!);
        ok.Headers.TryCSeq(out var cseq);
        ack.Headers.Set(HeaderName.CSeq, $"{cseq.Number} ACK");
        _peer.Send(ack);
        _net.Run(0.1);
        return session;
    }
}
