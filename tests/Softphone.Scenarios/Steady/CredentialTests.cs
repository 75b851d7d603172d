using Softphone.Core;
using Softphone.Lab;
using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Credentials for TURN that end by themselves, at a server that then ends their allocations too.</summary>
public sealed class CredentialTests
{
    private const string Secret = "north";

    /// <summary>Long packets, since there are so many of them: in ten seconds these.</summary>
    private const int PtimeMs = 60;
    private const int InTenSeconds = 10_000 / PtimeMs;

    [Theory]
    [InlineData(180, 60, false)]
    [InlineData(45, 15, true)]
    [Rfc("draft-uberti-behave-turn-rest", "2.2", Line = "T39")]
    public void RelayedCall_LongerThanItsCredentials_KeepsItsRelays(int minutes, int life, bool bothAtOnce)
    {
        var rollOver = TimeSpan.FromMinutes(life) * 0.8;
        using var bench = Bench(life);
        bench.Connect();
        bench.Run(5);
        var (alice, bob) = (rollOver, bothAtOnce ? rollOver : rollOver * 0.9);
        var heard = Heard(bench);
        for (var at = TimeSpan.FromSeconds(10); at <= TimeSpan.FromMinutes(minutes); at += TimeSpan.FromSeconds(10))
        {
            if (at >= alice)
            {
                Renew(bench, bench.Alice, "alice", life);
                alice += rollOver;
            }

            if (at >= bob)
            {
                Renew(bench, bench.Bob, "bob", life);
                bob += rollOver;
            }

            bench.Run(10);
            var now = Heard(bench);
            bench.That(now.Alice - heard.Alice > InTenSeconds - 2 && now.Bob - heard.Bob > InTenSeconds - 2, $"in ten seconds before {at} alice heard {now.Alice - heard.Alice} packets, bob {now.Bob - heard.Bob}");
            heard = now;
        }

        bench.That(bench.Demo.Turn.Allocations <= 4, $"{bench.Demo.Turn.Allocations} allocations");
        bench.That(bench.Demo.Turn.Usage.Where(u => u.Allocations > 0).All(u => TurnRestCredentials.TryGetExpiry(u.User, out var expiry) && expiry > Unix(bench)), "an allocation of a credential that is over");
        bench.That(bench.Demo.HostA.OpenSockets < 12, $"{bench.Demo.HostA.OpenSockets} sockets");
        bench.HangUp();
        var (a, b) = bench.UntilEnded(5);
        foreach (var side in new[] { a, b })
        {
            bench.That(side is { Status: 200, Fault: null, Path: "relay", Audio: AudioOutcome.TwoWay }, side.ToString());
            bench.That(side.Media!.Rx is { Lost: 0 }, side.Media.Rx.ToString());
        }

        bench.ShutDown();
    }

    [Fact]
    [Rfc("draft-uberti-behave-turn-rest", "2.2", Line = "T39")]
    public void RelayedCall_WithoutNewCredentials_LosesItsRelay()
    {
        using var bench = Bench(life: 5);
        bench.Connect();
        bench.Run(1_000);
        bench.That(bench.Demo.Turn.Allocations == 0, "the server keeps allocations of a credential that is over, so that the other test proves nothing");
    }

    [Fact]
    [Rfc("draft-uberti-behave-turn-rest", "2.2", Line = "T38")]
    public void NextCall_AfterTheRollOver_UsesTheNewCredential()
    {
        using var bench = Bench(life: 60);
        bench.Register().Run(48 * 60);
        foreach (var (phone, user) in new[] { (bench.Alice, "alice"), (bench.Bob, "bob") }) Renew(bench, phone, user, 60);
        bench.Run(12 * 60);
        bench.Dial(new CallOptions { Duration = TimeSpan.FromSeconds(5) });
        var (alice, bob) = bench.UntilEnded(20);
        bench.That(alice is { Status: 200, Path: "relay", Audio: AudioOutcome.TwoWay } && bob.Audio == AudioOutcome.TwoWay, alice.ToString());
        bench.ShutDown();
    }

    private static CallBench Bench(int life) => new(
        new DemoOptions { NatA = NatBehavior.Symmetric, NatB = NatBehavior.Symmetric, TurnSecret = Secret },
        new BenchOptions { TraceBound = 2_000, Adjust = (name, o) => o with { Nat = o.Nat with { TurnServers = Accounts(name, 0, life) }, PtimeMs = PtimeMs } });

    private static void Renew(CallBench bench, VirtualPhone phone, string user, int life) =>
        phone.Do((m, now) => m.SetTurnAccounts(now, Accounts(user, Unix(bench), life)));

    private static IReadOnlyList<TurnAccount> Accounts(string user, long now, int life)
    {
        var credentials = TurnRestCredentials.Create(Secret, user, now + life * 60);
        return [.. DemoCall.TurnAccounts(user).Select(t => t with { User = credentials.Username, Password = credentials.Password })];
    }

    private static long Unix(CallBench bench) => (long)(bench.Now - Instant.Zero).TotalSeconds;

    private static (long Alice, long Bob) Heard(CallBench bench) => (
        bench.Alice.Machine.Snapshot(bench.Now, bench.Call)!.Media!.Rx.Packets,
        bench.Bob.Machine.Snapshot(bench.Now, bench.BobsCall())!.Media!.Rx.Packets);
}
