using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Several phones of one desk on one network: names, moves, sleep, credentials, and one that leaves.</summary>
public sealed class DeskNetworkTests
{
    /// <summary>Both phones count their questions from the same number, and the answers come while the other's are out.</summary>
    [Fact]
    public void Names_OfTwoPhones_AreToldApart()
    {
        using var bench = new DeskBench();
        bench.World.Names.Delay = TimeSpan.FromMilliseconds(80);
        var desk = bench.AddDesk("alice");
        foreach (var user in (string[])["alice", "bob", "carol"]) DeskBench.AddUser(desk, user);
        bench.Until(() => desk.View.Accounts.All(a => a.State == RegistrationState.Registered), 5, "all registered");
        desk.Do(new PhoneCommand.Dial("bob", "alice"));
        desk.Do(new PhoneCommand.Dial("carol", "bob"));
        bench.Until(() => desk.View.Calls.Count(c => c.State == CallState.Ringing) == 4, 5, "both ring");
        Assert.Equal(["alice", "bob", "bob", "carol"], desk.View.Calls.Select(c => c.Account).Order());
    }

    [Fact]
    public void Move_ToAnotherNetwork_WithTwoAccounts_CallsAndRegistrationsGoOn()
    {
        using var bench = new DeskBench(1, "alice", "bob", "carol");
        DeskBench.AddUser(bench["alice"], "dave");
        bench.Run(2);
        bench.Hum("bob", 700);
        bench.Hum("carol", 1100);
        var (first, _) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.UseAccount("dave"));
        var (second, _) = bench.Connect("alice", "carol");
        bench.Run(1);
        bench.Move("alice", "198.51.100.180");
        bench.Run(6);
        Assert.All(bench["alice"].View.Accounts, a => Assert.Equal(RegistrationState.Registered, a.State));
        Assert.True(bench.IsIn("alice", second, CallState.Connected) && bench.IsIn("alice", first, CallState.Held));
        bench.That(bench.Heard("alice").Hears(1100), "carol is heard on the new network");
        bench.Do("alice", new PhoneCommand.SwitchTo(first));
        bench.Run(2);
        bench.That(bench.Heard("alice").Hears(700), "bob too");
        Assert.StartsWith("198.51.100.180:", bench.View("alice", first)!.Ice!.Pairs.First(p => p.IsSelected).Local.Address.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sleep_WithTwoAccounts_BothRegisterAnew()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        DeskBench.AddUser(bench["alice"], "carol");
        bench.Run(2);
        bench.Sleep("alice", TimeSpan.FromMinutes(20));
        bench.Run(5);
        Assert.All(bench["alice"].View.Accounts, a => Assert.True(a is { State: RegistrationState.Registered, ExpiresIn.TotalSeconds: > 290 }));
        bench.Do("bob", new PhoneCommand.Dial("carol"));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "it rings");
    }

    [Fact]
    public void TurnAccounts_AreOfTheAccountNamed()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        var desk = bench["alice"].Desk;
        desk.SetTurnAccounts(bench.Now, "alice", []);
        desk.SetTurnAccounts(bench.Now, "nix", []);
        var (mine, theirs) = bench.Connect("alice", "bob");
        bench.Run(1);
        Assert.DoesNotContain(bench.View("alice", mine)!.Ice!.Local, c => c.Type == Nat.CandidateType.Relayed);
        Assert.Contains(bench.View("bob", theirs)!.Ice!.Local, c => c.Type == Nat.CandidateType.Relayed);
    }

    [Fact]
    public void Remove_AnAccountWithACall_EndsItAndLeavesTheOthers()
    {
        using var bench = new DeskBench(1, "alice", "bob", "carol");
        DeskBench.AddUser(bench["alice"], "dave");
        bench.Run(2);
        var (first, _) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.UseAccount("dave"));
        var (second, _) = bench.Connect("alice", "carol");
        bench["alice"].Desk.Remove(bench.Now, "dave");
        bench.Run(3);
        Assert.Equal(["alice"], bench["alice"].View.Accounts.Select(a => a.Name));
        Assert.Equal("alice", bench["alice"].View.Account);
        Assert.Equal(CallState.Ended, bench.View("alice", second)!.State);
        Assert.Equal(CallState.Held, bench.View("alice", first)!.State);
        bench.Do("alice", new PhoneCommand.SwitchTo(first));
        bench.Run(1);
        Assert.Equal(CallState.Connected, bench.View("alice", first)!.State);
        DeskBench.AddUser(bench["alice"], "dave");
        bench.Until(() => bench["alice"].View.Accounts[^1] is { Name: "dave", State: RegistrationState.Registered }, 5, "it may come again");
    }
}
