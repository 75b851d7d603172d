using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>What later offers say (RFC 8839 §4.3.4, §4.4), and one offer with several answers (§7.3).</summary>
public sealed class TransportOffersTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("8839", "4.4.1.2.2", Line = "I23")]
    public void Nominated_DescriptionHasTheNominatedCandidatesOnly_AndTheControllingSideNamesThePeers(bool mux)
    {
        var pair = new TransportPair(NatBehavior.PortRestricted, NatBehavior.Symmetric).Complete(mux);
        var (left, right) = (pair.Left.Transport.Local!, pair.Right.Transport.Local!);
        Assert.Equal(mux ? [1] : [1, 2], left.Candidates.Select(c => c.Component));
        Assert.Equal(left.Candidates[0].Address, left.DefaultRtp);
        Assert.Equal(mux ? default : left.Candidates[1].Address, left.DefaultRtcp);
        var selected = pair.Left.Events.OfType<MediaTransportEvent.Selected>().Last(s => s.Component == 1);
        Assert.Equal(new RemoteCandidate(1, selected.Remote.Address), left.RemoteCandidates[0]);
        Assert.Empty(right.RemoteCandidates);
        Assert.Contains(right.Candidates, c => c.Address == selected.Remote.Address);
    }

    [Theory]
    [InlineData("none", "none", false, false)]
    [InlineData("symmetric", "full-cone", false, true)]
    [InlineData("symmetric", "full-cone", true, false)]
    [Rfc("8839", "4.3.4", Line = "I22")]
    public void UpdatedOffer_IsNeeded_WhereThePathIsNotTheDefaultAndThePeerDoesNotSayIce2(string left, string right, bool ice2, bool isNeeded)
    {
        var pair = new TransportPair(NatBehavior.Named(left), NatBehavior.Named(right), turn: false).Gather();
        RemoteMedia Of(LocalIce local)
        {
            var described = TransportPair.Describe(local);
            return described with { Ice = described.Ice! with { HasIce2 = ice2 } };
        }

        pair.Right.Do((t, now) => t.SetRemote(now, Of(pair.Left.Local!)));
        pair.Left.Do((t, now) => t.SetRemote(now, Of(pair.Right.Local!) with { IsAnswer = true }));
        Assert.True(pair.Run(5, () => pair.IsCompleted));
        Assert.Equal(isNeeded, pair.Left.Transport.NeedsUpdatedOffer);
        Assert.False(pair.Right.Transport.NeedsUpdatedOffer);
    }

    [Fact]
    [Rfc("8839", "4.4.2", Line = "I24")]
    public void OfferThatNamesAPairStillChecked_IsAnsweredOnceTheCheckIsDone()
    {
        var pair = new TransportPair(NatBehavior.PortRestricted, NatBehavior.PortRestricted).Gather();
        pair.Right.Do((t, now) => t.SetRemote(now, TransportPair.Describe(pair.Left.Local!)));
        var named = pair.Right.Local!.Candidates.Single(c => c is { Component: 1, Type: CandidateType.ServerReflexive });
        var theirs = pair.Left.Local!.Candidates.Single(c => c is { Component: 1, Type: CandidateType.ServerReflexive });

        // Signalling overtook the checks: the caller says what it uses, and our check of that pair is under way.
        var offer = TransportPair.Describe(pair.Left.Local!) with { Rtp = theirs.Address, RemoteCandidates = [new RemoteCandidate(1, named.Address)] };
        pair.Right.Do((t, now) => t.SetRemote(now, offer));
        Assert.False(pair.Right.Transport.MayAnswer);
        pair.Left.Do((t, now) => t.SetRemote(now, TransportPair.Describe(pair.Right.Local!) with { IsAnswer = true }));
        Assert.True(pair.Run(3, () => pair.Right.Transport.MayAnswer));
        Assert.Single(pair.Right.Events.OfType<MediaTransportEvent.AnswerReady>());
        Assert.True(pair.Run(3, () => pair.IsCompleted));
    }

    [Fact]
    [Rfc("8839", "7.3", Line = "I29")]
    public void Fork_BothAnswer_BothAreChecked_AndTheOneChosenHasItsPathAlready()
    {
        var pair = new TransportPair(NatBehavior.PortRestricted, NatBehavior.PortRestricted).Gather();
        var third = new TransportParty(
            pair.World,
            pair.World.AddHost("third", pair.World.Public, IpAddress.Parse("203.0.113.77")),
            "carol",
            "carol",
            new MediaTransportOptions { StunServers = [DemoWorld.StunAddress] });
        third.Gather(false);
        Assert.True(pair.Run(2, () => third.Local is not null));
        var (bob, carol) = (TransportPair.Describe(pair.Right.Local!) with { IsAnswer = true }, TransportPair.Describe(third.Local!) with { IsAnswer = true });
        foreach (var party in new[] { pair.Right, third }) party.Do((t, now) => t.SetRemote(now, TransportPair.Describe(pair.Left.Local!)));

        // Carol's checks arrive before her answer does.
        pair.Left.Do((t, now) => t.SetRemote(now, bob));
        pair.Run(0.3);
        pair.Left.Do((t, now) => t.SetRemote(now, carol));
        Assert.True(pair.Run(3, () => third.Transport.State == IceState.Completed && pair.Right.Transport.State == IceState.Completed));
        Assert.DoesNotContain(pair.Left.Transport.Snapshot()!.Remote, c => pair.Right.Local!.Candidates.Any(r => r.Address == c.Address));

        // Bob picks up: his path has been there all the while.
        var ufrag = pair.Left.Transport.Local!.Ufrag;
        pair.Left.Do((t, now) => t.SetRemote(now, bob));
        Assert.Equal(IceState.Completed, pair.Left.Transport.State);
        pair.Left.Do((t, now) => t.Choose(now));
        Assert.True(pair.Talk(1));
        Assert.Equal(0, third.Received[1]);
        Assert.Equal(pair.Right.Local!.Ufrag.Length, ufrag.Length);
        pair.Run(40);
        Assert.Equal(IceState.Disconnected, third.Transport.State);
        Assert.Equal(IceState.Completed, pair.Left.Transport.State);
        Assert.True(pair.Talk(1));
        Assert.Equal(0, pair.Demo.Turn.Allocations);
    }

    [Fact]
    [Rfc("8839", "7.3", Line = "I29")]
    public void Fork_ClosedWhileSeveralRun_LeavesNoTimer()
    {
        var pair = new TransportPair().Gather();
        for (var i = 0; i < 12; i++)
        {
            var answer = TransportPair.Describe(pair.Right.Local!) with { IsAnswer = true };
            pair.Left.Do((t, now) => t.SetRemote(now, answer with { Ice = answer.Ice! with { Ufrag = $"fork{i}" } }));
            pair.Run(0.2);
        }

        pair.Left.Do((t, now) => t.Close(now));
        pair.Run(2);
        Assert.True(pair.Left.IsClosed);
        Assert.Null(pair.Left.Transport.NextTimeout);
    }
}
