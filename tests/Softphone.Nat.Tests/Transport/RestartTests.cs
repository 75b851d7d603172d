using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>The path of a call is lost, for every cause there is, and media finds another (RFC 8445 §9, RFC 7675 §5.1).</summary>
public sealed class RestartTests
{
    private static readonly IpAddress Mobile = IpAddress.Parse("10.0.9.2");

    [Theory]
    [InlineData("full-cone")]
    [InlineData("restricted-cone")]
    [Rfc("8445", "7.3.1.3", Line = "I26")]
    public void NatRebinds_PeerSeesTheNewAddress_AndFollowsItWithoutARestart(string peer)
    {
        var pair = new TransportPair(NatBehavior.PortRestricted, NatBehavior.Named(peer));
        var call = new RestartingPair(pair);
        pair.Demo.GatewayA.Rebind();
        Assert.True(call.Recovers(1.5), call.Report());
        Assert.InRange(pair.Left.LongestGap.TotalSeconds, 0, 1.2);
        Assert.InRange(pair.Right.LongestGap.TotalSeconds, 0, 1.2);
        pair.Run(20);
        Assert.Equal(0, call.Restarts);
        Assert.True(pair.IsCompleted, call.Report());
        Assert.Equal(CandidateType.PeerReflexive, pair.Right.Events.OfType<MediaTransportEvent.Selected>().Last(s => s.Component == 1).Remote.Type);
    }

    [Fact]
    [Rfc("7675", "5.1", Line = "I73")]
    public void NatRebinds_PeersNatRefusesTheNewPort_RestartsWithinTenSeconds()
    {
        var pair = new TransportPair();
        var call = new RestartingPair(pair);
        pair.Demo.GatewayA.Rebind();
        Assert.True(call.Recovers(6), call.Report());
        Assert.InRange((call.Asked[0].At - call.MarkedAt).TotalSeconds, 1, 10);
        Assert.True(pair.Run(3, () => pair.IsCompleted), call.Report());
    }

    [Fact]
    [Rfc("8445", "9", Line = "I82")]
    public void Interface_OfThePathGone_MediaMovesAtOnce_AndARestartFollows()
    {
        var pair = WithMobile(new TransportPair(NatBehavior.PortRestricted, NatBehavior.PortRestricted));
        var call = new RestartingPair(pair);
        pair.Demo.HostA.Detach(IpAddress.Parse("10.0.1.2"));
        Assert.True(call.Recovers(3), call.Report());
        Assert.InRange((call.Asked[0].At - call.MarkedAt).TotalMilliseconds, 0, 20);
        Assert.InRange(pair.Left.LongestGap.TotalSeconds, 0, 1.5);
        Assert.InRange(pair.Right.LongestGap.TotalSeconds, 0, 1.5);
        Assert.True(pair.Run(3, () => pair.IsCompleted), call.Report());
        Assert.All(pair.Left.Transport.Snapshot()!.Pairs, p => Assert.Equal(p.Local.Path.IsRelay ? p.Local.Base : new Address(Mobile, p.Local.Base.Port), p.Local.Base));
        Assert.Equal(1, call.Restarts);
    }

    [Fact]
    [Rfc("8445", "9", Line = "I82")]
    public void Interface_OfThePathGone_ItsPairsFailAtOnce()
    {
        var pair = WithMobile(new TransportPair());
        var call = new RestartingPair(pair) { Signals = false };
        var lost = pair.Left.Transport.Snapshot()!.Pairs.Single(p => p.IsSelected && p.Component == 1).Id;
        pair.Demo.HostA.Detach(IpAddress.Parse("10.0.1.2"));
        pair.Run(0.001);
        Assert.Equal(PairState.Failed, pair.Left.Transport.Snapshot()!.Pairs.Single(p => p.Id == lost).State);

        // Nobody restarts: the peer follows by itself all the same, for our checks from the other interface tell it.
        Assert.True(call.Recovers(3), call.Report());
    }

    [Fact]
    [Rfc("8445", "9", Line = "I82")]
    public void Interface_OnlyOneGone_AnotherComesUp_TheCallGoesOnThere()
    {
        var pair = new TransportPair();
        var call = new RestartingPair(pair);
        pair.Demo.HostA.Detach(IpAddress.Parse("10.0.1.2"));
        pair.Run(2);
        Assert.False(pair.Left.Send(1, TransportPair.Rtp));
        call.Mark();
        WithMobile(pair);
        Assert.True(call.Recovers(3), call.Report());
        Assert.True(pair.Run(3, () => pair.IsCompleted), call.Report());
    }

    [Theory]
    [InlineData(InterfaceKind.Wired, 1)]
    [InlineData(InterfaceKind.Vpn, 0)]
    [Rfc("8445", "9", Line = "I82")]
    public void Interface_Added_RestartsOnlyWhereItIsBetter(InterfaceKind kind, int restarts)
    {
        var pair = new TransportPair();
        var home = pair.Demo.GatewayA.Inside;
        pair.Demo.HostA.Detach(IpAddress.Parse("10.0.1.2"));
        pair.Demo.HostA.Attach(home, IpAddress.Parse("10.0.1.3"), kind: InterfaceKind.Wireless);
        var call = new RestartingPair(pair);
        pair.Demo.HostA.Attach(home, IpAddress.Parse("10.0.1.4"), kind: kind);
        Assert.True(call.Recovers(5), call.Report());
        Assert.Equal(restarts, call.Restarts);
        Assert.True(pair.IsCompleted);
        Assert.InRange(pair.Left.LongestGap.TotalMilliseconds, 0, 100);
        Assert.InRange(pair.Right.LongestGap.TotalMilliseconds, 0, 100);
    }

    [Fact]
    [Rfc("7675", "5.1", Line = "I73")]
    public void Line_Dead_SendingStopsAfterThirtySeconds_AndARestartBringsItBack()
    {
        var pair = new TransportPair();
        var call = new RestartingPair(pair) { Signals = false };
        pair.Demo.GatewayA.IsUp = false;
        pair.Run(20);
        Assert.True(pair.Left.Send(1, TransportPair.Rtp));
        pair.Run(17);
        Assert.False(pair.Left.Send(1, TransportPair.Rtp));
        Assert.False(pair.Right.Send(1, TransportPair.Rtp));
        Assert.InRange(call.Asked.Count(a => a.Who == "alice"), 2, 7);
        Assert.Contains(pair.Left.Events, e => e is MediaTransportEvent.ConsentLost);
        Assert.Equal(IceState.Disconnected, pair.Left.Transport.State);
        pair.Demo.GatewayA.IsUp = true;
        pair.Restart(pair.Left, pair.Right);
        Assert.True(pair.Run(3, () => pair.IsCompleted), call.Report());
        Assert.True(call.Recovers(1));
    }

    [Fact]
    [Rfc("7675", "5.1", Line = "I73")]
    public void Restart_AskedForInVain_ComesEverMoreRarely()
    {
        var pair = new TransportPair();
        var call = new RestartingPair(pair) { Signals = false };
        pair.Demo.GatewayA.IsUp = false;
        pair.Run(300);
        var asked = call.Asked.Where(a => a.Who == "alice").Select(a => a.At).ToArray();
        Assert.InRange(asked.Length, 5, 12);
        Assert.True(asked[^1] - asked[^2] > TimeSpan.FromSeconds(30));
    }

    [Fact]
    [Rfc("8656", "8", Line = "T17")]
    public void Relay_LostInMidCall_IsAllocatedAgain_AndTheCallGoesOn()
    {
        var pair = new TransportPair(NatBehavior.Symmetric, NatBehavior.Symmetric);
        var call = new RestartingPair(pair);
        pair.Demo.RestartTurn();
        Assert.True(call.Recovers(12), call.Report());
        Assert.True(pair.Run(5, () => pair.IsCompleted), call.Report());
        Assert.Contains(call.Asked, a => a.Reason.Contains("relay", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(45)]
    [InlineData(600)]
    [Rfc("7675", "5.1", Line = "I75")]
    public void Sleep_OfTheMachine_IsNoticedAtTheFirstTick_AndTheCallComesBack(int seconds)
    {
        var pair = new TransportPair();
        var call = new RestartingPair(pair);
        pair.Demo.HostA.Suspend(TimeSpan.FromSeconds(seconds));
        pair.Run(seconds);
        if (seconds > 30)
        {
            pair.Run(0.01);
            Assert.Contains(call.Asked, a => a.Who == "alice" && a.Reason.Contains("slept", StringComparison.Ordinal));
        }

        Assert.True(call.Recovers(10), call.Report());
        Assert.True(pair.IsCompleted, call.Report());
    }

    [Fact]
    [Rfc("8445", "12.1", Line = "I26")]
    public void Restart_OfAHealthyCall_LosesNoPacket()
    {
        var pair = new TransportPair(NatBehavior.PortRestricted, NatBehavior.Symmetric);
        var call = new RestartingPair(pair);
        pair.Restart(pair.Right, pair.Left);
        Assert.True(call.Recovers(5), call.Report());
        Assert.True(pair.IsCompleted);
        Assert.InRange(pair.Left.LongestGap.TotalMilliseconds, 0, 100);
        Assert.InRange(pair.Right.LongestGap.TotalMilliseconds, 0, 100);
    }

    [Fact]
    [Rfc("8445", "9", Line = "I26")]
    public void Restart_NeverAnswered_KeepsMediaAndConsentOfWhatWasThereBefore()
    {
        var pair = new TransportPair();
        var call = new RestartingPair(pair);
        for (var i = 0; i < 3; i++)
        {
            pair.Left.Do((t, now) => t.Restart(now));
            pair.Run(20);
        }

        Assert.True(call.Recovers(1), call.Report());
        Assert.InRange(pair.Left.LongestGap.TotalMilliseconds, 0, 60);
        Assert.Empty(call.Asked);
        Assert.True(pair.IsCompleted);
        pair.Restart(pair.Left, pair.Right);
        Assert.True(pair.Run(3, () => pair.Left.Transport.Snapshot()!.Pairs.Any(p => p.IsSelected)), call.Report());
    }

    [Fact]
    [Rfc("8445", "8.3.1", Line = "I26")]
    public void Restart_AfterRelaysWereGivenBack_OffersAndAnswersWithRelaysAgain()
    {
        var pair = new TransportPair().Complete();
        pair.Run(5);
        Assert.Equal(0, pair.Demo.Turn.Allocations);
        Assert.DoesNotContain(pair.Left.Transport.Local!.Candidates, c => c.Type == CandidateType.Relayed);
        pair.Restart(pair.Left, pair.Right);
        Assert.Contains(pair.Left.Transport.Local!.Candidates, c => c.Type == CandidateType.Relayed);
        Assert.Contains(pair.Right.Transport.Local!.Candidates, c => c.Type == CandidateType.Relayed);
        Assert.True(pair.Run(3, () => pair.IsCompleted));
    }

    [Fact]
    [Rfc("8839", "4.4.3.1", Line = "I28")]
    public void PeerWithoutIceInMidCall_IsSpokenToPlainly_AndTheNextOfferRestarts()
    {
        var pair = new TransportPair(NatBehavior.FullCone, NatBehavior.FullCone, turn: false).Complete();
        pair.Run(4);
        var ufrag = pair.Left.Transport.Local!.Ufrag;
        var (left, right) = (pair.Left.Transport.Local!, pair.Right.Transport.Local!);
        pair.Right.Do((t, now) => t.SetRemote(now, TransportPair.Describe(left, ice: false)));
        pair.Left.Do((t, now) => t.SetRemote(now, TransportPair.Describe(right, ice: false) with { IsAnswer = true }));
        Assert.True(pair.Talk(1));
        Assert.NotEqual(ufrag, pair.Left.Transport.Local!.Ufrag);
        Assert.NotEmpty(pair.Left.Transport.Local!.Candidates);

        pair.Right.Do((t, now) => t.SetRemote(now, TransportPair.Describe(pair.Left.Transport.Local!)));
        Assert.True(pair.Run(2, () => pair.Right.Transport.MayAnswer));
        pair.Left.Do((t, now) => t.SetRemote(now, TransportPair.Describe(pair.Right.Transport.Local!) with { IsAnswer = true }));
        Assert.True(pair.Run(3, () => pair.IsCompleted));
        Assert.True(pair.Talk(1));
    }

    [Theory]
    [InlineData(0.02, 0)]
    [InlineData(0.1, 2)]
    [Rfc("7675", "5.1", Line = "I72")]
    public void Loss_OfALongCall_IsNotTakenForALostPath(double loss, int most)
    {
        var pair = new TransportPair(loss: loss);
        var call = new RestartingPair(pair);
        pair.Run(900);
        Assert.True(call.Restarts <= most, call.Report());
        Assert.True(call.Recovers(1, least: 25), call.Report());
    }

    [Fact]
    [Rfc("8445", "9", Line = "I26")]
    public void AnyMishaps_InAnyOrder_TheCallIsThereAfterwards()
    {
        string[] kinds = ["none", "full-cone", "restricted-cone", "port-restricted", "symmetric"];
        for (ulong seed = 1; seed <= 25; seed++)
        {
            var chance = new SeededEntropy(seed);
            string Any() => kinds[chance.NextInt(kinds.Length)];
            var pair = WithMobile(new TransportPair(NatBehavior.Named(Any()), NatBehavior.Named(Any()), seed: seed, loss: chance.NextInt(2) * 0.02));
            var home = pair.Demo.HostA.Interfaces.Single(i => i.Name != "lo" && i.Address != Mobile).Address;
            var lan = pair.Demo.HostA.SegmentOf(home)!;
            var call = new RestartingPair(pair);
            var story = $"seed {seed}:";
            for (var i = 0; i < 8; i++)
            {
                var what = chance.NextInt(9);
                story += $" {what}";
                var (who, other) = chance.NextInt(2) == 0 ? (pair.Left, pair.Right) : (pair.Right, pair.Left);
                switch (what)
                {
                    case 0: pair.Demo.GatewayA.Rebind(); break;
                    case 1: pair.Demo.GatewayB.Rebind(); break;
                    case 2 when pair.Demo.HostA.SegmentOf(home) is not null: pair.Demo.HostA.Detach(home); break;
                    case 2: pair.Demo.HostA.Attach(lan, home); break;
                    case 3: pair.Demo.RestartTurn(TimeSpan.FromMilliseconds(chance.NextInt(5000))); break;
                    case 4: who.Host.Suspend(TimeSpan.FromSeconds(1 + chance.NextInt(60))); break;
                    case 5: call.Restart(who, other); break;
                    case 6:
                        pair.Demo.GatewayB.IsUp = false;
                        pair.World.At(pair.World.Now + TimeSpan.FromSeconds(chance.NextInt(45)), () => pair.Demo.GatewayB.IsUp = true);
                        break;
                    default: break;
                }

                pair.Run(chance.NextInt(20));
            }

            call.Mark();
            pair.Run(125);
            Assert.True(call.Recovers(1), $"{story}\n{call.Report()}");
            Assert.True(pair.Run(20, () => pair.IsCompleted), $"{story}\n{call.Report()}");
        }
    }

    private static TransportPair WithMobile(TransportPair pair)
    {
        var lan = pair.World.AddLan(
            "mobile", IpAddress.Parse("10.0.9.0"), 24, NatBehavior.PortRestricted, pair.World.Public, pair.Demo.Options.Line, IpAddress.Parse("203.0.113.109"));
        pair.Demo.HostA.Attach(lan, Mobile, kind: InterfaceKind.Cellular);
        return pair;
    }
}
