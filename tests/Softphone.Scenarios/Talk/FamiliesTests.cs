using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Phones whose address families do not meet, or whose STUN server has another than the peer: told at once, and nothing that is not so.</summary>
public sealed class FamiliesTests
{
    [Theory]
    [InlineData("ipv6: only", "", true, "1s")]
    [InlineData("", "ipv6: only", false, "1s")]
    [InlineData("ipv6: only", "", true, "30s")]
    [InlineData("ipv6: only", "ipv6: false, nat: none", true, "30s")]
    [InlineData("", "ipv6: only", false, "30s")]
    public void NoRelay_TheFamiliesAreTold_FromTheDescriptions(string home, string flat, bool isV6Ours, string time)
    {
        var run = Play(home, flat, "stun: true, turn: false", time);
        var (alice, bob) = (Summary(run, "alice"), Summary(run, "bob"));
        That(run, alice.Why.Cause is Cause.Families families && families.WeHaveV4 != isV6Ours, $"alice says {alice.Why.Cause}");
        That(run, alice.Explanation.Contains($"we have {(isV6Ours ? "IPv6" : "IPv4")} alone and the peer {(isV6Ours ? "IPv4" : "IPv6")} alone", StringComparison.Ordinal), alice.Explanation);
        That(run, alice.Explanation.Contains("TURN server", StringComparison.Ordinal), alice.Explanation);
        That(run, !bob.Explanation.Contains("symmetric", StringComparison.Ordinal), bob.Explanation);
        var phone = run.Phones.Single(p => p.Name == "alice").Phone;
        var (placed, over) = (phone.Events.OfType<PhoneEvent.CallChanged>().First().At, phone.Events.OfType<PhoneEvent.CallEnded>().Single().At);
        That(run, over - placed < TimeSpan.FromSeconds(8), $"told after {over - placed}");
    }

    /// <summary>The remedy that is told, in this world: a relay that has both families.</summary>
    [Theory]
    [InlineData("ipv6: only", "")]
    [InlineData("", "ipv6: only")]
    public void ARelayOfBothFamilies_TheCallGoesOn_AndTheFamiliesAreToldAsTheCause(string home, string flat)
    {
        var run = Play(home, flat, "", "2s");
        foreach (var name in (string[])["alice", "bob"])
        {
            var summary = Summary(run, name);
            That(run, summary is { Fault: null, Audio: AudioOutcome.TwoWay, Path: "relay", Why.Cause: Cause.Families }, $"{name}: {summary.Fault} {summary.Explanation}");
        }
    }

    /// <summary>And the other remedy: the missing family on the side that lacks it.</summary>
    [Theory]
    [InlineData("ipv6: true", "ipv6: only")]
    [InlineData("", "ipv6: true")]
    public void AFamilyOfBoth_IsDirect(string home, string flat)
    {
        var run = Play(home, flat, "stun: true, turn: false", "2s");
        That(run, Summary(run, "alice") is { Fault: null, Audio: AudioOutcome.TwoWay, Path: not "relay" }, Summary(run, "alice").Explanation);
    }

    private static ScenarioRun Play(string home, string flat, string servers, string time)
    {
        var text = $$"""
            networks:
              home: { {{Network(home)}} }
              flat: { {{Network(flat)}} }
            phones:
              alice: { on: home, codecs: pcmu{{(servers.Length > 0 ? ", " + servers : "")}} }
              bob: { on: flat, codecs: pcmu{{(servers.Length > 0 ? ", " + servers : "")}} }
            steps:
              - until: everybody is registered
              - then: alice calls bob for {{time}}
              - until: everybody is over
            """;
        Assert.True(ScenarioReader.TryRead(text, "families.yaml", out var scenario, out var errors), string.Join('\n', errors));
        var run = new ScenarioRun(scenario, CodecFactory.Instance, trace: new Trace());
        run.Play();
        return run;
    }

    private static string Network(string what) => what.Contains("nat:", StringComparison.Ordinal) ? what : what.Length == 0 ? "nat: port-restricted" : $"nat: port-restricted, {what}";

    private static CallSummary Summary(ScenarioRun run, string name) => run.Phones.Single(p => p.Name == name).Phone.Events.OfType<PhoneEvent.CallEnded>().Last().Summary;

    private static void That(ScenarioRun run, bool holds, string what) => Assert.True(holds, holds ? "" : $"{what}\n{ScenarioStory.Of(run)}");
}
