using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Transfers by a desk's commands; alice hums 500 Hz, bob 700, carol 1100.</summary>
public sealed class DeskTransferTests
{
    [Fact]
    public void BlindTransfer_JoinsThePeers_AndLeavesUs()
    {
        using var bench = Bench();
        var (mine, bobs) = bench.Connect("alice", "bob");
        bench.Do("bob", new PhoneCommand.Record(bobs, true));
        bench.Run(1);
        bench.Do("alice", new PhoneCommand.Transfer(mine, "carol"));
        bench.Until(() => bench.Ringing("carol") is not null, 5, "carol rings");
        bench.Run(0.8);
        Assert.Contains("to sip:carol@lab.test", bench.View("alice", mine)!.Transfer, StringComparison.Ordinal);
        Assert.NotNull(bench.Line("bob", "sends us to sip:carol@lab.test"));
        Assert.True(bench.Heard("bob").Hears(425), "who is sent hears that it rings");
        bench.Do("carol", new PhoneCommand.Answer(bench["carol"].Call!.Id));
        bench.Until(() => bench.IsIn("alice", mine, CallState.Ended), 5, "alice has left");
        Assert.NotNull(bench.Line("alice", "is transferred to sip:carol@lab.test"));
        bench.Run(2);
        Assert.True(bench.Heard("bob").Hears(1100) && bench.Heard("carol").Hears(700), "bob and carol talk");
        Assert.False(bench.Heard("carol").Hears(500));
        Assert.Equal(CallState.Connected, bench["bob"].Call!.State);
        Assert.Equal("sip:carol@lab.test", bench["bob"].Call!.Peer);
        Assert.Equal("recording-1.wav", bench["bob"].Call!.Recording);
        Assert.DoesNotContain(bench["alice"].View.Events, e => e.IsProblem);
        bench.Do("bob", new PhoneCommand.Hangup(bench["bob"].Call!.Id));
        bench.Run(1);
        Assert.True(bench["bob"].Shell.Recordings[0].Sound.IsClosed);
        Assert.True(bench["bob"].Shell.Recordings[0].Sound.Last(TimeSpan.FromSeconds(1)).Hears(1100));
    }

    [Fact]
    public void BlindTransfer_Refused_TheCallIsAsItWas()
    {
        using var bench = Bench();
        var (mine, _) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Transfer(mine, "carol"));
        bench.Until(() => bench.Ringing("carol") is not null, 5, "carol rings");
        bench.Do("carol", new PhoneCommand.Reject(bench["carol"].Call!.Id));
        bench.Until(() => bench.Line("alice", "was not transferred") is not null, 5, "alice is told");
        Assert.True(bench.Line("alice", "was not transferred")!.IsProblem);
        bench.Run(2);
        Assert.True(bench.View("alice", mine) is { State: CallState.Connected, IsHeldHere: false });
        Assert.Contains("failed", bench.View("alice", mine)!.Transfer, StringComparison.Ordinal);
        Assert.True(bench.Heard("alice").Hears(700) && bench.Heard("bob").Hears(500));
    }

    [Fact]
    public void BlindTransfer_ToNobody_IsAProblem()
    {
        using var bench = Bench();
        var (mine, _) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Transfer(mine, "no body"));
        bench.Complains("alice", "no contact");
        Assert.Equal("", bench.View("alice", mine)!.Transfer);
    }

    /// <summary>Whichever is named first: who was there first is sent to who was asked.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("5589", "7")]
    public void AttendedTransfer_JoinsTwoCalls(bool namesTheNewer)
    {
        using var bench = Bench();
        var (first, _) = bench.Connect("alice", "bob");
        var (second, _) = bench.Connect("alice", "carol");
        bench.Run(1);
        bench.Do("alice", namesTheNewer ? new PhoneCommand.TransferTo(second, first) : new PhoneCommand.TransferTo(first, second));
        bench.Until(() => bench.IsIn("alice", first, CallState.Ended) && bench.IsIn("alice", second, CallState.Ended), 6, "alice has left both");
        bench.Run(1.5);
        Assert.True(bench.Heard("bob").Hears(1100) && bench.Heard("carol").Hears(700), "bob and carol talk");
        Assert.Equal("sip:bob@lab.test", bench["carol"].Call!.Peer);
        Assert.NotNull(bench.Line("carol", "takes the place of sip:alice@lab.test"));
        Assert.DoesNotContain(bench["alice"].View.Events, e => e.IsProblem);
        Assert.Equal(2, bench["alice"].View.History.Count);
    }

    [Fact]
    public void AttendedTransfer_BetweenAccounts_JoinsTwoCalls()
    {
        using var bench = Bench();
        DeskBench.AddUser(bench["alice"], "dave");
        bench.Run(2);
        var (first, _) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.UseAccount("dave"));
        var (second, _) = bench.Connect("alice", "carol");
        Assert.Equal("dave", bench.View("alice", second)!.Account);
        bench.Run(1);
        bench.Do("alice", new PhoneCommand.TransferTo(first, second));
        bench.Until(() => bench.IsIn("alice", first, CallState.Ended) && bench.IsIn("alice", second, CallState.Ended), 8, "alice has left both");
        bench.Run(1.5);
        Assert.True(bench.Heard("bob").Hears(1100) && bench.Heard("carol").Hears(700), "bob and carol talk");
    }

    [Fact]
    public void AttendedTransfer_ToOneThatRings_LetsThePeerCall()
    {
        using var bench = Bench();
        var (first, _) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Dial("carol"));
        bench.Until(() => bench.Ringing("carol") is not null, 5, "carol rings");
        bench.Do("alice", new PhoneCommand.TransferTo(first, bench["alice"].Call!.Id));
        bench.Until(() => bench.Ringing("carol")?.Peer == "sip:bob@lab.test", 5, "bob calls carol");
    }

    [Fact]
    public void Transfer_OfACallBeingTransferred_IsRefused()
    {
        using var bench = Bench();
        var (mine, _) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Transfer(mine, "carol"));
        bench.Run(1);
        bench.Do("alice", new PhoneCommand.Transfer(mine, "dave"));
        bench.Complains("alice", "is being transferred already");
    }

    [Fact]
    public void SentElsewhere_WhileTalkingToAnother_TheNewCallWaits()
    {
        using var bench = Bench();
        bench.Add("dave");
        bench.Run(2);
        var (mine, _) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Transfer(mine, "carol"));
        bench.Until(() => bench.Ringing("carol") is not null, 5, "carol rings");
        var (daves, _) = bench.Connect("bob", "dave");
        bench.Do("carol", new PhoneCommand.Answer(bench["carol"].Call!.Id));
        bench.Until(() => bench.IsIn("alice", mine, CallState.Ended), 5, "alice has left");
        bench.Run(2);
        Assert.True(bench.View("bob", daves) is { State: CallState.Connected, IsHeldHere: false });
        var waiting = bench["bob"].View.Calls.Single(c => c.Peer == "sip:carol@lab.test" && c.State != CallState.Ended);
        Assert.True(waiting.IsHeldHere);
        bench.Do("bob", new PhoneCommand.SwitchTo(waiting.Id));
        bench.Run(1.5);
        Assert.True(bench.Heard("bob").Hears(1100) && bench.Heard("carol").Hears(700));
    }

    [Fact]
    public void SentElsewhere_AsksAndShowsWhom()
    {
        using var bench = Bench(ReferralPolicy.Ask);
        var (mine, bobs) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Transfer(mine, "carol"));
        bench.Until(() => bench.View("bob", bobs)?.Asked is not null, 5, "bob is asked");
        bench.Run(2);
        Assert.Null(bench.Ringing("carol"));
        Assert.True(bench.View("bob", bobs)!.Asked is { User: "carol", Host: "lab.test", IsByServer: true });
        Assert.Contains("asks us to call sip:carol@lab.test", bench.View("bob", bobs)!.Transfer, StringComparison.Ordinal);
        bench.Do("bob", new PhoneCommand.DecideTransfer(bobs, true));
        bench.Until(() => bench.Ringing("carol") is not null, 5, "carol rings");
        Assert.Null(bench.View("bob", bobs)!.Asked);
        bench.Do("carol", new PhoneCommand.Answer(bench["carol"].Call!.Id));
        bench.Until(() => bench.IsIn("alice", mine, CallState.Ended), 5, "alice has left");
        bench.Run(2);
        Assert.True(bench.Heard("bob").Hears(1100) && bench.Heard("carol").Hears(700), "bob and carol talk");
    }

    [Fact]
    public void SentElsewhere_Declined_BothAreTold()
    {
        using var bench = Bench(ReferralPolicy.Ask);
        var (mine, bobs) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Transfer(mine, "carol"));
        bench.Until(() => bench.View("bob", bobs)?.Asked is not null, 5, "bob is asked");
        bench.Do("bob", new PhoneCommand.DecideTransfer(bobs, false));
        bench.Until(() => bench.Line("alice", "was not transferred") is not null, 5, "alice is told");
        Assert.NotNull(bench.Line("bob", "which was declined"));
        Assert.Equal("", bench.View("bob", bobs)!.Transfer);
        bench.Do("bob", new PhoneCommand.DecideTransfer(bobs, true));
        bench.Complains("bob", "nobody asks");
    }

    [Fact]
    public void SentElsewhere_ByOneWhoHangsUp_TheQuestionStandsAndTheNewCallIsHeard()
    {
        using var bench = Bench(ReferralPolicy.Ask);
        var (mine, bobs) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Transfer(mine, "carol"));
        bench.Until(() => bench.View("bob", bobs)?.Asked is not null, 5, "bob is asked");
        bench.Do("alice", new PhoneCommand.Hangup(mine));
        bench.Run(10);
        Assert.True(bench.View("bob", bobs) is { State: CallState.Ended, Asked: not null }, "it is still asked");
        bench.Do("bob", new PhoneCommand.DecideTransfer(bobs, true));
        bench.Until(() => bench.Ringing("carol") is not null, 5, "carol rings");
        bench.Do("carol", new PhoneCommand.Answer(bench["carol"].Call!.Id));
        bench.Run(2);
        Assert.True(bench.Heard("bob").Hears(1100) && bench.Heard("carol").Hears(700), "bob and carol talk");
        bench.Run(30);
        Assert.Null(bench.View("bob", bobs));
    }

    private static DeskBench Bench(ReferralPolicy transfers = ReferralPolicy.Follow)
    {
        var bench = new DeskBench(1) { Transfers = transfers };
        foreach (var user in (string[])["alice", "bob", "carol"]) bench.Add(user);
        bench.Run(2);
        bench.Hum("alice", 500);
        bench.Hum("bob", 700);
        bench.Hum("carol", 1100);
        return bench;
    }
}
