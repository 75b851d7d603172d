using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>People who press anything at any time, from a seed: nothing throws, one talk at a time, and nothing is left at the end.</summary>
public sealed class DeskRandomTests
{
    private static readonly string[] Names = ["alice", "bob", "carol"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Desks_UnderRandomCommands_KeepTheirRules(ulong seed)
    {
        using var bench = new DeskBench(seed, Names);
        DeskBench.AddUser(bench["alice"], "dave");
        var chance = new SeededEntropy(seed);
        for (var step = 0; step < 150; step++)
        {
            var who = Names[chance.NextInt(Names.Length)];
            var command = Random(chance, bench[who].View);
            bench.Do(who, command);
            bench.Run(chance.NextInt(4) switch { 0 => 0, 1 => 0.05, 2 => 0.5, _ => 2 });
            foreach (var name in Names) Check(bench, name, $"seed {seed} step {step}: {who} {command}");
        }

        foreach (var name in Names) bench[name].Shutdown();
        bench.Until(() => Names.All(n => bench[n].Desk.IsDown), 5, $"seed {seed}: all are down");
        bench.Run(7);
        foreach (var name in Names)
        {
            var view = bench[name].View;
            bench.That(view.Calls.Count == 0, $"seed {seed}: {name} still shows calls");
            bench.That(bench[name].Shell.Recordings.All(r => r.Sound.IsClosed), $"seed {seed}: {name} left a recording open");
            bench.That(bench[name].Desk.NextTimeout is null, $"seed {seed}: {name} has a timer at {bench[name].Desk.NextTimeout}");
            var (heard, rung) = (bench[name].Shell.Heard.Written, bench[name].Shell.Rung.Written);
            bench.Run(1);
            bench.That((heard, rung) == (bench[name].Shell.Heard.Written, bench[name].Shell.Rung.Written), $"seed {seed}: {name} still sounds");
        }

        bench.That((bench.Demo.Sip.Bindings, bench.Demo.Turn.Allocations) == (0, 0), $"seed {seed}: {bench.Demo.Sip.Bindings} bindings, {bench.Demo.Turn.Allocations} allocations left");
    }

    private static void Check(DeskBench bench, string who, string when)
    {
        var view = bench[who].View;
        var talking = view.Calls.Where(c => c.State is CallState.Connected or CallState.Held && !c.IsHeldHere && !c.InConference).ToList();
        var conference = view.Calls.Any(c => c is { InConference: true, IsHeldHere: false, State: not CallState.Ended });
        // A call that another is about to take the place of talks beside it for a moment.
        var most = view.Events.Any(e => e.At > view.Clock - TimeSpan.FromSeconds(6) && (e.Text.Contains("takes the place", StringComparison.Ordinal) || e.Text.Contains("sends us to", StringComparison.Ordinal))) ? 2 : 1;
        bench.That(talking.Count + (conference ? 1 : 0) <= most, $"{when}: {who} talks {talking.Count} times, conference {conference}");
        bench.That(view.Calls.Count(c => c.InConference && c.State != CallState.Ended) != 1, $"{when}: {who} is in a conference of one");
        bench.That(view.Calls.Count(c => c.State != CallState.Ended) <= 9, $"{when}: {who} has too many calls");
        bench.That(view.Events.Count <= 200, $"{when}: {who} has too long a log");
        bench.That(view.Events.All(e => e.Text.Length is > 0 and < 500 && !e.Text.Any(char.IsControl)), $"{when}: {who} has a bad line");
    }

    private static PhoneCommand Random(IEntropy chance, PhoneView view)
    {
        var calls = view.Calls.Select(c => c.Id).Append(new CallId(1 + chance.NextInt(30))).ToList();
        CallId Any() => calls[chance.NextInt(calls.Count)];
        var on = chance.NextInt(2) == 0;
        var target = chance.NextInt(8) switch { 0 => "nobody", 1 => "no body", 2 => "dave", _ => Names[chance.NextInt(Names.Length)] };
        return chance.NextInt(25) switch
        {
            0 or 1 or 2 or 3 => new PhoneCommand.Dial(target),
            4 or 5 or 6 or 7 => new PhoneCommand.Answer(view.Calls.FirstOrDefault(c => c is { State: CallState.Ringing, Direction: CallDirection.Incoming })?.Id ?? Any()),
            8 => new PhoneCommand.Reject(Any(), 400 + chance.NextInt(300)),
            9 or 10 => new PhoneCommand.Hangup(Any()),
            11 => new PhoneCommand.Hold(Any(), on),
            12 or 13 => new PhoneCommand.SwitchTo(Any()),
            14 => new PhoneCommand.Mute(on),
            15 => new PhoneCommand.Dtmf(Any(), "12w#"),
            16 => new PhoneCommand.Transfer(Any(), target),
            17 => new PhoneCommand.TransferTo(Any(), Any()),
            18 or 19 => new PhoneCommand.Conference([.. Enumerable.Range(0, chance.NextInt(4)).Select(_ => Any())]),
            20 => new PhoneCommand.Record(Any(), on),
            21 => new PhoneCommand.RestartIce(Any()),
            22 => new PhoneCommand.TestRing(),
            23 => new PhoneCommand.DecideTransfer(view.Calls.FirstOrDefault(c => c.Asked is not null)?.Id ?? Any(), chance.NextInt(3) > 0),
            _ => chance.NextInt(3) switch { 0 => new PhoneCommand.Volume(chance.NextInt(60) - 45), 1 => new PhoneCommand.UseAccount(target), _ => new PhoneCommand.SeenMissed() },
        };
    }
}
