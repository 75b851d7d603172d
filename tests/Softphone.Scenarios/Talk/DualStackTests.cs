using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Whole phones on networks with IPv4, IPv6 and both: which family carries the media, how soon, and what a person reads of it.</summary>
public sealed class DualStackTests
{
    private const string Healthy = "ipv6: true";
    private const string Broken = "ipv6: broken";

    [Theory]
    [InlineData("port-restricted")]
    [InlineData("symmetric")]
    [InlineData("full-cone")]
    [Rfc("8421", "4", Line = "I09")]
    public void Call_BothDualStack_GoesDirectlyByIpv6AndSaysSo(string nat)
    {
        var run = Play(nat, Healthy, Healthy);
        foreach (var name in (string[])["alice", "bob"])
        {
            var summary = run.SummaryOf(name)!;
            That(run, summary.Path == "host" && summary.Audio == AudioOutcome.TwoWay, $"{name}: {summary.Path}, {summary.Audio}");
            That(run, summary.Explanation.Contains("IPv6", StringComparison.Ordinal), summary.Explanation);
        }
    }

    /// <summary>Also where signalling goes by IPv4.</summary>
    [Theory]
    [InlineData(Healthy)]
    [InlineData(Broken)]
    [Rfc("8421", "4", Line = "I09")]
    public void Offer_OfADualStackPhone_HasIpv6First(string home)
    {
        var run = Play("port-restricted", home, Healthy);
        var hosts = OfferOf(run, "alice").Split("\r\n").Where(l => l.StartsWith("a=candidate:", StringComparison.Ordinal) && l.Contains("typ host", StringComparison.Ordinal))
            .Select(l => l.Split(' ')).Where(w => w[1] == "1").OrderByDescending(w => uint.Parse(w[3])).Select(w => IpAddress.Parse(w[4]).IsV6);
        Assert.Equal([true, false], hosts);
    }

    [Theory]
    [InlineData(Broken, Broken)]
    [InlineData(Broken, Healthy)]
    [InlineData(Healthy, Broken)]
    [Rfc("8445", "14.3", Line = "I09")]
    public void Call_Ipv6LeadsNowhere_TakesIpv4WithoutDelay(string home, string flat)
    {
        var run = Play("port-restricted", home, flat);
        var healthy = Play("port-restricted", "ipv6: false", "ipv6: false");
        foreach (var name in (string[])["alice", "bob"])
        {
            var summary = run.SummaryOf(name)!;
            That(run, summary.Path == "srflx" && summary.Audio == AudioOutcome.TwoWay, $"{name}: {summary.Path}, {summary.Audio}");

            // A way to the TURN server by IPv4 starts a quarter of a second after the one by IPv6, and all else is there by then.
            var most = (name == "alice" ? home : flat) == Healthy ? 200 : 400;
            That(run, GatheringOf(run, name).TotalMilliseconds <= most, $"{name} gathered for {GatheringOf(run, name).TotalMilliseconds} ms");

            // Dead pairs cost slots of the pacer, and no timeout.
            var delay = summary.Ice - healthy.SummaryOf(name)!.Ice;
            That(run, delay <= TimeSpan.FromMilliseconds(100), $"the checks of {name} took {delay} longer than with IPv4 alone");
        }
    }

    [Fact]
    [Rfc("8421", "4", Line = "I81")]
    public void Call_Ipv6OnlyToIpv4Only_MeetsAtARelayAndIsExplained()
    {
        var run = Play("port-restricted", "ipv6: only", "ipv6: false");
        That(run, run.SummaryOf("alice") is { Path: "relay", Audio: AudioOutcome.TwoWay }, run.SummaryOf("alice")!.Explanation);
        That(run, run.SummaryOf("alice")!.Explanation.Contains("IPv4", StringComparison.Ordinal), run.SummaryOf("alice")!.Explanation);
    }

    private static ScenarioRun Play(string nat, string home, string flat)
    {
        var text = $$"""
            networks:
              home: { nat: {{nat}}, {{home}} }
              flat: { nat: {{nat}}, {{flat}} }
            servers: { sip: { ipv6: {{(home == Broken || flat == Broken ? "false" : "true")}} } }
            phones:
              alice: { on: home, codecs: pcmu }
              bob: { on: flat, codecs: pcmu }
            steps:
              - until: everybody is registered
              - then: alice calls bob for 3s
              - until: everybody is over
            """;
        Assert.True(ScenarioReader.TryRead(text, "dual.yaml", out var scenario, out var errors), string.Join('\n', errors));
        var run = new ScenarioRun(scenario, CodecFactory.Instance, trace: new Trace());
        run.Play();
        That(run, run.Passed && run.SummaryOf("alice") is not null && run.SummaryOf("bob") is not null, "the call did not take place");
        return run;
    }

    private static VirtualPhone Phone(ScenarioRun run, string name) => run.Phones.Single(p => p.Name == name).Phone;

    private static string OfferOf(ScenarioRun run, string name) => Phone(run, name).Machine.Trace.Entries.OfType<SipTrace.Message>()
        .First(m => m.IsSent && m.StartLine.StartsWith("INVITE", StringComparison.Ordinal)).Text;

    private static TimeSpan GatheringOf(ScenarioRun run, string name)
    {
        var entries = Phone(run, name).Machine.Trace.Entries.OfType<GatherTrace>().ToList();
        return entries.OfType<GatherTrace.Ready>().First().At - entries.OfType<GatherTrace.SocketOpened>().First().At;
    }

    private static void That(ScenarioRun run, bool holds, string what) => Assert.True(holds, holds ? "" : $"{what}\n{ScenarioStory.Of(run)}");
}
