using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Several accounts on one desk: names, registrations, and which one calls.</summary>
public sealed class DeskAccountTests
{
    [Fact]
    public void Accounts_OfOneDesk_RegisterAndCountDown()
    {
        using var bench = new DeskBench(1, "alice");
        DeskBench.AddUser(bench["alice"], "carol");
        bench.Until(() => bench["alice"].View.Accounts.All(a => a.State == RegistrationState.Registered), 10, "both registered");
        var view = bench["alice"].View;
        Assert.Equal(["alice", "carol"], view.Accounts.Select(a => a.Name));
        Assert.Equal("alice", view.Account);
        Assert.All(view.Accounts, a => Assert.Equal(("udp", "203.0.113.5:5060"), (a.Transport, a.Server)));
        var left = view.Accounts[1].ExpiresIn!.Value;
        Assert.InRange(left.TotalSeconds, 290, 300);
        bench.Run(10);
        Assert.Equal(10, (left - bench["alice"].View.Accounts[1].ExpiresIn!.Value).TotalSeconds);
        Assert.Same(bench["alice"].View.Accounts, bench["alice"].View.Accounts);
        Assert.Single(bench["alice"].View.Events, e => e.Text.StartsWith("carol: registered", StringComparison.Ordinal));
        bench.Run(600);
        Assert.Single(bench["alice"].View.Events, e => e.Text.StartsWith("carol: registered", StringComparison.Ordinal));
    }

    [Fact]
    public void Account_ThatIsChanged_StandsWhereItStood()
    {
        using var bench = new DeskBench(1, "alice");
        var desk = bench["alice"];
        foreach (var user in (string[])["bob", "carol"]) DeskBench.AddUser(desk, user);
        bench.Run(2);
        foreach (var user in (string[])["bob", "alice", "carol"])
        {
            desk.Desk.Remove(bench.Now, user);
            DeskBench.AddUser(desk, user);
            Assert.Equal(["alice", "bob", "carol"], desk.View.Accounts.Select(a => a.Name));
        }
    }

    [Fact]
    public void UseAccount_ThenDial_CallsAsThatAccount()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        DeskBench.AddUser(bench["alice"], "carol");
        bench.Run(2);
        bench.Do("alice", new PhoneCommand.UseAccount("carol"));
        bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench.Ringing("bob") is not null, 5, "bob rings");
        Assert.Equal("sip:carol@lab.test", bench["bob"].Call!.Peer);
        Assert.Equal("carol", bench["alice"].View.Account);
        bench.Do("alice", new PhoneCommand.Dial("bob", "alice"));
        bench.Until(() => bench["bob"].View.Calls.Count == 2, 5, "bob rings twice");
        Assert.Equal("sip:alice@lab.test", bench["bob"].Call!.Peer);
        Assert.Equal(2, bench["alice"].View.Calls.Select(c => c.Id).Distinct().Count());
    }

    [Fact]
    public void Incoming_ForTheSecondAccount_NamesIt()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        DeskBench.AddUser(bench["alice"], "carol");
        bench.Run(2);
        bench.Do("bob", new PhoneCommand.Dial("carol"));
        bench.Until(() => bench.Ringing("alice") is not null, 5, "it rings");
        Assert.Equal("carol", bench["alice"].Call!.Account);
        Assert.NotNull(bench.Line("alice", "sip:bob@lab.test calls carol"));
    }

    [Fact]
    public void ContactWithAnAccount_IsCalledWithIt()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        DeskBench.AddUser(bench["alice"], "carol");
        bench.Run(2);
        bench.Do("alice", new PhoneCommand.SaveContact(new Contact("Robert", "bob", "carol")));
        bench.Do("alice", new PhoneCommand.Dial("robert"));
        Assert.Equal("carol", bench["alice"].Call!.Account);
    }

    [Fact]
    public void Unregister_AndRegister_AreShownAndTold()
    {
        using var bench = new DeskBench(1, "alice");
        bench.Do("alice", new PhoneCommand.Unregister("alice"));
        bench.Run(1);
        var view = bench["alice"].View.Accounts[0];
        Assert.Equal((RegistrationState.Unregistered, null), (view.State, view.ExpiresIn));
        Assert.NotNull(bench.Line("alice", "alice: not registered any more"));
        bench.Do("alice", new PhoneCommand.Register("alice"));
        bench.Run(1);
        Assert.Equal(RegistrationState.Registered, bench["alice"].View.Accounts[0].State);
    }

    [Fact]
    public void ServerDown_ShowsProblemAndRetry_AndComesBack()
    {
        using var bench = new DeskBench(1, "alice");
        bench.Demo.RestartSip(TimeSpan.FromMinutes(10));
        bench.Run(330);
        var view = bench["alice"].View.Accounts[0];
        Assert.NotNull(view.Problem);
        Assert.Null(view.ExpiresIn);
        Assert.True(bench["alice"].View.Events[0].IsProblem);
        bench.Until(() => bench["alice"].View.Accounts[0].RetryIn is { TotalSeconds: > 0 }, 120, "a retry counts down");
        bench.Until(() => bench["alice"].View.Accounts[0].State == RegistrationState.Registered, 1800, "it comes back");
        Assert.Null(bench["alice"].View.Accounts[0].Problem);
        Assert.True(bench["alice"].View.Events.Count(e => e.IsProblem) < 4, "the same problem is told once");
    }

    [Fact]
    public void Shutdown_WithACallAndTwoAccounts_LeavesNothing()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        DeskBench.AddUser(bench["alice"], "carol");
        bench.Connect("alice", "bob");
        bench["alice"].Shutdown();
        bench.Until(() => bench["alice"].Desk.IsDown, 3, "down");
        bench.Until(() => bench["bob"].Call!.State == CallState.Ended, 1, "bob knows");
        bench["bob"].Shutdown();
        bench.Until(() => bench["bob"].Desk.IsDown, 3, "down");
        bench.Run(1);
        Assert.Equal((0, 0), (bench.Demo.Sip.Bindings, bench.Demo.Turn.Allocations));
        Assert.Null(bench["alice"].Desk.NextTimeout is { } next && next > bench.Now + TimeSpan.FromSeconds(6) ? next : null);
    }

    [Fact]
    public void Add_WithNumberingOfItsOwn_Throws()
    {
        using var bench = new DeskBench(1, "alice");
        var other = new Desk(new MemoryShell());
        var account = bench["alice"].Desk.Accounts.First();
        Assert.Throws<ArgumentException>(() => other.Add(account));
        Assert.Throws<ArgumentException>(() => bench["alice"].Desk.Add(account));
    }
}
