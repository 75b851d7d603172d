using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sdp;

namespace Softphone.Scenarios;

/// <summary>Whole phones between every two NAT types: the path taken, audio both ways, nothing left behind.</summary>
public abstract class NatGridTests
{
    public static TheoryData<string, string> Cells()
    {
        var data = new TheoryData<string, string>();
        foreach (var a in NatBehavior.Names)
            foreach (var b in NatBehavior.Names) data.Add(a, b);
        return data;
    }

    private protected static void Check(string a, string b, bool turn, RtcpMuxPolicy mux)
    {
        var expected = PathTable.Expected(a, b, turn);
        using var bench = new CallBench(
            new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b) },
            new BenchOptions { Turn = turn, Mux = mux });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(expected == "fail" ? 60 : 2) });
        var (alice, bob) = bench.UntilEnded(75);
        if (expected == "fail") Failed(bench, alice, bob);
        else Talked(bench, alice, bob, expected, mux == RtcpMuxPolicy.Off ? 2 : 1, turn ? 80 : 60);
        bench.ShutDown();
    }

    private static void Talked(CallBench bench, CallSummary alice, CallSummary bob, string expected, int components, int least)
    {
        foreach (var (name, side, phone) in new[] { ("alice", alice, bench.Alice), ("bob", bob, bench.Bob) })
        {
            bench.That(side is { Status: 200, Fault: null, Audio: AudioOutcome.TwoWay }, $"{name}: {side.Status} {side.Audio} {side.Fault}");
            bench.That((side.Path == "relay") == (expected == "relay"), $"{name}: path {side.Path}, expected {expected}");
            // Without a relay to bridge it, a hole that only the second check opens costs half a second.
            bench.That(side.Media!.Rx.Lost == 0 && side.Media.Rx.Packets >= least && side.Media.Rx.Packets <= 110, $"{name}: heard {side.Media.Rx}");
            var selected = phone.Events.OfType<PhoneEvent.PathSelected>().ToList();
            bench.That(selected.Select(s => s.Component).Distinct().Count() == components, $"{name}: {selected.Count} components selected");
            foreach (var path in selected)
                bench.That((path.Local.Address.Ip == DemoWorld.TurnAddress.Ip || path.Remote.Address.Ip == DemoWorld.TurnAddress.Ip) == (expected == "relay"), $"{name}: {path}");
        }
    }

    private static void Failed(CallBench bench, CallSummary alice, CallSummary bob)
    {
        foreach (var side in new[] { alice, bob })
        {
            bench.That(side.Fault is { Layer: Layer.Ice, Remedy.Length: > 10 }, $"fault {side.Fault}");
            bench.That(side.Explanation.StartsWith("ICE failed: ", StringComparison.Ordinal) && side.Explanation.Contains("What helps: ", StringComparison.Ordinal), side.Explanation);
        }

        bench.That(alice.Media?.Rx.Packets is null or 0 && bob.Media?.Rx.Packets is null or 0, "audio without a path");
        bench.That(alice.Audio == AudioOutcome.None && bob.Audio == AudioOutcome.None, $"{alice.Audio} and {bob.Audio}");
    }
}

public sealed class NatGridMuxTests : NatGridTests
{
    [Theory, MemberData(nameof(Cells))]
    [Rfc("8445", "2.3")]
    [Rfc("5761", "5.1.3", Line = "I20")]
    public void Grid_RtcpMuxAndTurn_PathOfTheTable(string a, string b) => Check(a, b, turn: true, RtcpMuxPolicy.Offer);
}

public sealed class NatGridTwoComponentTests : NatGridTests
{
    [Theory, MemberData(nameof(Cells))]
    [Rfc("8445", "12.1", Line = "I69")]
    public void Grid_TwoComponentsAndTurn_PathOfTheTable(string a, string b) => Check(a, b, turn: true, RtcpMuxPolicy.Off);
}

public sealed class NatGridWithoutTurnTests : NatGridTests
{
    [Theory, MemberData(nameof(Cells))]
    [Rfc("8445", "2.3")]
    public void Grid_WithoutTurn_FailsWhereOnlyARelayHelps(string a, string b)
    {
        Check(a, b, turn: false, RtcpMuxPolicy.Offer);
    }
}
