using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>What a check of the peer does to pairs that are frozen (RFC 8445 §6.1.2.6, and our departure from it).</summary>
public sealed class IceThawTests
{
    private static readonly Address _elsewhere = Address.Parse("198.51.100.9:6001");

    [Fact]
    [Rfc("8445", "6.1.2.6", Line = "I40")]
    public void PeersCheck_OfTheFirstComponent_LetsTheSecondGoBetweenTheSameHosts()
    {
        var peer = Frozen(new IceOptions());
        peer.Deliver(peer.Request());
        Assert.Contains(peer.Wait(100), m => m.Remote == HandPeer.FarRtcp && m.Path == HandPeer.RtcpSocket);
        Assert.Equal(PairState.Frozen, peer.Pair(_elsewhere).State);
    }

    [Fact]
    [Rfc("8445", "6.1.2.6", Line = "I40")]
    public void PeersCheck_BeforeItsDescription_CountsAsWell()
    {
        var peer = new HandPeer(components: 2);
        peer.Deliver(peer.Request());
        peer.Describe(HandPeer.Host(1, HandPeer.Far, "a"), HandPeer.Host(2, HandPeer.FarRtcp, "a"));
        Assert.Contains(peer.Wait(100), m => m.IsRequest && m.Remote == HandPeer.FarRtcp);
    }

    [Fact]
    [Rfc("8445", "6.1.2.6", Line = "I40")]
    public void PeersCheck_WithTheOptionOff_LeavesThemFrozen()
    {
        var peer = Frozen(new IceOptions { SiblingRetrigger = false });
        peer.Deliver(peer.Request());
        Assert.DoesNotContain(peer.Wait(100), m => m.Remote == HandPeer.FarRtcp);
        Assert.Equal(PairState.Frozen, peer.Pair(HandPeer.FarRtcp).State);
    }

    [Fact]
    [Rfc("8445", "14.2", Line = "I03")]
    public void Thawed_GoesInItsTurnOfThePacer()
    {
        var peer = Frozen(new IceOptions());
        peer.Deliver(peer.Request());
        var sent = peer.Wait(200).Where(m => m.IsRequest).ToList();
        for (var i = 1; i < sent.Count; i++) Assert.True(sent[i].At - sent[i - 1].At >= TimeSpan.FromMilliseconds(20), $"{sent[i].At - sent[i - 1].At}");
    }

    /// <summary>Both components of two places; the first component of each is being tried, the second is frozen.</summary>
    private static HandPeer Frozen(IceOptions options)
    {
        var peer = new HandPeer(components: 2, options: options).Describe(
            HandPeer.Host(1, HandPeer.Far, "a"), HandPeer.Host(2, HandPeer.FarRtcp, "a"),
            HandPeer.Host(1, Address.Parse("198.51.100.9:6000"), "b", 100), HandPeer.Host(2, _elsewhere, "b", 100));
        peer.Wait(100);
        Assert.Equal(PairState.Frozen, peer.Pair(HandPeer.FarRtcp).State);
        Assert.Equal(PairState.Frozen, peer.Pair(_elsewhere).State);
        return peer;
    }
}
