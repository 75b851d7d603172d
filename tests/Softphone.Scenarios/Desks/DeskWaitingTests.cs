using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>A second call beside the first: waiting, hold, swap; and who hears whom meanwhile.</summary>
public sealed class DeskWaitingTests
{
    [Fact]
    public void SecondIncoming_WhileTalking_DisturbsNothingAndBeeps()
    {
        using var bench = Three();
        var (mine, _) = bench.Connect("alice", "bob");
        bench.Run(1);
        var rung = bench["alice"].Shell.Rung.Written;
        bench.Do("carol", new PhoneCommand.Dial("alice"));
        bench.Until(() => bench.Ringing("alice") is not null, 5, "carol waits");
        bench.Run(0.15);
        Assert.True(bench["alice"].Shell.Heard.Last(TimeSpan.FromSeconds(0.1)).Hears(425), "a soft beep in the ear");
        bench.Run(1);
        Assert.Equal(rung, bench["alice"].Shell.Rung.Written);
        Assert.True(bench.IsIn("alice", mine, CallState.Connected));
        Assert.True(bench.Heard("alice").Hears(700) && bench.Heard("bob").Hears(500), "alice and bob hear each other all the while");
        Assert.True(bench.Heard("carol").Hears(425), "carol hears ringback");
    }

    [Fact]
    public void AnswerSecond_HoldsFirst_AndSwapGoesBack()
    {
        using var bench = Three();
        var (first, bobs) = bench.Connect("alice", "bob");
        bench.Do("carol", new PhoneCommand.Dial("alice"));
        bench.Until(() => bench.Ringing("alice") is not null, 5, "carol waits");
        var second = bench["alice"].Call!.Id;
        bench.Do("alice", new PhoneCommand.Answer(second));
        bench.Until(() => bench.IsIn("alice", second, CallState.Connected) && bench.IsIn("alice", first, CallState.Held), 3, "carol talks, bob is held");
        bench.Run(1);
        Assert.True(bench.View("alice", first)!.IsHeldHere);
        Assert.True(bench.View("bob", bobs)!.IsHeldThere);
        Assert.NotNull(bench.Line("bob", "holds us"));
        Hears(bench, "alice", carol: true, bob: false);
        Hears(bench, "carol", alice: true, bob: false);
        Hears(bench, "bob");

        bench.Do("alice", new PhoneCommand.SwitchTo(first));
        bench.Until(() => bench.IsIn("alice", first, CallState.Connected) && bench.IsIn("alice", second, CallState.Held), 3, "swapped");
        bench.Run(1);
        Hears(bench, "alice", bob: true, carol: false);
        Hears(bench, "bob", alice: true);
        Hears(bench, "carol");
        Assert.NotNull(bench.Line("bob", "is back"));
    }

    [Fact]
    public void EndOfTheActiveCall_ResumesNothing_ButOffersTheHeldOne()
    {
        using var bench = Three();
        var (first, _) = bench.Connect("alice", "bob");
        var (second, carols) = bench.Connect("alice", "carol");
        Assert.True(bench.View("alice", first)!.IsHeldHere);
        bench.Do("carol", new PhoneCommand.Hangup(carols));
        bench.Run(2);
        Assert.True(bench.View("alice", first)!.IsHeldHere);
        var offer = bench.Line("alice", "still on hold")!;
        Assert.Equal(first, offer.Call);
        bench.Do("alice", new PhoneCommand.Hold(first, false));
        bench.Run(1);
        Assert.True(bench.IsIn("alice", first, CallState.Connected));
        Hears(bench, "alice", bob: true);
        Assert.Equal(CallState.Ended, bench.View("alice", second)!.State);
    }

    [Fact]
    public void Hold_AndResume_StopsAndStartsSoundBothWays()
    {
        using var bench = Three();
        var (mine, _) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Hold(mine, true));
        bench.Run(1.5);
        Hears(bench, "alice");
        Hears(bench, "bob");
        bench.Do("alice", new PhoneCommand.Hold(mine, false));
        bench.Run(1.5);
        Hears(bench, "alice", bob: true);
        Hears(bench, "bob", alice: true);
    }

    [Fact]
    public void Mute_SendsSilence_AndStillHears()
    {
        using var bench = Three();
        bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Mute(true));
        bench.Run(1.5);
        Assert.True(bench["alice"].View.Audio.IsMuted);
        Hears(bench, "bob");
        Hears(bench, "alice", bob: true);
        bench.Do("alice", new PhoneCommand.Mute(false));
        bench.Run(1.5);
        Hears(bench, "bob", alice: true);
    }

    /// <summary>Who hangs up muted is heard in the next call.</summary>
    [Fact]
    public void Mute_EndsWithItsCall()
    {
        using var bench = Three();
        var (mine, _) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Mute(true));
        bench.Do("alice", new PhoneCommand.Hangup(mine));
        bench.Run(1);
        Assert.False(bench["alice"].View.Audio.IsMuted);
        bench.Connect("alice", "bob");
        bench.Run(1.5);
        Hears(bench, "bob", alice: true);
    }

    [Fact]
    public void Volume_ChangesWhatIsHeard()
    {
        using var bench = Three();
        bench.Connect("alice", "bob");
        bench.Run(1);
        var before = Sines.Level(bench.Heard("alice"), 700);
        bench.Do("alice", new PhoneCommand.Volume(-12));
        bench.Run(1);
        Assert.InRange(before - Sines.Level(bench.Heard("alice"), 700), 11, 13);
        Assert.InRange(bench["alice"].View.Audio.OutputDbfs!.Value, -60, 0);
        Assert.InRange(bench["alice"].View.Audio.InputDbfs!.Value, -30, 0);
    }

    [Fact]
    public void OutgoingAnswered_WhileAnotherTalks_HoldsTheOther()
    {
        using var bench = Three();
        var (first, _) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Dial("carol"));
        bench.Until(() => bench.Ringing("carol") is not null, 5, "carol rings");
        Assert.True(bench.View("alice", first)!.IsHeldHere, "who dials holds");
        bench.Do("alice", new PhoneCommand.SwitchTo(first));
        bench.Run(1);
        Assert.False(bench.View("alice", first)!.IsHeldHere);
        Hears(bench, "alice", bob: true);
        bench.Do("carol", new PhoneCommand.Answer(bench["carol"].Call!.Id));
        bench.Run(1.5);
        Assert.True(bench.View("alice", first)!.IsHeldHere);
        Hears(bench, "alice", carol: true);
    }

    [Fact]
    public void BothHold_EachShowsItsOwnAndTheOthers()
    {
        using var bench = Three();
        var (mine, bobs) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Hold(mine, true));
        bench.Run(1);
        bench.Do("bob", new PhoneCommand.Hold(bobs, true));
        bench.Run(1);
        Assert.True(bench.View("bob", bobs) is { IsHeldHere: true, IsHeldThere: true });
        Assert.True(bench.View("alice", mine) is { IsHeldHere: true, IsHeldThere: true });
    }

    /// <summary>Alice hums 500 Hz, bob 700, carol 1100.</summary>
    private static DeskBench Three()
    {
        var bench = new DeskBench(1, "alice", "bob", "carol");
        bench.Hum("alice", 500);
        bench.Hum("bob", 700);
        bench.Hum("carol", 1100);
        return bench;
    }

    private static void Hears(DeskBench bench, string who, bool alice = false, bool bob = false, bool carol = false)
    {
        var heard = bench.Heard(who);
        var found = (heard.Hears(500), heard.Hears(700), heard.Hears(1100));
        bench.That(found == (alice, bob, carol), $"{who} hears (alice, bob, carol) as {found}");
    }
}
