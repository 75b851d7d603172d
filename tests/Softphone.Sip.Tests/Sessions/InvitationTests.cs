using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>How long an INVITE waits for its answer, by its own Expires (RFC 3261 §13.3.1).</summary>
public sealed class InvitationTests
{
    private readonly SipNet _net = new();
    private readonly SipNode _bob;
    private readonly Script _peer;

    public InvitationTests()
    {
        _bob = _net.Agent(Bob);
        _bob.Account("sip:bob@example.com");
        _peer = new Script(_net, Server) { From = Address.Parse($"{Bob}:5060") };
    }

    [Theory]
    [InlineData(2)]
    [InlineData(61)]
    [InlineData(180)]
    [Rfc("3261", "13.3.1")]
    public void Invitation_NotAnsweredInItsTime_Is487(int seconds)
    {
        Invite(seconds.ToString());
        _bob.Agent.Progress(_net.Now, _bob.Last<SipEvent.Incoming>().Session, 180);
        _net.Run(seconds - 0.5);
        Assert.DoesNotContain(_peer.Responses, r => r.Status >= 200);
        Assert.Equal(0, _bob.Count<SipEvent.Ended>());
        _net.Run(1);
        Assert.Equal(487, _peer.Responses.First(r => r.Status >= 200).Status);
        var ended = _bob.Last<SipEvent.Ended>();
        Assert.Equal((EndCause.Remote, 487), (ended.Cause, ended.Status));
        // An answer that comes too late is none.
        _bob.Agent.Accept(_net.Now, ended.Session, Sdp("late"));
        _net.Run(1);
        Assert.DoesNotContain(_peer.Responses, r => r.IsSuccess);
    }

    [Fact]
    [Rfc("3261", "13.3.1")]
    public void Invitation_WhoseTimeIsOver_RingsNowhere()
    {
        Invite("0");
        Assert.Equal(487, Assert.Single(_peer.Responses).Status);
        Assert.Equal(0, _bob.Count<SipEvent.Incoming>());
    }

    [Theory]
    [InlineData("4294967295")]
    [InlineData("soon")]
    [InlineData("-1")]
    [Rfc("3261", "13.3.1")]
    public void Invitation_WithNoLimitToSpeakOf_Waits(string expires)
    {
        Invite(expires);
        _net.Run(600);
        Assert.Equal(1, _bob.Count<SipEvent.Incoming>());
        Assert.Equal(0, _bob.Count<SipEvent.Ended>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3261", "13.3.1")]
    public void Invitation_AnsweredInTime_HasNoLimit(bool confirmed)
    {
        Invite("3");
        _bob.Agent.Accept(_net.Now, _bob.Last<SipEvent.Incoming>().Session, Sdp("answer"));
        _net.Run(0.1);
        if (confirmed)
        {
            var ack = _peer.Make(SipMethod.Ack, $"sip:bob@{Bob}", "z9hG4bKack", _peer.Responses[^1].Headers.Get(HeaderName.To)!, callId: "script");
            _peer.Send(ack);
        }

        _net.Run(20);
        Assert.Equal(0, _bob.Count<SipEvent.Ended>());
        Assert.DoesNotContain(_peer.Responses, r => r.Status >= 300);
    }

    private void Invite(string expires)
    {
        var invite = _peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bK1", "<sip:bob@example.com>", sdp: "v=0");
        invite.Headers.Add(HeaderName.Expires, expires);
        _peer.Send(invite);
        _net.Run(0.1);
    }
}
