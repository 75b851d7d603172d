using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>Whole media transports with TCP candidates (RFC 6544) in the virtual internet.</summary>
public sealed class IceTcpTests
{
    private static readonly NatBehavior Blocked = NatBehavior.Named("udp-blocked");

    [Fact]
    [Rfc("6544", "5.1", Line = "I78")]
    public void Gather_SwitchedOn_OffersActiveAtPort9AndPassiveForEachComponent()
    {
        var pair = new TransportPair(tune: Tcp, turn: false).Gather();
        var streams = pair.Left.Local!.Candidates.Where(c => c.Transport == Transport.Tcp).ToList();
        Assert.Equal([(1, TcpType.Active), (1, TcpType.Passive), (2, TcpType.Active), (2, TcpType.Passive)], streams.Select(c => (c.Component, c.TcpType)));
        Assert.All(streams.Where(c => c.TcpType == TcpType.Active), c => Assert.Equal(9, c.Address.Port));
        Assert.All(streams.Where(c => c.TcpType == TcpType.Passive), c => Assert.NotEqual(9, c.Address.Port));
        Assert.Single(streams.Select(c => c.Foundation).Distinct());
        Assert.DoesNotContain(pair.Left.Local.Candidates, c => c.Transport == Transport.Udp && streams.Exists(s => s.Foundation == c.Foundation || s.Priority > c.Priority));
    }

    [Fact]
    [Rfc("6544", "5.1", Line = "I78")]
    public void Gather_RelayOnly_OffersNoTcp()
    {
        var pair = new TransportPair(tune: o => Tcp(o) with { Mode = IceMode.RelayOnly }).Gather();
        Assert.All(pair.Left.Local!.Candidates, c => Assert.Equal(CandidateType.Relayed, c.Type));
    }

    [Theory]
    [InlineData("udp-blocked", "none")]
    [InlineData("none", "udp-blocked")]
    [Rfc("6544", "7", Line = "I78")]
    public void UdpBlocked_WithAnOpenPeer_GoesDirectlyOverTcp(string left, string right)
    {
        var pair = new TransportPair(Named(left), Named(right), turn: false, tune: Tcp).Complete();
        foreach (var party in new[] { pair.Left, pair.Right })
        {
            foreach (var selected in party.Events.OfType<MediaTransportEvent.Selected>())
            {
                Assert.Equal((Transport.Tcp, Transport.Tcp), (selected.Local.Transport, selected.Remote.Transport));
                Assert.DoesNotContain(CandidateType.Relayed, new[] { selected.Local.Type, selected.Remote.Type });
            }

            Assert.Contains(party.Transport.Snapshot()!.Pairs, p => p is { IsSelected: true, Local.Transport: Transport.Tcp });
        }

        Assert.True(pair.Talk(1));
        Assert.True(pair.Talk(2));

        // Consent holds for longer than it lasts, on one connection for each component.
        Assert.False(pair.Run(90, () => pair.Left.Events.Concat(pair.Right.Events).Any(e => e is MediaTransportEvent.ConsentLost or MediaTransportEvent.RestartNeeded)));
        Assert.True(pair.Talk(1));
        Assert.Equal((2, 2), (pair.Left.Host.OpenStreams, pair.Right.Host.OpenStreams));
    }

    [Fact]
    [Rfc("6544", "10", Line = "I78")]
    public void Close_LeavesNoConnectionAndNoSocket()
    {
        var pair = new TransportPair(Blocked, NatBehavior.None, turn: false, tune: Tcp).Complete();
        pair.Left.Do((t, now) => t.Close(now));
        pair.Right.Do((t, now) => t.Close(now));
        pair.Run(2);
        Assert.True(pair.Left.IsClosed && pair.Right.IsClosed);
        Assert.Equal((0, 0), (pair.Left.Host.OpenStreams, pair.Right.Host.OpenStreams));
        Assert.Equal((0, 0), (pair.Left.Host.OpenSockets, pair.Right.Host.OpenSockets));
        Assert.Null(pair.Left.NextTimeout);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.2)]
    [InlineData(1)]
    [Rfc("6544", "10", Line = "I78")]
    public void Close_InTheMiddle_LeavesNoConnection(double after)
    {
        var pair = new TransportPair(Blocked, NatBehavior.None, turn: false, tune: Tcp).Connect();
        pair.Run(after);
        pair.Right.Do((t, now) => t.Close(now));
        pair.Left.Do((t, now) => t.Close(now));
        pair.Run(25);
        Assert.Equal((0, 0, 0, 0), (pair.Left.Host.OpenStreams, pair.Right.Host.OpenStreams, pair.Left.Host.OpenSockets, pair.Right.Host.OpenSockets));
    }

    [Fact]
    [Rfc("6544", "4.2", Line = "I78")]
    public void WhereUdpPasses_UdpIsUsed_AndNoConnectionStays()
    {
        var pair = new TransportPair(NatBehavior.None, NatBehavior.None, turn: false, tune: Tcp).Complete();
        Assert.All(pair.Left.Events.OfType<MediaTransportEvent.Selected>(), s => Assert.Equal(Transport.Udp, s.Local.Transport));
        pair.Run(5);
        Assert.Equal((0, 0), (pair.Left.Host.OpenStreams, pair.Right.Host.OpenStreams));
        Assert.True(pair.Talk(1));
    }

    [Fact]
    [Rfc("6544", "1", Line = "I78")]
    public void BothBlockedBehindNats_WithoutTurn_FailsInWords()
    {
        var pair = new TransportPair(Blocked, Blocked, turn: false, tune: Tcp).Connect();
        Assert.True(pair.Run(60, () => pair.Left.Transport.State == IceState.Failed && pair.Right.Transport.State == IceState.Failed));
        Assert.NotEmpty(pair.Left.Events.OfType<MediaTransportEvent.Failed>().Last().Fault.What);
        Assert.Equal((0, 0), (pair.Left.Host.OpenStreams, pair.Right.Host.OpenStreams));
    }

    [Fact]
    [Rfc("6544", "4.2", Line = "I78")]
    public void BothBlockedBehindNats_WithTurnOverTcp_GoesByRelayAsWithoutTheSwitch()
    {
        static MediaTransportOptions Relay(MediaTransportOptions o) => o with { TurnServers = [.. o.TurnServers.Select(s => s with { Transport = Transport.Tcp })] };
        var on = new TransportPair(Blocked, Blocked, tune: o => Tcp(Relay(o))).Complete();
        var off = new TransportPair(Blocked, Blocked, tune: Relay).Complete();
        Assert.Equal((off.Left.Cell(1), off.Right.Cell(1)), (on.Left.Cell(1), on.Right.Cell(1)));
        Assert.True(on.Talk(1));
    }

    [Fact]
    [Rfc("6544", "5.1", Line = "I78")]
    public void SwitchedOff_NoSocketOfTcpIsOpened()
    {
        var pair = new TransportPair(Blocked, NatBehavior.None, turn: false, tuneRight: Tcp).Connect();
        Assert.DoesNotContain(pair.Left.Local!.Candidates, c => c.Transport != Transport.Udp);
        pair.Run(10);
        Assert.Equal((2, 0, 0), (pair.Left.Host.OpenSockets, pair.Left.Host.OpenStreams, pair.Right.Host.OpenStreams));
        Assert.NotEqual(IceState.Completed, pair.Left.Transport.State);
    }

    [Fact]
    [Rfc("6544", "4.5", Line = "I78")]
    public void Describe_AfterTcpWasNominated_ShowsAllCandidates()
    {
        var pair = new TransportPair(Blocked, NatBehavior.None, turn: false, tune: Tcp).Complete();
        var local = pair.Left.Transport.Local!;
        Assert.Equal(pair.Left.Local!.Candidates, local.Candidates);
        Assert.Equal(pair.Left.Local.DefaultRtp, local.DefaultRtp);
        Assert.Empty(local.RemoteCandidates);
        Assert.False(pair.Left.Transport.NeedsUpdatedOffer);
    }

    [Fact]
    [Rfc("8445", "9", Line = "I26")]
    [Rfc("6544", "7", Line = "I78")]
    public void Restart_OverTcp_CompletesAgain()
    {
        var pair = new TransportPair(Blocked, NatBehavior.None, turn: false, tune: Tcp).Complete();
        pair.Run(5);
        pair.Restart(pair.Left, pair.Right);
        Assert.True(pair.Run(5, () => pair.IsCompleted));
        Assert.True(pair.Talk(1));
        pair.Run(40);
        Assert.True(pair.Talk(1));
        Assert.True(pair.Talk(2));
    }

    [Fact]
    [Rfc("7675", "5.1", Line = "I72")]
    [Rfc("6544", "7", Line = "I78")]
    public void Connection_ThatBreaks_IsMadeAgainByTheActiveSide()
    {
        var pair = new TransportPair(Blocked, NatBehavior.None, turn: false, tune: Tcp).Complete();
        pair.Run(5);
        var left = pair.Left.Events.OfType<MediaTransportEvent.Selected>().Last(s => s.Component == 1);
        Assert.Equal(TcpType.Active, left.Local.TcpType);
        pair.Left.Host.Disconnect(left.Local.Path, left.Remote.Address);
        pair.Left.Do((t, now) => t.Fail(new PathFailure(now, left.Local.Path, left.Remote.Address, PathError.Closed)));
        Assert.True(pair.Run(10, () => pair.Talk(1)), "media did not come back");
    }

    [Fact]
    [Rfc("6544", "10.1", Line = "I78")]
    public void Strangers_OnThePassivePort_GetNothingIn_AndDisturbNothing()
    {
        var pair = new TransportPair(Blocked, NatBehavior.None, turn: false, tune: Tcp).Complete();
        pair.Run(5);
        var open = pair.Right.Local!.Candidates.First(c => c is { TcpType: TcpType.Passive, Component: 1 });
        var received = pair.Right.Received[1];
        for (ushort port = 1000; port < 1100; port++) Come(port, [0, 16, .. TransportPair.Rtp]);
        for (ushort port = 1000; port < 1100; port++) Come(port, [0xFF, 0xFF, 1]);
        Assert.Equal(received, pair.Right.Received[1]);
        Assert.True(pair.Talk(1));

        void Come(ushort port, byte[] octets) =>
            pair.Right.Do((t, now) => Assert.False(t.Receive(new Datagram(now, open.Path, new Address(DemoWorld.TurnAddress.Ip, port), octets), out _)));
    }

    private static MediaTransportOptions Tcp(MediaTransportOptions options) => options with { Tcp = true };

    private static NatBehavior Named(string name) => name == "none" ? NatBehavior.None : NatBehavior.Named(name);
}
