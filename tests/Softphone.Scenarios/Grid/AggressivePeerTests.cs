using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>
/// A peer that nominates the first pair that works, as agents of RFC 5245 do, and that is a relay: the call moves to the direct path, and
/// nobody is deaf for a tenth of a second meanwhile.
/// </summary>
public sealed class AggressivePeerTests
{
    [Theory, InlineData(5), InlineData(20), InlineData(60)]
    [Rfc("8445", "8.1.1", Line = "I61")]
    public void CallerThatTakesTheFirstPair_DirectWithinTwoSeconds_WhereThereIsADirectPath(int latency)
    {
        List<string> direct = [], moved = [];
        foreach (var a in NatBehavior.Names)
        {
            foreach (var b in NatBehavior.Names)
            {
                var isDirect = PathTable.Expected(a, b, true) == "direct";
                if (isDirect) direct.Add($"{a} to {b}");
                if (Talk(a, b, isDirect, TimeSpan.FromMilliseconds(latency))) moved.Add($"{a} to {b}");
            }
        }

        // All 31 of the 49 cells where there is a direct path: each call was on a relay first.
        Assert.Equal(31, direct.Count);
        Assert.Equal(direct, moved);
    }

    /// <summary>True when the call was on a relay before it was direct.</summary>
    private static bool Talk(string a, string b, bool isDirect, TimeSpan latency)
    {
        using var bench = new CallBench(
            new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b), Latency = latency },
            new BenchOptions
            {
                Adjust = (name, o) => name == "alice" ? o with { Nat = o.Nat with { NominateImmediately = true } } : o,
                Around = (name, phone) => name == "alice" ? new HastyPeer(phone) : phone,
            });
        bench.Connect();
        var connected = bench.Now;
        var deaf = (Alice: 0, Bob: 0);
        for (var i = 0; i < 30; i++)
        {
            var (before, bobsBefore) = (Heard(bench, bench.Alice), Heard(bench, bench.Bob));
            bench.Run(0.1);
            if (before > 0 && Heard(bench, bench.Alice) == before) deaf.Alice++;
            if (bobsBefore > 0 && Heard(bench, bench.Bob) == bobsBefore) deaf.Bob++;
        }

        bench.That(deaf == (0, 0), $"{a} to {b}: tenths of a second without a packet: {deaf}");
        var moved = false;
        foreach (var (name, phone) in new[] { ("alice", bench.Alice), ("bob", bench.Bob) })
        {
            var paths = phone.Events.OfType<PhoneEvent.PathSelected>().Where(p => p.Component == 1).ToList();
            bench.That(IsRelay(paths[^1]) == !isDirect, $"{a} to {b}, {name}: {paths[^1]}");
            if (!isDirect) continue;
            moved |= IsRelay(paths[0]);
            bench.That(paths[^1].At - connected < TimeSpan.FromSeconds(2), $"{a} to {b}, {name}: direct only {paths[^1].At - connected} after the answer");
        }

        bench.HangUp();
        var (alice, bob) = bench.UntilEnded(5);
        bench.That(alice is { Audio: AudioOutcome.TwoWay, Fault: null } && bob is { Audio: AudioOutcome.TwoWay, Fault: null }, $"{a} to {b}: {alice}\n{bob}");
        bench.That(alice.Media!.Rx.Lost + bob.Media!.Rx.Lost == 0, $"{a} to {b}: lost {alice.Media.Rx} {bob.Media.Rx}");
        bench.ShutDown();
        return moved;
    }

    private static long Heard(CallBench bench, VirtualPhone phone) =>
        phone.Machine.Snapshot(bench.Now, phone == bench.Alice ? bench.Call : bench.BobsCall())?.Media?.Rx.Packets ?? 0;

    private static bool IsRelay(PhoneEvent.PathSelected path) => path.Local.Address.Ip == DemoWorld.TurnAddress.Ip || path.Remote.Address.Ip == DemoWorld.TurnAddress.Ip;
}
