using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>A server of both address families, and a network of which one family leads nowhere, from the start or from some moment on: whole phones stay reachable.</summary>
public sealed class BrokenFamilyTests
{
    public static TheoryData<string, string, string> Starts()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var family in (string[])["ipv4", "ipv6"])
            foreach (var failure in (string[])["black-hole", "rejected"])
                foreach (var sip in (string[])["udp", "tcp", "udp+tcp"]) data.Add(family, failure, sip);
        return data;
    }

    [Theory]
    [MemberData(nameof(Starts))]
    [Rfc("6157", "3.1")]
    [Rfc("3263", "4.3")]
    public void Start_OneFamilyFails_IsRegisteredAndReachableWithinTwoSeconds(string family, string failure, string sip)
    {
        var run = Play(family == "ipv4" ? $"ipv4: {failure}, ipv6: true" : $"ipv6: {failure}", sip, """
              - at 2s: bob calls alice for 2s
              - until: everybody is over
              - then: alice calls bob for 2s
              - until: everybody is over
            """);
        var first = Registered(run)[0];
        That(run, first.At.Nanoseconds <= 2e9, $"registered at {first.At}");
        That(run, IpOf(first).IsV4 == (family == "ipv6"), $"registered by {first.Server}");
        foreach (var name in (string[])["alice", "bob"]) Heard(run, name, 2);

        // The silent address is named once, where it was asked at all, and not one word is said of the calls.
        var told = Phone(run, "alice").Events.OfType<PhoneEvent.ServerSilent>().ToList();
        That(run, told.Count <= 1, $"told {told.Count} times");
        if (family == "ipv6") That(run, told is [{ Server.Ip.IsV6: true, Instead.Ip.IsV4: true }], "it is not told");
    }

    public static TheoryData<string, string, string> Deaths()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var before in (string[])["ipv6: true", "ipv6: true, ipv4: black-hole", "ipv6: black-hole"])
            foreach (var verb in (string[])["swallows", "rejects"])
                data.Add(before, verb, before == "ipv6: black-hole" ? "ipv4" : "ipv6");
        return data;
    }

    /// <summary>The family in use dies while nothing goes on; where the other was dead, it lives again.</summary>
    [Theory]
    [MemberData(nameof(Deaths))]
    public void Registered_TheFamilyInUseDies_MovesWithTheNextRequest(string before, string verb, string family)
    {
        var other = family == "ipv4" ? "ipv6" : "ipv4";
        var run = Play(before, "udp", $"""
              - at 20s: home carries {other}
              - then: home {verb} {family}
              - at 30s: alice calls bob for 2s
              - until: everybody is over
              - at 300s: bob calls alice for 2s
              - until: everybody is over
            """);
        That(run, IpOf(Registered(run)[0]).IsV4 == (family == "ipv4"), $"first by {Registered(run)[0].Server}");
        That(run, IpOf(Registered(run)[^1]).IsV4 == (family != "ipv4"), $"last by {Registered(run)[^1].Server}");
        foreach (var name in (string[])["alice", "bob"]) Heard(run, name, 2);
        That(run, !Phone(run, "alice").Events.OfType<PhoneEvent.Registration>().Any(r => r.State == RegistrationState.Failed), "a registration failed");
    }

    /// <summary>The family dies under a call: it goes on by the other, and others reach the phone.</summary>
    [Theory]
    [InlineData("swallows", "opus")]
    [InlineData("rejects", "pcmu")]
    public void InACall_TheFamilyInUseDies_IsReachableAtOnce(string verb, string codec)
    {
        var run = Play("ipv6: true", "udp", $"""
              - then: alice calls bob for 30s
              - until: alice is connected
              - after 5s: home {verb} ipv6
              - after 10s: carol calls alice for 2s
              - until: everybody is over
            """, codec, others: $"carol: {{ on: flat, codecs: {codec} }}");
        var moved = Registered(run).First(r => IpOf(r).IsV4);
        That(run, moved.At.Nanoseconds < 20e9, $"moved at {moved.At}");
        Heard(run, "alice", 2);
        Heard(run, "carol", 1);
    }

    /// <summary>The dialog has a numeric route of the family that died: the same server is reached by the other, and told where we are now.</summary>
    [Theory]
    [InlineData("swallows", "alice", "bob")]
    [InlineData("rejects", "bob", "alice")]
    [InlineData("swallows", "bob", "alice")]
    public void InACall_TheFamilyInUseDies_TheHangUpArrives(string verb, string caller, string callee)
    {
        var run = Play("ipv6: true", "udp", $"""
              - then: {caller} calls {callee}
              - until: everybody is connected
              - after 5s: home {verb} ipv6
              - after 15s: bob hangs up
              - until: everybody is over
            """);
        foreach (var name in (string[])["alice", "bob"])
        {
            Heard(run, name, 1);
            var ended = Phone(run, name).Events.OfType<PhoneEvent.CallEnded>().Single();
            That(run, ended.Summary.Fault is null && ended.At.Nanoseconds < 22e9, $"{name}: {ended.At} {ended.Summary.Fault}");
        }
    }

    private static ScenarioRun Play(string home, string sip, string steps, string codec = "pcmu", string others = "")
    {
        var text = $$"""
            networks:
              home: { nat: port-restricted, {{home}} }
              flat: { nat: port-restricted, ipv6: true }
            phones:
              alice: { on: home, codecs: {{codec}}, sip: {{sip}} }
              bob: { on: flat, codecs: {{codec}} }
              {{others}}
            steps:
              - until: everybody is registered
            {{steps}}
            """;
        Assert.True(ScenarioReader.TryRead(text, "family.yaml", out var scenario, out var errors), string.Join('\n', errors));
        var run = new ScenarioRun(scenario, CodecFactory.Instance, trace: new Trace());
        run.Play();
        That(run, run.Passed, "the scenario did not run to its end");
        return run;
    }

    private static List<PhoneEvent.Registration> Registered(ScenarioRun run) =>
        [.. Phone(run, "alice").Events.OfType<PhoneEvent.Registration>().Where(r => r.State == RegistrationState.Registered)];

    private static IpAddress IpOf(PhoneEvent.Registration registered) => Address.Parse(registered.Server).Ip;

    private static void Heard(ScenarioRun run, string name, int calls)
    {
        var summaries = Phone(run, name).Events.OfType<PhoneEvent.CallEnded>().Select(e => e.Summary).ToList();
        That(run, summaries.Count == calls && summaries.TrueForAll(s => s.Audio == AudioOutcome.TwoWay),
            $"{name}: {string.Join(", ", summaries.Select(s => $"{s.Status} {s.Audio} {s.Fault}"))}");
    }

    private static VirtualPhone Phone(ScenarioRun run, string name) => run.Phones.Single(p => p.Name == name).Phone;

    private static void That(ScenarioRun run, bool holds, string what) => Assert.True(holds, holds ? "" : $"{what}\n{ScenarioStory.Of(run)}");
}
