using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>
/// The outcome matrix of the checklist, section 5, end to end: the project's ICE, TURN client and media transport on virtual hosts, the
/// lab's NATs between them and the lab's STUN/TURN server beside.
/// </summary>
public class MediaThroughNatsTests
{
    private static readonly string[] Types = ["none", "firewall", "full-cone", "restricted-cone", "port-restricted", "symmetric"];

    public static TheoryData<string, string, bool> Matrix()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var a in Types)
            foreach (var b in Types)
                foreach (var turn in new[] { true, false }) data.Add(a, b, turn);
        return data;
    }

    [Theory, MemberData(nameof(Matrix))]
    [Rfc("8445", "2.3")]
    public void Matrix_EachPair_TakesThePathExpected(string a, string b, bool turn) =>
        Check(new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b) }, turn, Expected(a, b, turn));

    [Theory]
    [InlineData("full-cone", false, Hairpinning.Off, "direct")]
    [InlineData("symmetric", false, Hairpinning.Off, "direct")]
    [InlineData("full-cone", true, Hairpinning.Off, "relay")]
    [InlineData("symmetric", true, Hairpinning.Off, "relay")]
    [InlineData("full-cone", true, Hairpinning.External, "direct")]
    [InlineData("port-restricted", true, Hairpinning.External, "direct")]
    [InlineData("symmetric", true, Hairpinning.External, "relay")]
    [InlineData("port-restricted", true, Hairpinning.Internal, "relay")]
    [Rfc("4787", "6")]
    public void SameNat_ByIsolationAndHairpin_TakesThePathExpected(string type, bool isolated, Hairpinning hairpin, string expected) =>
        Check(new DemoOptions { NatA = NatBehavior.Named(type) with { Hairpin = hairpin }, IsSameNat = true, IsolatesClients = isolated }, turn: true, expected);

    [Theory]
    [InlineData(0.02, "port-restricted", "port-restricted", "direct")]
    [InlineData(0.05, "symmetric", "full-cone", "direct")]
    [InlineData(0.05, "symmetric", "symmetric", "relay")]
    public void LossyLines_ManySeeds_AlwaysConnect(double loss, string a, string b, string expected)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var options = new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b), Loss = loss, Jitter = TimeSpan.FromMilliseconds(5), Seed = seed };
            // Loss may make a slower path win, never none.
            Check(options, turn: true, expected == "relay" ? "relay" : "any");
        }
    }

    [Fact]
    public void SameSeed_WholeSession_SameWorld()
    {
        var options = new DemoOptions { NatA = NatBehavior.Symmetric, NatB = NatBehavior.PortRestricted, Loss = 0.05, Seed = 77 };
        var first = Check(options, turn: true, "any");
        Assert.Equal(first, Check(options, turn: true, "any"));
        Assert.NotEqual(first, Check(options with { Seed = 78 }, turn: true, "any"));
    }

    private static string Expected(string a, string b, bool turn)
    {
        // A firewall is a port-restricted filter without translation.
        var isHard = (a == "symmetric" && b is "symmetric" or "port-restricted" or "firewall") || (b == "symmetric" && a is "port-restricted" or "firewall");
        return !isHard ? "direct" : turn ? "relay" : "fail";
    }

    private static string Check(DemoOptions options, bool turn, string expected)
    {
        var demo = new DemoWorld(options);
        var transport = new MediaTransportOptions
        {
            StunServers = [DemoWorld.StunAddress],
            // A lost Allocate costs half a second each time; where only relays help, a shorter budget would leave none.
            GatherBudget = TimeSpan.FromSeconds(options.Loss > 0 ? 2 : 0.5),
            TurnServers = turn ? [new RelayServer(DemoWorld.TurnAddress, "alice", DemoWorld.PasswordOf("alice"))] : [],
        };
        var a = new MediaEnd(demo.World, demo.HostA, "alice", transport);
        var b = new MediaEnd(demo.World, demo.HostB, "bob", transport);
        var label = $"{demo.GatewayA.Nat.Behavior} to {demo.GatewayB.Nat.Behavior}, turn {turn}, seed {options.Seed}";

        a.Host.Post(() => a.Transport.Gather(demo.World.Now, isOfferer: true));
        Assert.True(demo.World.RunUntil(() => a.Transport.Local is not null, After(demo, 5)), label);
        b.Host.Post(() => b.Transport.Gather(demo.World.Now, isOfferer: false));
        Assert.True(demo.World.RunUntil(() => b.Transport.Local is not null, After(demo, 5)), label);
        b.Host.Post(() => b.Transport.SetRemote(demo.World.Now, a.Describe()));
        demo.World.RunUntil(demo.World.Now + TimeSpan.FromMilliseconds(80));
        a.Host.Post(() => a.Transport.SetRemote(demo.World.Now, b.Describe()));

        var connected = demo.World.RunUntil(() => a.Selected.Count == 2 && b.Selected.Count == 2, After(demo, expected == "fail" ? 60 : 20));
        Assert.True(connected == (expected != "fail"), $"{label}\nconnected: {connected}, expected {expected}");
        if (connected)
        {
            var path = a.IsRelayed || b.IsRelayed || UsesRelay(a, b) ? "relay" : "direct";
            if (expected != "any") Assert.True(path == expected, $"{label}\n{path}, expected {expected}");
            for (var i = 0; i < 20; i++)
            {
                a.SendMedia();
                b.SendMedia();
            }

            demo.World.RunUntil(After(demo, 1));
            var least = options.Loss > 0 ? 1 : 20;
            Assert.True(a.Heard >= least && b.Heard >= least, $"{label}\nheard {a.Heard} and {b.Heard}");
        }

        a.Host.Post(() => a.Transport.Close(demo.World.Now));
        b.Host.Post(() => b.Transport.Close(demo.World.Now));
        demo.World.RunUntil(After(demo, 5));
        Assert.True(a.IsClosed && b.IsClosed, label);
        Assert.True(demo.HostA.OpenSockets + demo.HostB.OpenSockets == 0, label);
        demo.World.RunUntil(After(demo, 700));
        Assert.True(demo.Turn.Allocations == 0, label);
        return $"{demo.World.Counters} {string.Join(' ', a.Selected.Values)} {a.Heard} {b.Heard}";
    }

    /// <summary>A peer-reflexive candidate may be a relay that its owner had not told of: the addresses say so.</summary>
    private static bool UsesRelay(MediaEnd a, MediaEnd b) =>
        a.Selected.Values.Concat(b.Selected.Values).Any(s => s.Remote.Address.Ip == DemoWorld.TurnAddress.Ip || s.Local.Address.Ip == DemoWorld.TurnAddress.Ip);

    private static Instant After(DemoWorld demo, double seconds) => demo.World.Now + TimeSpan.FromSeconds(seconds);
}
