using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Everybody hears everybody: alice's desk mixes.</summary>
public sealed class DeskConferenceTests
{
    private static readonly (string Name, double Hertz)[] People = [("alice", 500), ("bob", 700), ("carol", 1100), ("dave", 1500)];

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Conference_AllHearAllOthers_AndNobodyHimself(int people)
    {
        using var bench = Bench(people);
        var calls = ConnectAll(bench, people);
        bench.Do("alice", new PhoneCommand.Conference(calls));
        bench.Run(2);
        Assert.All(bench["alice"].View.Calls, c => Assert.True(c is { InConference: true, IsHeldHere: false, State: CallState.Connected }));
        Assert.NotNull(bench.Line("alice", "conference of you"));
        foreach (var (who, _) in People.Take(people))
            foreach (var (other, hertz) in People.Take(people))
                Hears(bench, who, hertz, who != other);
    }

    [Fact]
    public void Conference_WhereOneLeaves_EndsAndTheOtherTalksOn()
    {
        using var bench = Bench(3);
        var calls = ConnectAll(bench, 3);
        bench.Do("alice", new PhoneCommand.Conference(calls));
        bench.Run(1);
        bench.Do("carol", new PhoneCommand.Hangup(bench["carol"].Call!.Id));
        bench.Run(1.5);
        Assert.False(bench.View("alice", calls[0])!.InConference);
        Assert.NotNull(bench.Line("alice", "the conference is over"));
        Hears(bench, "alice", 700, true);
        Hears(bench, "bob", 500, true);
    }

    [Fact]
    public void Conference_OfFourWhereOneLeaves_GoesOn()
    {
        using var bench = Bench(4);
        var calls = ConnectAll(bench, 4);
        bench.Do("alice", new PhoneCommand.Conference(calls));
        bench.Run(1);
        bench.Do("alice", new PhoneCommand.Hangup(calls[0]));
        bench.Run(1.5);
        Assert.Equal(2, bench["alice"].View.Calls.Count(c => c.InConference));
        Hears(bench, "carol", 1500, true);
        Hears(bench, "dave", 1100, true);
        Hears(bench, "alice", 1500, true);
    }

    [Fact]
    public void Conference_Ended_HoldsAllButOne()
    {
        using var bench = Bench(3);
        var calls = ConnectAll(bench, 3);
        bench.Do("alice", new PhoneCommand.Conference(calls));
        bench.Run(1);
        bench.Do("alice", new PhoneCommand.Conference([calls[0]]));
        bench.Run(1.5);
        Assert.All(bench["alice"].View.Calls, c => Assert.False(c.InConference));
        Assert.Equal((false, true), (bench.View("alice", calls[0])!.IsHeldHere, bench.View("alice", calls[1])!.IsHeldHere));
        Hears(bench, "bob", 500, true);
        Hears(bench, "bob", 1100, false);
        Hears(bench, "carol", 500, false);
    }

    [Fact]
    public void Conference_IsHeldAndTakenUpAsOne()
    {
        using var bench = Bench(4);
        var calls = ConnectAll(bench, 3);
        bench.Do("alice", new PhoneCommand.Conference(calls));
        bench.Run(1);
        var (fourth, _) = bench.Connect("alice", "dave");
        bench.Run(1);
        Assert.All(calls, c => Assert.True(bench.View("alice", c) is { IsHeldHere: true, InConference: true }));
        Hears(bench, "bob", 1100, false);
        Hears(bench, "dave", 500, true);
        bench.Do("alice", new PhoneCommand.SwitchTo(calls[1]));
        bench.Run(1.5);
        Assert.True(bench.View("alice", fourth)!.IsHeldHere);
        Hears(bench, "bob", 1100, true);
        Hears(bench, "carol", 700, true);
        Hears(bench, "dave", 500, false);
    }

    [Fact]
    public void Conference_WithAPeerWhoHolds_IsRefused()
    {
        using var bench = Bench(3);
        var calls = ConnectAll(bench, 3);
        bench.Do("carol", new PhoneCommand.Hold(bench["carol"].Call!.Id, true));
        bench.Run(1);
        bench.Do("alice", new PhoneCommand.Conference(calls));
        bench.Complains("alice", "holds the call");
        Assert.All(bench["alice"].View.Calls, c => Assert.False(c.InConference));
    }

    [Fact]
    public void Mute_InAConference_OthersHearEachOtherStill()
    {
        using var bench = Bench(3);
        var calls = ConnectAll(bench, 3);
        bench.Do("alice", new PhoneCommand.Conference(calls));
        bench.Do("alice", new PhoneCommand.Mute(true));
        bench.Run(2);
        Hears(bench, "bob", 500, false);
        Hears(bench, "bob", 1100, true);
        Hears(bench, "carol", 700, true);
    }

    private static DeskBench Bench(int people)
    {
        var bench = new DeskBench(1, [.. People.Take(people).Select(p => p.Name)]);
        foreach (var (name, hertz) in People.Take(people)) bench.Hum(name, hertz);
        return bench;
    }

    private static List<CallId> ConnectAll(DeskBench bench, int people) => [.. People.Skip(1).Take(people - 1).Select(p => bench.Connect("alice", p.Name).Caller)];

    private static void Hears(DeskBench bench, string who, double hertz, bool heard) =>
        bench.That(bench.Heard(who).Hears(hertz) == heard, $"{who} {(heard ? "does not hear" : "hears")} {hertz} Hz: {Sines.Level(bench.Heard(who), hertz):0.0} dB");
}
