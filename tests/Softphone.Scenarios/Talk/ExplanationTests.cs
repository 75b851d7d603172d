using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sdp;

namespace Softphone.Scenarios;

/// <summary>What a person reads after the call: true, short, and with the way out where there is one.</summary>
public sealed class ExplanationTests
{
    [Theory]
    [InlineData("none", "none", "with no NAT between", "with no NAT between")]
    [InlineData("none", "port-restricted", "through the peer's NAT", "through our NAT")]
    [InlineData("port-restricted", "full-cone", "through both NATs: ", "through both NATs: ")]
    [InlineData("symmetric", "restricted-cone", "10.0.1.2 (ours) and 192.168.2.2 (the peer's) are private", "through both NATs: ")]
    [InlineData("symmetric", "port-restricted", "our NAT is symmetric (another outer port for every destination), and the peer's NAT lets in only", "the peer's NAT is symmetric")]
    [InlineData("port-restricted", "symmetric", "the peer's NAT is symmetric", "at both NATs or IPv6 on both sides would make it direct; the same at our NAT alone may")]
    [InlineData("symmetric", "symmetric", "both NATs are symmetric", "(endpoint-independent mapping) at both NATs")]
    [InlineData("firewall", "symmetric", "our firewall lets in only", "UDP let in through the peer's firewall to its phone would make it direct")]
    [InlineData("udp-blocked", "none", "no UDP gets out of our network, whose servers answer by TCP or TLS alone", "no UDP seems to get out of the peer's network")]
    [InlineData("udp-blocked", "udp-blocked", "UDP let out of both networks may make it direct", "UDP let out of both networks may make it direct")]
    [InlineData("udp-blocked", "symmetric", "UDP let out of our network, together with the same outer port for every destination (endpoint-independent mapping) at the peer's NAT may", "no UDP seems")]
    [InlineData("symmetric", "udp-blocked", "no UDP seems to get out of the peer's network", "no UDP gets out of our network")]
    public void Explanation_BetweenNats_SaysWhichPathAndWhy(string a, string b, string alices, string bobs)
    {
        using var bench = new CallBench(new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b) });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        var (alice, bob) = bench.UntilEnded(75);
        Says(bench, alice, alices);
        Says(bench, bob, bobs);
        foreach (var side in new[] { alice, bob })
        {
            bench.That(side.Explanation.Contains("make it direct", StringComparison.Ordinal) == (alice.Path == "relay"), side.Explanation);
            bench.That(!side.Explanation.Contains("keeps its ports", StringComparison.Ordinal) && !side.Explanation.Contains("did not answer", StringComparison.Ordinal), side.Explanation);
        }
    }

    [Theory]
    [InlineData("none", "full-cone")]
    [InlineData("full-cone", "full-cone")]
    [InlineData("udp-blocked", "port-restricted")]
    public void Explanation_ToldToUseRelays_NamesTheSettingOnBothSides(string a, string b)
    {
        using var bench = new CallBench(
            new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b) },
            new BenchOptions { Adjust = (name, o) => name == "alice" ? o with { Nat = o.Nat with { Mode = NatMode.Relay } } : o });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        var (alice, bob) = bench.UntilEnded(75);
        Says(bench, alice, "No direct path was tried: our setting allows relays only (--nat relay");
        Says(bench, alice, "no setting for relays only here");
        Says(bench, bob, "the peer named relays only, as it does when a setting says so");
        bench.That(!bob.Explanation.Contains("blocks UDP", StringComparison.Ordinal) && !bob.Explanation.Contains("gets out", StringComparison.Ordinal), bob.Explanation);
    }

    [Theory]
    [InlineData("port-restricted", "port-restricted")]
    [InlineData("full-cone", "symmetric")]
    public void Explanation_NoServerConfigured_SaysThatAndNotThatUdpIsBlocked(string a, string b)
    {
        using var bench = new CallBench(
            new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b) },
            new BenchOptions { Turn = false, Adjust = (_, o) => o with { Nat = o.Nat with { StunServers = [] } } });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(60) });
        var (alice, bob) = bench.UntilEnded(75);
        foreach (var side in new[] { alice, bob })
        {
            bench.That(side.Why.Cause is Cause.Network { Ours: Hindrances.NotAsked, Peer: Hindrances.NoPublicAddress }, side.Explanation);
            Says(bench, side, "no STUN server is configured here");
            Says(bench, side, "STUN servers on both sides (nat.stun) may make it direct");
        }
    }

    [Theory]
    [InlineData(false, "within one network")]
    [InlineData(true, "client isolation switched off or hairpinning switched on may make it direct")]
    public void Explanation_SameNat_SaysSo(bool isolated, string words)
    {
        using var bench = new CallBench(new DemoOptions { IsSameNat = true, IsolatesClients = isolated });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        var (alice, bob) = bench.UntilEnded(20);
        Says(bench, alice, words);
        Says(bench, bob, words);
    }

    [Fact]
    public void Explanation_OfCallsNotAnswered_TellsNoPath()
    {
        using var bench = new CallBench(new DemoOptions(), new BenchOptions { Ringing = null });
        bench.Register().Dial();
        bench.Run(2);
        bench.HangUp();
        var (alice, bob) = bench.UntilEnded(5);
        Says(bench, alice, "We hung up before the call was answered.");
        Says(bench, bob, "The caller hung up before we answered.");

        bench.Dial();
        bench.Run(2);
        bench.Bob.Do((m, now) => m.Reject(now, bench.BobsCall(), 486));
        bench.Run(1);
        Says(bench, CallBench.Summary(bench.Alice)!, "Not connected: sip:bob@lab.test is busy.");
        Says(bench, CallBench.Summary(bench.Bob)!, "We did not take the call (486 Busy Here).");
    }

    [Fact]
    public void Explanation_WithoutIce_SaysWhose()
    {
        using var theirs = new PeerBench(NatBehavior.PortRestricted);
        theirs.Dial(_ => theirs.Peer.Describe());
        theirs.Run(2);
        Assert.Contains("the peer offered no ICE", theirs.End().Explanation, StringComparison.Ordinal);

        using var ours = new PeerBench(adjust: o => o with { Nat = o.Nat with { Mode = NatMode.None } });
        ours.Dial(_ => ours.Peer.Describe());
        ours.Run(2);
        Assert.Contains("our profile has ICE switched off", ours.End().Explanation, StringComparison.Ordinal);
    }

    private static void Says(CallBench bench, CallSummary side, string words)
    {
        bench.That(side.Explanation.Contains(words, StringComparison.OrdinalIgnoreCase), $"not \"{words}\": {side.Explanation}");
        bench.That(side.Explanation.Length < 520, side.Explanation);
    }
}
