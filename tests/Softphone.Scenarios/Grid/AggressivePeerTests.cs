using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>A peer that nominates the first pair that works, as agents of RFC 5245 do: it takes a relay before direct paths were tried.</summary>
public sealed class AggressivePeerTests
{
    public static TheoryData<string, string> Cells() => NatGridTests.Cells();

    [Theory, MemberData(nameof(Cells))]
    [Rfc("8445", "8.1.1", Line = "I61")]
    public void CallerThatTakesTheFirstPair_DirectWithinTwoSeconds_WhereThereIsADirectPath(string a, string b)
    {
        using var bench = new CallBench(
            new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b) },
            new BenchOptions { Adjust = (name, o) => name == "alice" ? o with { Nat = o.Nat with { NominateImmediately = true } } : o });
        bench.Connect();
        bench.Run(2);
        var expected = PathTable.Expected(a, b, true);
        foreach (var (name, phone) in new[] { ("alice", bench.Alice), ("bob", bench.Bob) })
        {
            var last = phone.Events.OfType<PhoneEvent.PathSelected>().Last(p => p.Component == 1);
            bench.That(IsRelay(last) == (expected == "relay"), $"{name}: {last}, expected {expected}");
        }

        bench.Run(1);
        bench.HangUp();
        var (alice, bob) = bench.UntilEnded(5);
        bench.That(alice is { Audio: AudioOutcome.TwoWay, Fault: null } && bob is { Audio: AudioOutcome.TwoWay, Fault: null }, $"{alice}\n{bob}");
        bench.That(alice.Media!.Rx.Lost + bob.Media!.Rx.Lost == 0, $"lost {alice.Media.Rx} {bob.Media.Rx}");
        bench.ShutDown();
    }

    private static bool IsRelay(PhoneEvent.PathSelected path) => path.Local.Address.Ip == DemoWorld.TurnAddress.Ip || path.Remote.Address.Ip == DemoWorld.TurnAddress.Ip;
}
