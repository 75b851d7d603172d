using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

public sealed class CredentialKeeperTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    [Rfc("draft-uberti-behave-turn-rest", "2.2", Line = "T39")]
    public void Keeper_MakesNewCredentialsAtFourFifthsOfTheirLife()
    {
        var made = new List<string>();
        using var keeper = Keeper(new PasswordSource.Environment("S"), made);
        keeper.Look(Start + TimeSpan.FromMinutes(47));
        Assert.Empty(made);
        keeper.Look(Start + TimeSpan.FromMinutes(48));
        keeper.Look(Start + TimeSpan.FromMinutes(49));
        Assert.Equal([$"{Start.ToUnixTimeSeconds() + (48 + 60) * 60}:alice"], made);
        keeper.Look(Start + TimeSpan.FromMinutes(96));
        Assert.Equal(2, made.Count);
    }

    [Fact]
    public void Keeper_WhoseClockWasSetBack_MakesThemByTheNewOne()
    {
        var made = new List<string>();
        using var keeper = Keeper(new PasswordSource.Environment("S"), made);
        keeper.Look(Start - TimeSpan.FromDays(1));
        keeper.Look(Start - TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        Assert.Equal([$"{Start.ToUnixTimeSeconds() - 23 * 3600}:alice"], made);
    }

    [Fact]
    public void Keeper_OfAPassword_MakesNothing()
    {
        var made = new List<string>();
        using var keeper = Keeper(null, made);
        keeper.Look(Start + TimeSpan.FromDays(400));
        Assert.Empty(made);
    }

    [Fact]
    public void Keeper_WhoseOwnerThrows_TriesAgainWithTheNextLook()
    {
        var calls = 0;
        using var keeper = Keeper(new PasswordSource.Environment("S"), _ =>
        {
            if (calls++ == 0) throw new IOException("no more descriptors");
        });
        Assert.Throws<IOException>(() => keeper.Look(Start + TimeSpan.FromMinutes(48)));
        keeper.Look(Start + TimeSpan.FromMinutes(49));
        keeper.Look(Start + TimeSpan.FromMinutes(50));
        Assert.Equal(2, calls);
    }

    private static CredentialKeeper Keeper(PasswordSource? secret, List<string> made) => Keeper(secret, accounts => made.AddRange(accounts.Select(a => a.User)));

    private static CredentialKeeper Keeper(PasswordSource? secret, Action<IReadOnlyList<TurnAccount>> made) => new(
        new Profile
        {
            Nat = new NatProfile { Turn = [new TurnProfile { Urls = [new ServerUri(true, "t.example", 3478, Transport.Udp)], User = "alice", Secret = secret, Ttl = TimeSpan.FromHours(1) }] },
        },
        new ProfileSecrets("", ["north"]) { FetchedAt = Start },
        made,
        looks: false);
}
