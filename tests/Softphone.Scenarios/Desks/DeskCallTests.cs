using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Calls by a desk's commands, from dialling to the end.</summary>
public sealed class DeskCallTests
{
    [Fact]
    public void Desk_TwoAccounts_BothRegister()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        DeskBench.AddUser(bench["alice"], "carol");
        bench.Until(() => bench["alice"].View.Accounts.All(a => a.State == RegistrationState.Registered), 10, "both accounts registered");
        Assert.Equal(["alice", "carol"], bench["alice"].View.Accounts.Select(a => a.Name));
    }

    [Fact]
    public void Dial_AndAnswer_BothTalkAndEnd()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench["alice"].Do(new PhoneCommand.Dial("sip:bob@lab.test"));
        bench.Until(() => bench["bob"].Call is { State: CallState.Ringing }, 5, "bob rings");
        bench["bob"].Do(new PhoneCommand.Answer(bench["bob"].Call!.Id));
        bench.Until(() => bench["alice"].Call!.State == CallState.Connected, 5, "talk");
        bench.Run(2);
        bench["alice"].Do(new PhoneCommand.Hangup(bench["alice"].Call!.Id));
        bench.Run(1);
        Assert.Equal(CallState.Ended, bench["bob"].Call!.State);
        bench.Run(5);
        Assert.Empty(bench["bob"].View.Calls);
    }
}
