using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Calls by a desk's commands, from dialling to the end.</summary>
public sealed class DeskCallTests
{
    [Theory]
    [InlineData("sip:bob@lab.test")]
    [InlineData("bob@lab.test")]
    [InlineData("bob")]
    [InlineData(" Bob B. ")]
    public void Dial_WhatAPersonTypes_RingsAtBobs(string typed)
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.SaveContact(new Contact("Bob B.", "bob@lab.test")));
        bench.Do("alice", new PhoneCommand.Dial(typed));
        bench.Until(() => bench.Ringing("bob") is not null, 5, "bob rings");
        Assert.Equal(("sip:bob@lab.test", "Bob B.", "alice"), (bench["alice"].Call!.Peer, bench["alice"].Call!.Name, bench["alice"].Call!.Account));
        Assert.Equal("sip:alice@lab.test", bench["bob"].Call!.Peer);
    }

    [Theory]
    [InlineData("", "nothing to call")]
    [InlineData("no body", "no contact \"no body\"")]
    [InlineData("mailto:bob@lab.test", "cannot be called")]
    [InlineData("sip:", "no SIP address")]
    [InlineData("@lab.test", "before @")]
    public void Dial_Nobody_IsAProblemWithTheWayOut(string typed, string words)
    {
        using var bench = new DeskBench(1, "alice");
        bench.Do("alice", new PhoneCommand.Dial(typed));
        bench.Complains("alice", words);
        bench.Complains("alice", "write a number");
        Assert.Empty(bench["alice"].View.Calls);
    }

    [Fact]
    public void Dial_WithoutAnAccount_SaysSo()
    {
        using var bench = new DeskBench();
        bench.AddDesk("nobody").Do(new PhoneCommand.Dial("bob"));
        bench.Complains("nobody", "no account");
        bench.Do("nobody", new PhoneCommand.Register("work"));
        bench.Complains("nobody", "no account work");
    }

    [Fact]
    public void Call_FromDialToEnd_IsToldAndStaysFiveSeconds()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        var (mine, theirs) = bench.Connect("alice", "bob");
        bench.Run(3.5);
        var view = bench.View("alice", mine)!;
        Assert.Equal(("host", CallDirection.Outgoing), (view.Path, view.Direction));
        Assert.InRange(view.Talked!.Value.TotalSeconds, 3.4, 4);
        Assert.NotNull(view.Media);
        Assert.NotNull(view.Ice);
        Assert.NotEmpty(view.Explanation);

        bench.Do("bob", new PhoneCommand.Hangup(theirs));
        bench.Run(1);
        view = bench.View("alice", mine)!;
        Assert.Equal(CallState.Ended, view.State);
        Assert.StartsWith("200 ", view.Ending, StringComparison.Ordinal);
        Assert.NotNull(bench.Line("alice", "bob@lab.test hung up after 0:0"));
        Assert.NotNull(bench.Line("bob", "hung up sip:alice@lab.test after 0:0"));
        var talked = view.Talked;
        bench.Run(3.5);
        Assert.Equal(talked, bench.View("alice", mine)!.Talked);
        bench.Run(1);
        Assert.Empty(bench["alice"].View.Calls);
        Assert.Empty(bench["bob"].View.Calls);
        bench.Do("alice", new PhoneCommand.Hangup(mine));
        bench.Complains("alice", "no call");
    }

    [Fact]
    public void Reject_Incoming_CallerHearsBusy()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench.Ringing("bob") is not null, 5, "bob rings");
        bench.Do("bob", new PhoneCommand.Reject(bench["bob"].Call!.Id));
        bench.Until(() => bench["alice"].Call!.State == CallState.Ended, 2, "alice knows");
        Assert.StartsWith("486", bench["alice"].Call!.Ending, StringComparison.Ordinal);
        Assert.NotNull(bench.Line("alice", "could not be reached"));
        Assert.NotNull(bench.Line("bob", "was refused"));
        Assert.Equal(0, bench["bob"].View.Missed);
    }

    [Fact]
    public void Dtmf_InACall_IsShownOnBothSides()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        var (mine, theirs) = bench.Connect("alice", "bob");
        bench.Run(0.5);
        bench.Do("alice", new PhoneCommand.Dtmf(mine, "12#"));
        bench.Run(0.1);
        Assert.True(Sines.Level(bench["alice"].Shell.Heard.Last(TimeSpan.FromSeconds(0.08)), 1209) > -40, "the key is heard by who presses it");
        bench.Run(1.5);
        Assert.Equal("12#", bench.View("alice", mine)!.DigitsSent);
        Assert.Equal("12#", bench.View("bob", theirs)!.DigitsHeard);
        bench.Do("alice", new PhoneCommand.Dtmf(mine, "1x"));
        bench.Complains("alice", "\"1x\" are no keys");
        Assert.Equal("12#", bench.View("alice", mine)!.DigitsSent);
    }

    [Fact]
    public void Commands_BeforeTheAnswer_AreProblemsAndChangeNothing()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench.Ringing("bob") is not null, 5, "bob rings");
        var call = bench["alice"].Call!.Id;
        foreach (var (command, words) in ((PhoneCommand, string)[])
        [
            (new PhoneCommand.Answer(call), "does not ring here"),
            (new PhoneCommand.Reject(call), "does not ring here"),
            (new PhoneCommand.Hold(call, true), "has not answered"),
            (new PhoneCommand.Dtmf(call, "1"), "has not answered"),
            (new PhoneCommand.Transfer(call, "carol"), "has not answered"),
            (new PhoneCommand.TransferTo(call, new CallId(99)), "no call 99"),
            (new PhoneCommand.TransferTo(call, call), "to itself"),
            (new PhoneCommand.Conference([call]), "has not answered"),
            (new PhoneCommand.Conference([]), "needs two calls"),
            (new PhoneCommand.Record(call, true), "has not answered"),
            (new PhoneCommand.Record(call, false), "not being recorded"),
            (new PhoneCommand.RestartIce(call), "has not answered"),
            (new PhoneCommand.Hangup(new CallId(99)), "no call 99"),
            (new PhoneCommand.UseAccount("nix"), "no account nix"),
            (new PhoneCommand.Dial("bob", "nix"), "no account nix"),
        ])
        {
            bench.Do("alice", command);
            bench.Complains("alice", words);
        }

        bench.Do("bob", new PhoneCommand.Answer(bench["bob"].Call!.Id));
        bench.Until(() => bench.IsIn("alice", call, CallState.Connected), 3, "they talk all the same");
    }

    [Fact]
    public void Incoming_NinthCall_IsToldBusyAndMissed()
    {
        using var bench = new DeskBench(1, "alice", "bob", "carol");
        for (var i = 0; i < 8; i++) bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench["bob"].View.Calls.Count(c => c.State == CallState.Ringing) == 8, 5, "eight calls ring");
        bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Complains("alice", "8 calls are going on");
        bench.Do("carol", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench["carol"].Call!.State == CallState.Ended, 3, "carol is told");
        Assert.StartsWith("486", bench["carol"].Call!.Ending, StringComparison.Ordinal);
        Assert.Equal(1, bench["bob"].View.Missed);
        Assert.NotNull(bench.Line("bob", "was told that we are busy"));
        Assert.Equal(8, bench["bob"].View.Calls.Count(c => c.State == CallState.Ringing));
    }

    [Fact]
    public void Quality_OneValueASecond_OfThatSecond()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        var (mine, _) = bench.Connect("alice", "bob");
        bench.Run(10.2);
        var clean = bench.View("alice", mine)!.Quality;
        Assert.Equal(10, clean.Mos.Count);
        Assert.All(clean.Mos.Skip(1), m => Assert.InRange(m, 4, 4.5));
        Assert.All(clean.RxLoss.Skip(1), l => Assert.Equal(0, l));
        Assert.All(clean.JitterMs.Skip(1), j => Assert.InRange(j, 0, 5));
        bench.Lose("bob", 0.5);
        bench.Run(5);
        bench.Lose("bob", 0);
        bench.Run(57);
        var after = bench.View("alice", mine)!.Quality;
        Assert.Equal((60, 60, 60, 60), (after.Mos.Count, after.RxLoss.Count, after.JitterMs.Count, after.RttMs.Count));
        Assert.True(after.RxLoss[0] is > 20 and < 80 || after.RxLoss[1] is > 20 and < 80, string.Join(' ', after.RxLoss));
        Assert.True(after.Mos.Take(4).Min() < 3, string.Join(' ', after.Mos));
        Assert.Equal(0, after.RxLoss[^1]);
        Assert.True(after.Mos[^1] > 4, "loss of long ago is not of this second");
        Assert.InRange(after.RttMs[^1], 30, 60);
        Assert.True(after.Minute.LossPercent > 1, $"{after.Minute}");
        bench.Run(8);
        var late = bench.View("alice", mine)!;
        Assert.Equal(0, late.Quality.Minute.LossPercent);
        Assert.True(late.Quality.Minute.Mos > 4 && late.Quality.Minute.Mos > late.Media!.Mos, $"{late.Quality.Minute}, {late.Media!.Mos} of the call");
        Assert.True(late.Media!.Rx.LossPercent > 1, "the mean of the call keeps it");
    }

    [Fact]
    public void Watch_ACall_PutsItsTraceIntoTheViews()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        var (mine, _) = bench.Connect("alice", "bob");
        Assert.Empty(bench.View("alice", mine)!.Trace);
        bench["alice"].Desk.Watch = mine;
        var trace = bench.View("alice", mine)!.Trace;
        Assert.Contains(trace, e => e is SipTrace.Message m && m.StartLine.StartsWith("INVITE", StringComparison.Ordinal));
        Assert.Contains(trace, e => e is Nat.IceTrace);
        Assert.Same(trace, bench.View("alice", mine)!.Trace);
        bench.Do("alice", new PhoneCommand.Hangup(mine));
        bench.Run(1);
        Assert.Contains(bench.View("alice", mine)!.Trace, e => e is SipTrace.Message m && m.StartLine.StartsWith("BYE", StringComparison.Ordinal));
    }

    [Fact]
    public void RestartIce_InACall_IsDoneAndTold()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        var (mine, _) = bench.Connect("alice", "bob");
        bench.Run(1);
        var offers = bench["alice"].Desk.Accounts.First().Phone.Trace.Entries.OfType<SipTrace.Message>().Count(m => m.IsSent && m.StartLine.StartsWith("INVITE", StringComparison.Ordinal));
        bench.Do("alice", new PhoneCommand.RestartIce(mine));
        bench.Run(2);
        Assert.NotNull(bench.Line("alice", "looking for a better path"));
        Assert.True(bench["alice"].Desk.Accounts.First().Phone.Trace.Entries.OfType<SipTrace.Message>().Count(m => m.IsSent && m.StartLine.StartsWith("INVITE", StringComparison.Ordinal)) > offers);
        Assert.True(bench.IsIn("alice", mine, CallState.Connected));
    }

    [Fact]
    public void CallsThatAreOver_MoreThanAnybodyReads_LeaveTheViewBeforeTheirTime()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        for (var i = 0; i < 40; i++)
        {
            bench.Do("alice", new PhoneCommand.Dial("bob"));
            bench.Do("alice", new PhoneCommand.Hangup(bench["alice"].View.Calls[^1].Id));
        }

        Assert.InRange(bench["alice"].View.Calls.Count, 9, 32);
        Assert.Equal(40, bench["alice"].View.History.Count);
        bench.Run(20);
        Assert.Empty(bench["alice"].View.Calls);
    }

    [Fact]
    public void OtherCommands_GoToTheShell()
    {
        using var bench = new DeskBench(1, "alice");
        PhoneCommand[] commands = [new PhoneCommand.Copy("x"), new PhoneCommand.SaveReport(new CallId(1)), new PhoneCommand.CreateProfile(new ProfileDraft(new Profile())), new PhoneCommand.Quit()];
        foreach (var command in commands) bench.Do("alice", command);
        Assert.Equal(commands, bench["alice"].Shell.Asked);
        bench.Do("alice", new PhoneCommand.UseDevice(DeviceRole.Output, "Headset"));
        bench.Do("alice", new PhoneCommand.Meter(true));
        var audio = bench["alice"].View.Audio;
        Assert.Equal(("Headset", true), (audio.Output.Chosen, audio.IsMeterOn));
        bench.Do("alice", new PhoneCommand.Volume(99));
        Assert.Equal(12, bench["alice"].View.Audio.VolumeDb);
    }
}
