using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>What the phone itself lets be heard while a call comes, goes, and ends. The tones are Europe's: 425 Hz.</summary>
public sealed class DeskToneTests
{
    private const double Tone = 425;

    [Fact]
    public void Incoming_Rings_UntilAnswered()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench.Ringing("bob") is not null, 5, "bob rings");
        bench.Run(1);
        Assert.InRange(bench["bob"].Shell.Rung.Written / 48_000.0, 0.9, 1.1);
        Assert.False(bench["bob"].Shell.Rung.Last(TimeSpan.FromSeconds(1)).IsSilent());
        bench.Do("bob", new PhoneCommand.Answer(bench["bob"].Call!.Id));
        bench.Run(0.03);
        var rung = bench["bob"].Shell.Rung.Written;
        bench.Run(2);
        Assert.Equal(rung, bench["bob"].Shell.Rung.Written);
    }

    [Fact]
    public void Incoming_GivenUp_StopsRinging()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench.Ringing("bob") is not null, 5, "bob rings");
        bench.Do("alice", new PhoneCommand.Hangup(bench["alice"].Call!.Id));
        bench.Run(0.5);
        var rung = bench["bob"].Shell.Rung.Written;
        bench.Run(2);
        Assert.Equal(rung, bench["bob"].Shell.Rung.Written);
        Assert.Null(bench["bob"].Desk.NextTimeout is { } due && due < bench.Now + TimeSpan.FromMilliseconds(100) ? due : null);
    }

    [Fact]
    public void Outgoing_HearsRingback_UntilTheAnswer()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench["alice"].Call!.State == CallState.Ringing, 5, "it rings there");
        bench.Run(0.6);
        Assert.True(bench.Heard("alice").Hears(Tone));
        bench.Run(1);
        Assert.False(bench.Heard("alice").Hears(Tone), "a second on, four off");
        bench.Run(4);
        Assert.True(bench["alice"].Shell.Heard.Last(TimeSpan.FromSeconds(1.5)).Hears(Tone), "and again");
        bench.Do("bob", new PhoneCommand.Answer(bench["bob"].Call!.Id));
        bench.Run(5.5);
        Assert.False(bench["alice"].Shell.Heard.Last(TimeSpan.FromSeconds(5)).Hears(Tone));
    }

    [Theory]
    [InlineData(486, 0.48)]
    [InlineData(503, 0.24)]
    public void Outgoing_Refused_HearsWhy_AndThenSilence(int status, double on)
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench.Ringing("bob") is not null, 5, "bob rings");
        bench.Run(1.5);
        bench.Do("bob", new PhoneCommand.Reject(bench["bob"].Call!.Id, status));
        bench.Until(() => bench["alice"].Call!.State == CallState.Ended, 3, "alice knows");
        bench.Run(on - 0.05);
        Assert.True(bench["alice"].Shell.Heard.Last(TimeSpan.FromSeconds(on - 0.1)).Hears(Tone));
        bench.Run(on);
        Assert.False(bench["alice"].Shell.Heard.Last(TimeSpan.FromSeconds(on - 0.15)).Hears(Tone));
        bench.Run(5);
        var written = bench["alice"].Shell.Heard.Written;
        bench.Run(2);
        Assert.Equal(written, bench["alice"].Shell.Heard.Written);
    }

    [Fact]
    public void PeerHangsUp_IsHeard_OwnHangupIsNot()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        var (_, theirs) = bench.Connect("alice", "bob");
        bench.Run(1);
        bench.Do("bob", new PhoneCommand.Hangup(theirs));
        bench.Run(0.3);
        Assert.True(bench["alice"].Shell.Heard.Last(TimeSpan.FromSeconds(0.25)).Hears(480));
        Assert.False(bench["bob"].Shell.Heard.Last(TimeSpan.FromSeconds(0.25)).Hears(480));
    }

    [Fact]
    public void PeerHangsUp_WhileAnotherTalks_IsNotHeard()
    {
        using var bench = new DeskBench(1, "alice", "bob", "carol");
        var (first, bobs) = bench.Connect("alice", "bob");
        bench.Connect("alice", "carol");
        bench.Do("bob", new PhoneCommand.Hangup(bobs));
        bench.Until(() => bench.IsIn("alice", first, CallState.Ended), 3, "bob is gone");
        bench.Run(0.5);
        Assert.False(bench.Heard("alice").Hears(480));
    }

    [Fact]
    public void TestRing_RingsForAMoment()
    {
        using var bench = new DeskBench(1, "alice");
        bench.Do("alice", new PhoneCommand.TestRing());
        bench.Run(5);
        Assert.InRange(bench["alice"].Shell.Rung.Written / 48_000.0, 1.9, 2.2);
    }

    [Fact]
    public void Meter_WithoutACall_ShowsTheMicrophone()
    {
        using var bench = new DeskBench(1, "alice");
        bench.Hum("alice", 500);
        bench.Do("alice", new PhoneCommand.Meter(true));
        bench.Run(1);
        Assert.InRange(bench["alice"].View.Audio.InputDbfs!.Value, -25, -10);
        bench.Do("alice", new PhoneCommand.Meter(false));
        bench.Run(0.1);
        Assert.Null(bench["alice"].View.Audio.InputDbfs);
        Assert.False(bench["alice"].View.Audio.IsMeterOn);
    }
}
