using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Info Packages (RFC 6086), as trickle ICE uses them.</summary>
public sealed class InfoTests
{
    private static readonly SipAgentOptions Trickling = new() { InfoPackages = ["trickle-ice"], Supported = ["trickle-ice"] };

    [Fact]
    [Rfc("6086", "5.2.3", Line = "sip F8")]
    public void Packages_AreToldByBothSides()
    {
        var (net, alice, bob, session, called) = Calls(Trickling, Trickling);
        Assert.Equal("trickle-ice", net.Ladder.First(m => m.Message is SipRequest { Method: SipMethod.Invite }).Message!.Headers.Get(HeaderName.RecvInfo));
        Assert.True(alice.Agent.TakesInfo(session, "trickle-ice"));
        Assert.True(bob.Agent.TakesInfo(called, "Trickle-ICE"));
        Assert.False(alice.Agent.TakesInfo(session, "dtmf"));
        Assert.False(alice.Agent.TakesInfo(session, "trickle-ice", "another"));
    }

    [Fact]
    [Rfc("6086", "4.2.1", Line = "sip F8")]
    public void Info_OfAPackage_ReachesThePeerWithItsName()
    {
        var (net, alice, bob, session, _) = Calls(Trickling, Trickling);
        alice.Agent.Info(net.Now, session, "", "trickle-ice", "application/trickle-ice-sdpfrag", Sdp("one"));
        net.Run(1);
        var info = Assert.Single(bob.Events.OfType<SipEvent.InfoReceived>());
        Assert.Equal(("trickle-ice", "application/trickle-ice-sdpfrag", "v=0 one"), (info.Package, info.ContentType, Text(info.Body)));
        Assert.Equal(200, Assert.Single(alice.Events.OfType<SipEvent.InfoAnswered>()).Status);
        var sent = net.Ladder.Last(m => m.Message is SipRequest { Method: SipMethod.Info }).Message!;
        Assert.Equal(("trickle-ice", "Info-Package"), (sent.Headers.Get(HeaderName.InfoPackage), sent.Headers.Get(HeaderName.ContentDisposition)));
    }

    [Fact]
    [Rfc("8840", "4.2", Line = "I31")]
    public void Info_ManyAtOnce_OneIsUnderWayAndTheNewestFollows()
    {
        var (net, alice, bob, session, _) = Calls(Trickling, Trickling);
        foreach (var body in (string[])["one", "two", "three"])
            alice.Agent.Info(net.Now, session, "", "trickle-ice", "application/trickle-ice-sdpfrag", Sdp(body));
        net.Run(1);
        Assert.Equal(["v=0 one", "v=0 three"], bob.Events.OfType<SipEvent.InfoReceived>().Select(i => Text(i.Body)));
    }

    [Fact]
    [Rfc("6086", "4.2.2", Line = "sip F8")]
    public void Info_OfAnUnknownPackage_Is469WithOurList()
    {
        var (net, alice, bob, session, _) = Calls(Trickling, Trickling);
        alice.Agent.Info(net.Now, session, "", "nudge", "text/plain", Sdp("x"));
        net.Run(1);
        var refusal = (SipResponse)net.Ladder.Last(m => m.Message is SipResponse { Status: 469 }).Message!;
        Assert.Equal("trickle-ice", refusal.Headers.Get(HeaderName.RecvInfo));
        Assert.Equal(0, bob.Count<SipEvent.InfoReceived>());
        Assert.Equal(469, alice.Last<SipEvent.InfoAnswered>().Status);
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Theory]
    [InlineData("application/media_control+xml", 415)]
    [InlineData("application/dtmf-relay", 200)]
    [Rfc("6086", "4", Line = "sip F8")]
    public void Info_WithoutAPackage_IsTakenForKeysOnly(string contentType, int status)
    {
        var (net, alice, _, session, _) = Calls(Trickling, Trickling);
        alice.Agent.Info(net.Now, session, contentType, Sdp("x"));
        net.Run(1);
        Assert.Contains(net.Ladder, m => m.Message is SipResponse response && response.Status == status && response.Headers.Get(HeaderName.CSeq)!.EndsWith("INFO", StringComparison.Ordinal));
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("8840", "4.3.1", Line = "I31")]
    public void Info_InAnEarlyDialog_IsTakenBeforeTheAnswer()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, Trickling);
        var bob = net.Agent(Bob, Trickling);
        bob.Account($"sip:bob@{Bob}");
        bob.Happened = happened =>
        {
            if (happened is SipEvent.Incoming incoming) bob.Agent.Progress(net.Now, incoming.Session, 180, Sdp("early"));
        };
        var session = alice.Agent.Invite(net.Now, alice.Account($"sip:alice@{Alice}"), Uri($"sip:bob@{Bob}"), Sdp("offer"));
        net.Run(0.5);
        var dialog = alice.Last<SipEvent.Progress>().Dialog;
        Assert.True(alice.Agent.TakesInfo(session, "trickle-ice", dialog));
        alice.Agent.Info(net.Now, session, dialog, "trickle-ice", "application/trickle-ice-sdpfrag", Sdp("hello"));
        net.Run(0.5);
        Assert.Equal("v=0 hello", Text(bob.Last<SipEvent.InfoReceived>().Body));
        bob.Agent.Info(net.Now, bob.Last<SipEvent.Incoming>().Session, "", "trickle-ice", "application/trickle-ice-sdpfrag", Sdp("and mine"));
        net.Run(0.5);
        Assert.Equal(("v=0 and mine", dialog), (Text(alice.Last<SipEvent.InfoReceived>().Body), alice.Last<SipEvent.InfoReceived>().Dialog));
        bob.Agent.Accept(net.Now, bob.Last<SipEvent.Incoming>().Session, Sdp("answer"));
        net.Run(1);
        Assert.Equal(dialog, alice.Last<SipEvent.Answered>().Dialog);
    }

    [Fact]
    [Rfc("5057", "5.1", Line = "sip F8")]
    public void Info_ToACallThatThePeerForgot_EndsIt()
    {
        var (net, alice, bob, session, called) = Calls(Trickling, Trickling);
        net.Loss = 1;
        bob.Agent.Hangup(net.Now, called);
        net.Run(40);
        net.Loss = 0;
        alice.Agent.Info(net.Now, session, "", "trickle-ice", "application/trickle-ice-sdpfrag", Sdp("x"));
        net.Run(1);
        Assert.Equal((EndCause.Error, 481), (alice.Last<SipEvent.Ended>().Cause, alice.Last<SipEvent.Ended>().Status));
    }

    private static (SipNet Net, SipNode Caller, SipNode Callee, SessionId Session, SessionId Called) Calls(SipAgentOptions caller, SipAgentOptions callee)
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, caller);
        var bob = net.Agent(Bob, callee);
        bob.Account($"sip:bob@{Bob}");
        AnswerCalls(bob);
        var session = alice.Agent.Invite(net.Now, alice.Account($"sip:alice@{Alice}"), Uri($"sip:bob@{Bob}"), Sdp("offer"));
        net.Run(1);
        return (net, alice, bob, session, bob.Last<SipEvent.Confirmed>().Session);
    }
}
