using System.Runtime.CompilerServices;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Lab.Tests;

public class ScenarioReaderTests
{
    private const string Phones = "networks: { home: {} }\nphones: { alice: { on: home }, bob: {} }\n";

    [Fact]
    public void File_WithEveryKey_BecomesAScenario()
    {
        var scenario = Read("""
            name: Everything
            about: All of it.
            seed: 7
            limit: 90s
            networks:
              home:
                behind: carrier
                nat:
                  { type: symmetric, mapping: address-dependent, filtering: endpoint-independent, ports: sequential, parity: true, pooling: arbitrary, hairpin: internal,
                    lifetime: 30s, tcp-lifetime: 1h, inbound-refresh: true, alg: breaks, drop-fragments: true, block-udp: false, capacity: 100 }
                prefix: 192.168.7.0/24
                outside: 2
                isolated: true
                kind: wifi
                line: { delay: 5ms, jitter: 1ms, loss: 2%, burst: 3, duplicate: 1%, reorder: 0.5, rate: 2Mbit, queue: 16kB, mtu: 1400 }
              carrier: { nat: full-cone, ipv6: firewall, nat64: symmetric }
            servers: { sip: { delay: 3ms, ipv6: false }, turn: { loss: 1%, ipv6: only } }
            dns: { delay: 10ms, dead: true }
            phones:
              alice: { on: [home, carrier], line: { delay: 1ms }, codecs: [pcmu, opus], ice: relay, sip: tcp, stun: false, turn: false, mux: false, strict-ice: true, gather-budget: 200ms, answers: never }
              bob: { answers: 486 }
            steps:
              - at 1s: alice calls bob for 3s
              - after 500ms: home line has delay 1s, loss 3%
              - until: everybody is over
            expect:
              everybody: path=relay
              alice: [mos>=3, gap<1s]
              world: [clean, filtered>3]
            """);
        Assert.Equal(("Everything", "All of it.", 7UL, TimeSpan.FromSeconds(90)), (scenario.Name, scenario.About, scenario.Seed, scenario.Limit));
        Assert.Equal(["carrier", "home"], scenario.Networks.Select(n => n.Name));
        var home = scenario.Networks[1];
        Assert.Equal(
            new NatBehavior
            {
                Mapping = MappingRule.AddressDependent,
                Filtering = FilteringRule.EndpointIndependent,
                Ports = PortAllocation.Sequential,
                PreservesParity = true,
                Pooling = AddressPooling.Arbitrary,
                Hairpin = Hairpinning.Internal,
                UdpLifetime = TimeSpan.FromSeconds(30),
                TcpLifetime = TimeSpan.FromHours(1),
                InboundRefreshes = true,
                SipAlg = SipAlgMode.Breaks,
                DropsFragments = true,
                Capacity = 100,
            },
            home.Nat);
        Assert.Equal(
            new Link(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(1), 0.02, 0.01, 0.5) { Burst = 3, Rate = 2_000_000, Queue = 16_000, Mtu = 1400 }, home.Line);
        Assert.Equal(("carrier", 2, true, InterfaceKind.Wireless), (home.Behind, home.Outside, home.IsIsolated, home.Kind));
        Assert.Equal((NatBehavior.Firewall, NatBehavior.Symmetric), (scenario.Networks[0].V6, scenario.Networks[0].Nat64));
        Assert.Equal((3, 0.01, 10, true), (scenario.SipLine.Delay.TotalMilliseconds, scenario.TurnLine.Loss, scenario.DnsDelay.TotalMilliseconds, scenario.DnsIsDead));
        Assert.Equal((IpFamilies.V4, IpFamilies.V6), (scenario.SipFamilies, scenario.TurnFamilies));
        var alice = scenario.Phones[0];
        Assert.Equal(["home", "carrier"], alice.Networks);
        Assert.Equal((SipTransports.Tcp, false, null), (alice.Sip, alice.UsesStun, alice.AnswersAfter));
        Assert.Empty(alice.Turn);
        Assert.Equal([Transport.Udp], scenario.Phones[1].Turn);
        Assert.Equal((NatMode.Relay, true, 200.0), (alice.Options.Nat.Mode, alice.Options.StrictIce, alice.Options.Nat.GatherBudget.TotalMilliseconds));
        Assert.Equal((486, "internet"), (scenario.Phones[1].Refuses, Assert.Single(scenario.Phones[1].Networks)));
        Assert.Equal(new StepAction.Call("alice", "bob", TimeSpan.FromSeconds(3)), scenario.Steps[0].Action);
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.IsType<StepAction.Relink>(scenario.Steps[1].Action).Change(home.Line).Delay);
        Assert.Equal(2 + 2 + 2, scenario.Expectations.Count);
    }

    [Theory]
    [InlineData("true", true, true, false)]
    [InlineData("firewall", true, true, false)]
    [InlineData("none", true, true, false)]
    [InlineData("broken", true, true, true)]
    [InlineData("only", false, true, false)]
    [InlineData("false", true, false, false)]
    [InlineData("off", true, false, false)]
    public void Ipv6_OfANetwork_MayBeThereAloneOrBroken(string word, bool hasV4, bool hasV6, bool isBroken)
    {
        var network = Assert.Single(Read($"networks: {{ home: {{ ipv6: {word} }} }}\nphones: {{ alice: {{ on: home }} }}").Networks);
        Assert.Equal((hasV4, hasV6, isBroken), (network.HasV4, network.V6 is not null, network.IsV6Broken));
    }

    [Theory]
    [InlineData("ipv6: black-hole", GatewayFailure.None, GatewayFailure.BlackHole)]
    [InlineData("ipv6: rejected", GatewayFailure.None, GatewayFailure.Rejects)]
    [InlineData("ipv4: black-hole, ipv6: true", GatewayFailure.BlackHole, GatewayFailure.None)]
    [InlineData("ipv4: rejected, ipv6: broken", GatewayFailure.Rejects, GatewayFailure.None)]
    public void Family_OfANetwork_MayFail(string words, GatewayFailure v4, GatewayFailure v6)
    {
        var network = Assert.Single(Read($"networks: {{ home: {{ {words} }} }}\nphones: {{ alice: {{ on: home }} }}").Networks);
        Assert.Equal((true, true, v4, v6), (network.HasV4, network.V6 is not null, network.V4Failure, network.V6Failure));
    }

    [Theory]
    [InlineData("home swallows ipv6", false, GatewayFailure.BlackHole)]
    [InlineData("home rejects ipv4", true, GatewayFailure.Rejects)]
    [InlineData("home carries ipv6", false, GatewayFailure.None)]
    public void Step_FailsAFamily_IsRead(string step, bool isV4, GatewayFailure failure) =>
        Assert.Equal(new StepAction.FailFamily("home", isV4, failure), Assert.Single(Read($"networks: {{ home: {{ ipv6: true }} }}\nphones: {{ alice: {{ on: home }} }}\nsteps: [ at 1s: {step} ]").Steps).Action);

    [Theory]
    [InlineData("networks: { home: { ipv4: perhaps } }\nphones: { alice: {} }", 1, "networks.home.ipv4 \"perhaps\" is not allowed: true, false, black-hole, rejected")]
    [InlineData("nmae: x\n" + Phones, 1, "unknown key \"nmae\"; the nearest known key is name")]
    [InlineData("networks: { home: { nat: conical } }\nphones: { alice: {} }", 1, "networks.home.nat \"conical\" is not allowed: none, firewall, full-cone")]
    [InlineData("networks:\n  home:\n    line: { dealy: 3ms }\nphones: { alice: {} }", 3, "unknown key \"dealy\" in networks.home.line; the nearest known key is delay")]
    [InlineData("networks: { home: { line: { rate: fast } } }\nphones: { alice: {} }", 1, "networks.home.line.rate \"fast\" is not allowed: a number with bit, kbit or Mbit")]
    [InlineData("networks: { home: { nat: { haripin: off } } }\nphones: { alice: {} }", 1, "the nearest known key is hairpin")]
    [InlineData("networks: { a: { behind: b }, b: { behind: a } }\nphones: { alice: {} }", 1, "networks.a is behind itself")]
    [InlineData("networks: { home: { behind: hmoe } }\nphones: { alice: {} }", 1, "there is no network \"hmoe\"; the nearest is home")]
    [InlineData("networks: { home: { ipv4: false } }\nphones: { alice: {} }", 1, "has neither IPv4 nor IPv6")]
    [InlineData("networks: { home: { ipv4: false, ipv6: broken } }\nphones: { alice: {} }", 1, "has neither IPv4 nor IPv6")]
    [InlineData("networks: { home: { ipv6: maybe } }\nphones: { alice: {} }", 1, "networks.home.ipv6 \"maybe\" is not allowed: true, false, only, broken, none, firewall")]
    [InlineData("servers: { sip: { ipv6: maybe } }\nphones: { alice: {} }", 1, "servers.sip.ipv6 \"maybe\" is not allowed: true, false, only")]
    [InlineData("servers: { sip: { dealy: 3ms } }\nphones: { alice: {} }", 1, "the nearest known key is delay")]
    [InlineData("networks: { home: { prefix: 10.0.0.0/33 } }\nphones: { alice: {} }", 1, "an IPv4 prefix such as 10.0.1.0/24")]
    [InlineData("phones: { alice: { on: nowhere } }", 1, "there is no network \"nowhere\"")]
    [InlineData("phones: { turn: {} }", 1, "\"turn\" cannot be a name")]
    [InlineData("phones: { alice: { answers: soon } }", 1, "a time such as 1s, never, or a status")]
    [InlineData("phones: { alice: { turn: [udp, dccp] } }", 1, "\"dccp\" is not allowed: true, false, or a list of udp, tcp, tls")]
    [InlineData("phones: { alice: { codecs: [mp3] } }", 1, "\"mp3\" is not allowed: opus, g722, pcma, pcmu")]
    [InlineData("name: x", 1, "phones is missing")]
    [InlineData("phones: [alice]", 1, "phones is a section")]
    [InlineData(Phones + "steps:\n  - at 3s: home rebind", 4, "\"home rebind\" is no step; the nearest is: NETWORK rebinds")]
    [InlineData(Phones + "steps:\n  - at 3s: hmoe rebinds", 4, "there is no network \"hmoe\"; the nearest is home")]
    [InlineData(Phones + "steps:\n  - at 3s: alice calls bbo", 4, "there is no phone \"bbo\"; the nearest is bob")]
    [InlineData(Phones + "steps:\n  - at 3s: alice calls bob for long", 4, "\"long\" is not a number with ms, s, m or h")]
    [InlineData(Phones + "steps:\n  - at 3s: home line has delay", 4, "a line has pairs of a name and a value")]
    [InlineData(Phones + "steps:\n  - at 3s: home becomes round", 4, "there is no NAT type \"round\"")]
    [InlineData(Phones + "steps:\n  - soon: alice hangs up", 4, "\"soon\" is no time of a step")]
    [InlineData(Phones + "steps:\n  - until: alice hangs up", 4, "until needs something to wait for")]
    [InlineData(Phones + "steps:\n  - then: alice is connected", 4, "write until: alice is connected")]
    [InlineData(Phones + "steps:\n  - alice hangs up", 4, "a step is a time and what happens then")]
    [InlineData(Phones + "expect:\n  alice: [mso>=4]", 4, "expect.alice: \"mso>=4\" is unknown; the nearest is mos")]
    [InlineData(Phones + "expect: { alcie: [mos>=4] }", 3, "there is no phone \"alcie\"; the nearest is alice")]
    [InlineData(Phones + "expect: { world: [sunny] }", 3, "expect.world: \"sunny\" is unknown; there are clean, and loss")]
    [InlineData("phones: { alice: {}", 2, "did not find expected")]
    [InlineData("- a\n- b", 1, "a scenario starts with a key")]
    [InlineData("", 1, "is empty")]
    public void File_WithAMistake_NamesLineAndWhatIsMeant(string text, int line, string message)
    {
        Assert.False(ScenarioReader.TryRead(text, "x.yaml", out _, out var errors));
        var error = errors[0];
        Assert.True(error.Line == line && error.Message.Contains(message, StringComparison.Ordinal), string.Join('\n', errors));
        Assert.StartsWith($"x.yaml:{line}: ", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Every sentence of the table reads as the form it is of.</summary>
    [Theory, MemberData(nameof(Sentences))]
    public void Step_OfEveryForm_IsReadAsIt(string form, string sentence)
    {
        var time = form.Contains(" is ", StringComparison.Ordinal) ? "until" : "then";
        var step = Assert.Single(Read($"{Phones}steps:\n  - {time}: {sentence}\n").Steps);
        Assert.Equal(sentence, step.Text);
        var kind = form.Split(' ')[0] switch { "dns" => typeof(StepAction.Dns), "SERVER" => typeof(StepAction.Restart), _ => step.Action.GetType() };
        Assert.IsType(kind, step.Action);
    }

    public static TheoryData<string, string> Sentences()
    {
        var data = new TheoryData<string, string>();
        foreach (var form in ScenarioReader.StepForms)
        {
            data.Add(form, string.Join(' ', form.Split(' ').Select(word => word switch
            {
                "PHONE" => "alice",
                "NETWORK" => "home",
                "SERVER" => "turn",
                "NAT" => "symmetric",
                "TIME" => "3s",
                "STATUS" => "486",
                "KEYS" => "12*",
                "LINE" => "delay 3ms, loss 2%",
                "FAMILY" => "ipv6",
                _ => word,
            })));
        }

        return data;
    }

    [Fact]
    public void File_WithSeveralMistakes_NamesThemAll()
    {
        Assert.False(ScenarioReader.TryRead("seed: -1\nphones: { alice: { turn: perhaps } }\nsteps:\n  - at 1s: alice dances", "x.yaml", out _, out var errors));
        Assert.Equal([1, 2, 4], errors.Select(e => e.Line));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void File_NestedWithoutEnd_IsRefused(string opening)
    {
        Assert.False(ScenarioReader.TryRead(string.Concat(Enumerable.Repeat(opening, 50_000)), "x.yaml", out _, out var errors));
        Assert.Contains("is nested too deeply", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever is cut off or changed, reading ends with a scenario or with mistakes.</summary>
    [Fact]
    public void File_BrokenAtRandom_NeverThrows()
    {
        var whole = Phones + "steps:\n  - at 3s: home line has delay 3ms\n  - until: alice is over\nexpect: { alice: [mos>=4], world: [clean, loss>0] }\n";
        for (ulong seed = 0; seed < 500; seed++)
        {
            var chance = new SeededEntropy(seed);
            var text = whole.ToCharArray();
            for (var i = chance.NextInt(4); i >= 0; i--) text[chance.NextInt(text.Length)] = " :{}[]-'\"#\n\tx&*!|>%@"[chance.NextInt(20)];
            var read = ScenarioReader.TryRead(new string(text, 0, 1 + chance.NextInt(text.Length)), "x.yaml", out var scenario, out var errors);
            Assert.True(read ? scenario is not null && errors.Count == 0 : errors.Count > 0, $"seed {seed}");
        }
    }

    [Fact]
    public void Page_NamesEveryStepAndEveryKeyOfALine()
    {
        var page = File.ReadAllText(Path.Combine(Here(), "../../../docs/scenarios.md"));
        Assert.All(ScenarioReader.StepForms, form => Assert.Contains($"`{form}`", page, StringComparison.Ordinal));
        Assert.All(LinkText.Keys, key => Assert.Contains($"`{key}`", page, StringComparison.Ordinal));
    }

    private static Scenario Read(string text)
    {
        Assert.True(ScenarioReader.TryRead(text, "x.yaml", out var scenario, out var errors), string.Join('\n', errors));
        return scenario;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
