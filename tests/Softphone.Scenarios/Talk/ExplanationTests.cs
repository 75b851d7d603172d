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
    [InlineData("port-restricted", "full-cone", "through both NATs", "through both NATs")]
    [InlineData("symmetric", "restricted-cone", "10.0.1.2 (ours) and 192.168.2.2 (the peer's) are private", "through both NATs")]
    [InlineData("symmetric", "port-restricted", "our NAT is symmetric", "peer's NAT is likely symmetric")]
    [InlineData("port-restricted", "symmetric", "peer's NAT is likely symmetric", "our NAT is symmetric")]
    [InlineData("firewall", "symmetric", "our firewall lets in only", "our NAT is symmetric")]
    [InlineData("udp-blocked", "none", "no UDP gets out of our network, so that our relay is reached by TCP", "as where a firewall blocks UDP")]
    [InlineData("udp-blocked", "udp-blocked", "no UDP gets out of our network", "no UDP gets out of our network")]
    public void Explanation_BetweenNats_SaysWhichPathAndWhy(string a, string b, string alices, string bobs)
    {
        using var bench = new CallBench(new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b) });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        var (alice, bob) = bench.UntilEnded(75);
        Says(bench, alice, alices);
        Says(bench, bob, bobs);
        var relayed = alice.Path == "relay";
        bench.That(alice.Explanation.Contains("would make it direct", StringComparison.Ordinal) == relayed, alice.Explanation);
    }

    [Theory]
    [InlineData(false, "within one network")]
    [InlineData(true, "client isolation")]
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
        bench.That(side.Explanation.Contains(words, StringComparison.Ordinal), $"not \"{words}\": {side.Explanation}");
        bench.That(side.Explanation.Length < 450, side.Explanation);
    }
}
