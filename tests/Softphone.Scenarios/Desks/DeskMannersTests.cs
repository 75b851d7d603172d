using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Calls where nobody decides: do-not-disturb, forwarding and auto-answer, of whole phones by a real registrar.</summary>
public sealed class DeskMannersTests
{
    [Theory]
    [InlineData(486)]
    [InlineData(480)]
    public void DoNotDisturb_MakesNoSound_AndTheHistoryTellsTheCall(int status)
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.SetManners("alice", new CallManners { DoNotDisturb = true, DoNotDisturbStatus = status }));
        var heard = bench["alice"].Shell.Rung.Written;
        var sockets = bench.Sockets("alice");
        bench.Do("bob", new PhoneCommand.Dial("alice"));
        bench.Until(() => bench["bob"].View.History.Count == 1, 3, "bob is told");
        Assert.Equal(status, bench["bob"].View.History[0].Status);
        var entry = Assert.Single(bench["alice"].View.History);
        Assert.Equal((TurnedAway.DoNotDisturb, status, true, "alice"), (entry.TurnedAway, entry.Status, entry.IsMissed, entry.Account));
        Assert.Contains("do-not-disturb is on", entry.Explanation, StringComparison.Ordinal);
        Assert.Equal((heard, sockets), (bench["alice"].Shell.Rung.Written, bench.Sockets("alice")));
        Assert.Empty(bench["alice"].View.Calls);
        Assert.NotNull(bench.Line("alice", $"was told {status}"));
        bench.Do("alice", new PhoneCommand.SetManners("alice", CallManners.None));
        bench.Connect("bob", "alice");
    }

    [Fact]
    public void ForwardAlways_TheCallerIsSentOn_AndLearnsOnlyWhatWasNamed()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        Forward(bench, new CallManners { ForwardAlways = SipUri.Parse("sip:carol@lab.test") });
        bench.Do("bob", new PhoneCommand.Dial("alice"));
        bench.Until(() => bench["bob"].View.History.Count == 1, 3, "bob is told");
        Assert.Equal(302, bench["bob"].View.History[0].Status);
        Assert.Contains("sip:carol@lab.test", bench["bob"].View.History[0].Explanation, StringComparison.Ordinal);
        var entry = bench["alice"].View.History[0];
        Assert.Equal((TurnedAway.Always, false, "sent to sip:carol@lab.test"), (entry.TurnedAway, entry.IsMissed, entry.Reason));
        Assert.Equal(0, bench["alice"].View.Missed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ForwardBusy_OnlyWhileAnotherCallGoesOn_OfAnyAccount(bool ofOtherAccount)
    {
        using var bench = new DeskBench(1, "alice", "bob", "dave");
        DeskBench.AddUser(bench["alice"], "carol");
        bench.Until(() => bench["alice"].View.Accounts.All(a => a.State == RegistrationState.Registered), 5, "carol is registered");
        Forward(bench, new CallManners { ForwardBusy = SipUri.Parse("sip:secretary@lab.test") });
        bench.Do("dave", new PhoneCommand.Dial(ofOtherAccount ? "carol" : "alice"));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "alice rings");
        bench.Do("alice", new PhoneCommand.Answer(bench.Ringing("alice")!.Id));
        bench.Until(() => bench["dave"].Call is { State: CallState.Connected }, 3, "they talk");
        bench.Do("bob", new PhoneCommand.Dial("alice"));
        bench.Until(() => bench["bob"].View.History.Count == 1, 3, "bob is told");
        Assert.Equal(302, bench["bob"].View.History[0].Status);
        Assert.Equal(TurnedAway.Busy, bench["alice"].View.History[0].TurnedAway);
        Assert.Null(bench.Ringing("alice"));
        bench.Do("dave", new PhoneCommand.Hangup(bench["dave"].Call!.Id));
        bench.Run(1);
        bench.Do("bob", new PhoneCommand.Dial("alice"));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "alice rings");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(20)]
    public void ForwardNoAnswer_RingsFirst_AndIsSentOn(int seconds)
    {
        using var bench = new DeskBench(1, "alice", "bob");
        Forward(bench, new CallManners { ForwardNoAnswer = SipUri.Parse("sip:carol@lab.test"), ForwardAfter = TimeSpan.FromSeconds(seconds) });
        bench.Do("bob", new PhoneCommand.Dial("alice"));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "alice rings");
        bench.Run(seconds - 1);
        Assert.NotNull(bench.Ringing("alice"));
        bench.Until(() => bench["bob"].View.History.Count == 1, 2, "bob is told");
        Assert.Equal(302, bench["bob"].View.History[0].Status);
        var entry = bench["alice"].View.History[0];
        Assert.Equal((TurnedAway.NoAnswer, 302, false), (entry.TurnedAway, entry.Status, entry.IsMissed));
        Assert.Contains("call.forward-no-answer", entry.Explanation, StringComparison.Ordinal);
        Assert.Equal(0, bench.Demo.Turn.Allocations);
    }

    [Theory]
    [InlineData("all", true)]
    [InlineData("bob", true)]
    [InlineData("sip:bob@lab.test", true)]
    [InlineData("carol", false)]
    [InlineData("bob@elsewhere.example", false)]
    public void AutoAnswer_OnlyOfTheNamed_AndIsHeard(string from, bool answers)
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.SetManners("alice", new CallManners { AutoAnswer = TimeSpan.FromSeconds(2), AutoAnswerFrom = ["nobody", from] }));
        bench.Do("bob", new PhoneCommand.Dial("alice"));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "alice rings");
        bench.Run(1.5);
        Assert.NotNull(bench.Ringing("alice"));
        bench.Run(1);
        Assert.Equal(answers ? CallState.Connected : CallState.Ringing, bench["alice"].Call!.State);
        Assert.Equal(answers, bench.Line("alice", "is answered by itself") is not null);
        if (answers) Assert.Contains(bench["alice"].Shell.Heard.Last(TimeSpan.FromSeconds(1)), s => Math.Abs((int)s) > 3000);
    }

    [Theory]
    [InlineData("2s", "bob", "Answer-Mode", "Auto", CallState.Connected)]
    [InlineData("asked", "bob", "Answer-Mode", "Auto", CallState.Connected)]
    [InlineData("asked", "all", "Alert-Info", "<http://lab.test>;info=alert-autoanswer", CallState.Connected)]
    [InlineData("asked", "bob", "Subject", "hello", CallState.Ringing)]
    [InlineData("asked", "carol", "Answer-Mode", "Auto", CallState.Ringing)]
    [InlineData("asked", "carol", "Answer-Mode", "Auto;require", CallState.Ended)]
    [InlineData("off", "bob", "Answer-Mode", "Auto", CallState.Ringing)]
    [InlineData("off", "bob", "Priv-Answer-Mode", "Auto;require", CallState.Ended)]
    [InlineData("0s", "all", "Answer-Mode", "Manual", CallState.Ringing)]
    [Rfc("5373", "4.2", Line = "sip I16")]
    public void Wish_ToBeAnsweredAtOnce_IsGrantedToTheNamedAlone(string setting, string from, string header, string value, CallState state)
    {
        using var bench = new DeskBench(1, "alice");
        Assert.True(ProfileSetting.TryAutoAnswer(setting, out var how));
        bench.Do("alice", new PhoneCommand.SetManners("alice", new CallManners { AutoAnswer = how.After, AutoAnswerAsked = how.IsAsked, AutoAnswerFrom = [from] }));
        var host = bench.World.AddHost("bob", bench.World.Public, IpAddress.Parse("198.51.100.200"), Link.OfMilliseconds(10));
        var bob = new VirtualPhone(host, new PhoneOptions { Name = "bob", Codecs = [SdpCodec.Pcmu] }, CodecFactory.Instance);
        var account = bob.Register("bob");
        bench.Run(2);
        bob.Do((m, now) => m.Call(now, account, SipUri.Parse("sip:alice@lab.test"), new CallOptions { Headers = [new(header, value)] }));
        bench.Until(() => bench["alice"].View.Calls.Count > 0 || bench.Line("alice", "bob") is not null, 5, "alice rings");
        bench.Run(1);
        Assert.Equal(state, CallBench.States(bob).Last() is CallState.Early ? CallState.Ringing : CallBench.States(bob).Last());
        if (state == CallState.Ended) Assert.Equal(403, CallBench.Summary(bob)!.Status);
        bob.Machine.Dispose();
    }

    [Fact]
    public void AutoAnswer_DuringAnotherCall_DoesNotPutItOnHold()
    {
        using var bench = new DeskBench(1, "alice", "bob", "dave");
        bench.Do("alice", new PhoneCommand.SetManners("alice", new CallManners { AutoAnswer = TimeSpan.Zero, AutoAnswerFrom = ["bob"] }));
        var (_, talk) = bench.Connect("dave", "alice");
        bench.Do("bob", new PhoneCommand.Dial("alice"));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "alice rings");
        bench.Run(3);
        Assert.NotNull(bench.Ringing("alice"));
        Assert.True(bench.IsIn("alice", talk, CallState.Connected));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stranger_IsNeitherAnsweredNorSentOn(bool forwards)
    {
        using var bench = new DeskBench();
        DeskBench.AddUser(bench.AddDesk("alice"), "alice", o => o with
        {
            SipPort = 5060,
            RingFor = TimeSpan.FromSeconds(8),
            Manners = forwards
                ? new CallManners { ForwardAlways = SipUri.Parse("sip:carol@lab.test"), ForwardNoAnswer = SipUri.Parse("sip:carol@lab.test"), ForwardAfter = TimeSpan.FromSeconds(5) }
                : new CallManners { AutoAnswer = TimeSpan.Zero, AutoAnswerFrom = [CallManners.All] },
        }, CallsFrom.Anyone);
        bench.Until(() => bench["alice"].View.Accounts[0].State == RegistrationState.Registered, 5, "registered");
        var address = IpAddress.Parse("203.0.113.80");
        var peer = new ScriptedPeer(bench.World.AddHost("stranger", bench.World.Public, address, Link.OfMilliseconds(10)), address);
        peer.Do((agent, now) => agent.Invite(now, peer.Account, SipUri.Parse("sip:alice@198.51.100.100"), System.Text.Encoding.ASCII.GetBytes(peer.Describe())));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "alice rings");
        bench.Run(6);
        Assert.NotNull(bench.Ringing("alice"));
        bench.Run(4);
        Assert.Equal(480, Assert.Single(peer.Events.OfType<SipEvent.Ended>()).Status);
    }

    [Theory]
    [InlineData("sip:alice@lab.test", "in a circle")]
    [InlineData("sip:alice@LAB.test:5060", "in a circle")]
    public void Manners_ThatRunInACircle_AreNotTaken(string target, string words)
    {
        using var bench = new DeskBench(1, "alice");
        bench.Do("alice", new PhoneCommand.SetManners("alice", new CallManners { ForwardAlways = SipUri.Parse(target) }));
        bench.Complains("alice", words);
        Assert.Null(bench["alice"].View.Accounts[0].Manners.ForwardAlways);
    }

    private static void Forward(DeskBench bench, CallManners manners)
    {
        bench.Do("alice", new PhoneCommand.SetManners("alice", manners));
        Assert.Equal(manners, bench["alice"].View.Accounts[0].Manners);
    }
}
