using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Whole phones in networks that are more than one NAT on each side.</summary>
public sealed class WorldTests
{
    private static readonly string[] Translating = ["full-cone", "restricted-cone", "port-restricted", "symmetric"];

    public static TheoryData<string, string, string> DoubleNats()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var home in Translating)
            foreach (var carrier in Translating)
                foreach (var peer in (string[])["restricted-cone", "port-restricted", "symmetric"]) data.Add(home, carrier, peer);
        return data;
    }

    /// <summary>A NAT behind a NAT is to the outside what the worse of both would be.</summary>
    [Theory, MemberData(nameof(DoubleNats))]
    [Rfc("3489", "10.1", Line = "D05")]
    public void DoubleNat_HasThePathOfTheWorse(string home, string carrier, string peer)
    {
        var worse = Translating[Math.Max(Array.IndexOf(Translating, home), Array.IndexOf(Translating, carrier))];
        Holds($$"""
            networks:
              carrier: { nat: {{carrier}}, prefix: 100.64.0.0/16, line: { delay: 10ms } }
              home: { nat: {{home}}, behind: carrier, line: { delay: 5ms } }
              flat: { nat: {{peer}} }
            {{Call("home", "flat")}}
            expect: { everybody: [status=200, audio=two-way, path={{PathTable.Expected(worse, peer, turn: true)}}, loss<1%], world: [clean] }
            """);
    }

    public static TheoryData<string, string> Hairpins()
    {
        var data = new TheoryData<string, string>();
        foreach (var nat in Translating)
            foreach (var hairpin in (string[])["off", "external", "internal"]) data.Add(nat, hairpin);
        return data;
    }

    [Theory, MemberData(nameof(Hairpins))]
    [Rfc("4787", "6")]
    [Rfc("8445", "7.2.5.2.1", Line = "I55")]
    public void IsolatedGuests_MeetByAHairpinOnlyWhereItKeepsTheOutsideAddress(string nat, string hairpin)
    {
        var path = hairpin == "external" && nat != "symmetric" ? "direct" : "relay";
        Holds($$"""
            networks: { hotel: { nat: { type: {{nat}}, hairpin: {{hairpin}} }, isolated: true } }
            {{Call("hotel", "hotel")}}
            expect: { everybody: [status=200, audio=two-way, path={{path}}, loss<1%], world: [clean] }
            """);
    }

    [Theory]
    [InlineData("off", "relay")]
    [InlineData("external", "direct")]
    [Rfc("6888", "3")]
    public void SubscribersOfOneCarrier_WithTheSameHomePrefix_NeedItsHairpin(string hairpin, string path) => Holds($$"""
        networks:
          carrier: { nat: { type: port-restricted, hairpin: {{hairpin}} }, prefix: 100.64.0.0/16, isolated: true }
          home: { nat: port-restricted, behind: carrier, prefix: 192.168.1.0/24 }
          flat: { nat: full-cone, behind: carrier, prefix: 192.168.1.0/24 }
        {{Call("home", "flat")}}
        expect: { everybody: [status=200, audio=two-way, path={{path}}, loss<1%], world: [clean] }
        """);

    [Fact]
    [Rfc("4787", "4.1")]
    [Rfc("8656", "9", Line = "T18")]
    public void ArbitraryPools_OnBothSides_NeedARelayOnEachSide()
    {
        var run = Holds($$"""
            seed: 5
            networks:
              office: { nat: { type: symmetric, pooling: arbitrary }, outside: 16 }
              branch: { nat: { type: symmetric, pooling: arbitrary }, outside: 16 }
            {{Call("office", "branch", "sip: tcp")}}
            expect: { everybody: [status=200, audio=two-way, path=relay, loss<1%], world: [clean] }
            """);
        foreach (var (_, phone) in run.Phones)
        {
            var path = phone.Events.OfType<PhoneEvent.PathSelected>().Last();
            Assert.True(path.Local.Address.Ip == LabServers.TurnAddress.Ip && path.Remote.Address.Ip == LabServers.TurnAddress.Ip, $"{path}");
        }
    }

    [Theory]
    [InlineData("rewrites", "auto", "two-way")]
    [InlineData("rewrites", "none", "two-way")]
    [Rfc("8839", "5.4", Line = "I17")]
    public void SipAlg_ThatRewritesTheDefaultAddress_LeavesAudioBothWays(string alg, string ice, string audio) => Holds($$"""
        networks:
          home: { nat: { type: port-restricted, alg: {{alg}} } }
          flat: { nat: none }
        {{Call("home", "flat", $"sip: udp, ice: {ice}")}}
        expect: { everybody: [status=200, audio={{audio}}], world: [clean] }
        """);

    [Theory]
    [InlineData("tcp")]
    [Rfc("8839", "5.4", Line = "I17")]
    public void SipAlg_ThatBreaksMessages_IsEscapedByTcp(string sip) => Holds($$"""
        networks:
          home: { nat: { type: port-restricted, alg: breaks } }
          flat: { nat: full-cone }
        {{Call("home", "flat", $"sip: {sip}")}}
        expect: { everybody: [status=200, audio=two-way, path=direct], world: [clean] }
        """);

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(180)]
    [Rfc("7675", "5.1", Line = "I72")]
    public void MappingsOf30Seconds_HoldOfThreeMinutes_TheCallComesBack(int seconds) => Holds($$"""
        networks:
          home: { nat: { type: symmetric, lifetime: 30s } }
          flat: { nat: { type: port-restricted, lifetime: 30s } }
        phones: { alice: { on: home, codecs: [pcmu] }, bob: { on: flat, codecs: [pcmu] } }
        steps:
          - until: everybody is registered
          - then: alice calls bob
          - until: everybody is connected
          - after 2s: bob holds
          - after {{seconds}}s: bob resumes
          - after 5s: alice hangs up
          - until: everybody is over
        expect: { everybody: [status=200, audio=two-way, path=relay, gap<1s], world: [clean] }
        """);

    private static string Call(string a, string b, string also = "") => $$"""
        phones: { alice: { on: {{a}}, codecs: [pcmu]{{(also.Length > 0 ? ", " : "")}}{{also}} }, bob: { on: {{b}}, codecs: [pcmu]{{(also.Length > 0 ? ", " : "")}}{{also}} } }
        steps:
          - until: everybody is registered
          - then: alice calls bob for 3s
          - until: everybody is over
        """;

    private static ScenarioRun Holds(string text)
    {
        Assert.True(ScenarioReader.TryRead(text, "test.yaml", out var scenario, out var errors), string.Join('\n', errors) + '\n' + text);
        var run = new ScenarioRun(scenario, CodecFactory.Instance, trace: new Trace());
        run.Play();
        if (!run.Passed) Assert.Fail(ScenarioStory.Of(run));
        return run;
    }
}
