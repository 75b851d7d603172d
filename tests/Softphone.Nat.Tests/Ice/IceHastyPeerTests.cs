using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>A controlling peer that nominates its first pair, a relay, before direct ones were tried (RFC 5245 §8.1.1.2).</summary>
public sealed class IceHastyPeerTests
{
    private static readonly Address Relay = Address.Parse("192.0.2.200:9000");
    private static readonly Address Second = Address.Parse("192.0.2.3:6000");

    /// <summary>The direct pairs are checked on; one that works and is not nominated moves the call there, by a restart that we control.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    [InlineData(900)]
    [Rfc("8445", "8.1.1", Line = "I61")]
    public void RelayTakenFirst_DirectPairAnswersLater_RestartAsControlling(int milliseconds)
    {
        var peer = Hasty();
        var begin = peer.Now;
        for (var i = 0; i < 110; i++)
        {
            foreach (var check in peer.Wait(20).Where(m => m.IsRequest && (m.Remote == Relay || peer.Now - begin > TimeSpan.FromMilliseconds(milliseconds)))) peer.Deliver(peer.Answer(check), check.Remote);
        }

        var restart = Assert.Single(peer.Events.OfType<IceEvent.RestartNeeded>());
        Assert.Contains("direct path", restart.Reason, StringComparison.Ordinal);
        peer.Agent.Restart(peer.Now);
        Assert.Equal(IceRole.Controlling, peer.Agent.Role);
    }

    /// <summary>A peer that nominates the direct pair in its turn is followed, and nobody restarts.</summary>
    [Fact]
    [Rfc("8445", "8.1.1", Line = "I61")]
    public void RelayTakenFirst_PeerNominatesTheDirectPairNext_IsFollowed()
    {
        var peer = Hasty();
        for (var i = 0; i < 100; i++)
        {
            foreach (var check in peer.Wait(20).Where(m => m.IsRequest))
            {
                peer.Deliver(peer.Answer(check), check.Remote);
                if (check.Remote == HandPeer.Far) peer.Deliver(peer.Request(useCandidate: true, controlling: true), HandPeer.Far);
            }
        }

        Assert.Empty(peer.Events.OfType<IceEvent.RestartNeeded>());
        Assert.True(peer.Pair().IsSelected);
    }

    /// <summary>Where nothing direct answers, the relay stays, and checks end.</summary>
    [Fact]
    [Rfc("8445", "8.1.1", Line = "I61")]
    public void RelayTakenFirst_NothingDirectAnswers_StaysAndIsQuiet()
    {
        var peer = Hasty();
        for (var i = 0; i < 100; i++)
            foreach (var check in peer.Wait(20).Where(m => m.IsRequest && m.Remote == Relay)) peer.Deliver(peer.Answer(check), check.Remote);
        Assert.Empty(peer.Events.OfType<IceEvent.RestartNeeded>());
        Assert.True(peer.Pair(Relay).IsSelected);
        Assert.DoesNotContain(peer.Wait(3_000), m => m.IsRequest && m.Remote != Relay);
    }

    private static HandPeer Hasty()
    {
        var peer = new HandPeer(IceRole.Controlled);
        peer.Agent.SetRemote(peer.Now, HandPeer.Description(
            HandPeer.Host(1, HandPeer.Far), HandPeer.Host(1, Second, "s", 100), Candidate.Remote(CandidateType.Relayed, 1, Relay, CandidatePriority.Of(CandidateType.Relayed, 1, 1), "r")));
        peer.Deliver(peer.Request(useCandidate: true, controlling: true), Relay);
        foreach (var check in peer.Wait(60).Where(m => m.IsRequest && m.Remote == Relay)) peer.Deliver(peer.Answer(check), check.Remote);
        Assert.True(peer.Pair(Relay).IsSelected);
        return peer;
    }
}
