using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>Users by shared secret (draft-uberti-behave-turn-rest). The wall clock starts in 1970 with the world.</summary>
public sealed class TurnGuestTests
{
    private const string Secret = "north";

    [Theory]
    [InlineData("60:guest", 0)]
    [InlineData("60", 0)]
    [InlineData("0:guest", 401)]
    [InlineData("guest", 401)]
    [Rfc("draft-uberti-behave-turn-rest", "2.2", Line = "T38")]
    public void Allocate_BySharedSecret_GoesByTheTimeInTheName(string user, int code)
    {
        var bench = Bench();
        Assert.Equal(code, Hand(bench, user).Allocate().Code);
        Assert.Equal(code == 0 ? 1 : 0, bench.Turn.Allocations);
    }

    [Fact]
    [Rfc("draft-uberti-behave-turn-rest", "2.2", Line = "T38")]
    public void Allocate_WithAnotherSecret_OrNoneShared_IsRefused()
    {
        Assert.Equal(401, Hand(Bench(), "60:guest", "south").Allocate().Code);
        Assert.Equal(401, Hand(new StunBench(), "60:guest").Allocate().Code);
        Assert.Equal(401, Hand(new StunBench(), "60:guest", "").Allocate().Code);
    }

    [Fact]
    [Rfc("8489", "9.2.4")]
    public void Users_WithPasswords_AreServedBeside() => Assert.Equal(0, new TurnHand(Bench()).Allocate().Code);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 401)]
    [Rfc("draft-uberti-behave-turn-rest", "2.2", Line = "T38")]
    public void Refresh_AfterTheEnd_DependsOnTheServer(bool ends, int code)
    {
        var bench = Bench(o => o with { EndsWithCredential = ends });
        var hand = Hand(bench, "60:guest");
        hand.Allocate();
        bench.World.RunUntil(bench.World.Now + TimeSpan.FromSeconds(70));
        Assert.Equal(code, hand.Request(StunMethod.Refresh).Code);
        Assert.Equal(401, Hand(bench, "60:guest", ip: "203.0.113.2").Allocate().Code);
    }

    [Fact]
    [Rfc("draft-uberti-behave-turn-rest", "2.2", Line = "T38")]
    public void Refresh_ByTheNextCredentialOfTheSameUser_IsAnotherUsers()
    {
        var bench = Bench();
        var hand = Hand(bench, "60:guest");
        hand.Allocate();
        var next = Hand(bench, "120:guest", from: hand);
        next.Challenge();
        Assert.Equal(441, next.Request(StunMethod.Refresh).Code);
    }

    [Fact]
    public void Clock_OfTheOwner_Counts() =>
        Assert.Equal(401, Hand(Bench(o => o with { ClockOrigin = DateTimeOffset.FromUnixTimeSeconds(100) }), "60:guest").Allocate().Code);

    private static StunBench Bench(Func<TurnServerOptions, TurnServerOptions>? more = null) =>
        new(o => (more ?? (x => x))(o with { SharedSecret = Secret }));

    private static TurnHand Hand(StunBench bench, string user, string secret = Secret, string ip = "203.0.113.1", TurnHand? from = null) =>
        new(bench, ip, user, password: TurnRestCredentials.PasswordOf(secret, user), from: from);
}
