using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>An answer that comes when the credentials of its question are gone: there is nothing to prove it with, and nothing changes.</summary>
public sealed class IceLateAnswerTests
{
    private static readonly Address Second = Address.Parse("192.0.2.3:6000");

    /// <summary>Another media server takes the call over while the first one still owes the answer to a question of consent.</summary>
    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0.5, 0, true)]
    [InlineData(0.5, 403, true)]
    [InlineData(0.5, 0, false)]
    [InlineData(20, 0, true)]
    [Rfc("8839", "7.3")]
    public void Answer_ToConsentAskedOfThePeerBefore_ChangesNothing(double seconds, int code, bool authentic)
    {
        var peer = new HandPeer().Complete();
        HandPeer.Message? asked = null;
        while (asked is null) asked = peer.Wait(20).Find(m => m.IsRequest);

        peer.Agent.ReplacePeer(peer.Now);
        peer.Describe(HandPeer.Host(1, Second));
        Complete(peer, seconds);
        peer.Wait(0);
        var (state, events) = (peer.Agent.State, peer.Events.Count);
        peer.Deliver(peer.Answer(asked, code: code, authentic: authentic));
        peer.Wait(0);
        Assert.Equal((state, events), (peer.Agent.State, peer.Events.Count));
        Assert.DoesNotContain(peer.Wait(10_000), m => m.Remote == HandPeer.Far);
    }

    [Theory]
    [InlineData(1.0, 0, true)]
    [InlineData(3.2, 0, true)]
    [InlineData(3.6, 0, true)]
    [InlineData(3.6, 403, true)]
    [InlineData(3.6, 0, false)]
    [InlineData(12.0, 403, true)]
    [Rfc("8445", "9")]
    public void Answer_ToConsentAskedBeforeARestart_ChangesNothing(double seconds, int code, bool authentic)
    {
        var peer = new HandPeer().Complete();
        HandPeer.Message? asked = null;
        while (asked is null) asked = peer.Wait(20).Find(m => m.IsRequest);

        peer.Agent.Restart(peer.Now);
        peer.Describe(HandPeer.Host(1, Second));
        Complete(peer, seconds);
        Assert.Equal(IceState.Completed, peer.Agent.State);
        peer.Wait(0);
        var events = peer.Events.Count;

        peer.Deliver(peer.Answer(asked, code: code, authentic: authentic));
        peer.Wait(0);
        Assert.Equal(IceState.Completed, peer.Agent.State);
        Assert.Equal(PairState.Succeeded, peer.Pair(Second).State);
        Assert.Equal(events, peer.Events.Count);
    }

    private static void Complete(HandPeer peer, double seconds)
    {
        for (var i = 0; i < seconds * 50; i++)
            foreach (var message in peer.Wait(20).Where(m => m.IsRequest && m.Remote == Second)) peer.Deliver(peer.Answer(message), Second, message.Path);
    }
}
