using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>An offer that names the nominated pairs, read by the controlled side (RFC 8839 §4.4.2).</summary>
public sealed class IceConfirmTests
{
    [Fact]
    [Rfc("8839", "4.4.2", Line = "I24")]
    public void RemoteCandidates_OfAPairThatIsValid_SelectIt_AndTheAnswerMayGo()
    {
        var peer = new HandPeer(IceRole.Controlled).Describe();
        peer.Deliver(peer.Answer(Assert.Single(peer.Wait(0))));
        peer.Agent.Confirm(peer.Now, 1, HandPeer.Local, HandPeer.Far);
        Assert.False(peer.Agent.IsConfirming);
        Assert.Equal(IceState.Completed, peer.Agent.State);
    }

    [Fact]
    [Rfc("8839", "4.4.2", Line = "I24")]
    public void RemoteCandidates_OfALosingPairInProgress_HoldTheAnswerBackUntilItsCheckIsAnswered()
    {
        var peer = new HandPeer(IceRole.Controlled).Describe();
        var check = Assert.Single(peer.Wait(0));
        peer.Agent.Confirm(peer.Now, 1, HandPeer.Local, HandPeer.Far);
        Assert.True(peer.Agent.IsConfirming);
        peer.Deliver(peer.Answer(check));
        peer.Sent();
        Assert.False(peer.Agent.IsConfirming);
        Assert.Single(peer.Events.OfType<IceEvent.AnswerReady>());
        Assert.Equal(IceState.Completed, peer.Agent.State);
    }

    [Fact]
    [Rfc("8839", "4.4.2", Line = "I24")]
    public void RemoteCandidates_OfAPairThatFails_LetTheAnswerGo_AndARestartIsNeeded()
    {
        var peer = new HandPeer(IceRole.Controlled).Describe();
        var check = Assert.Single(peer.Wait(0));
        peer.Agent.Confirm(peer.Now, 1, HandPeer.Local, HandPeer.Far);
        peer.Deliver(peer.Answer(check, code: 400));
        peer.Sent();
        Assert.Single(peer.Events.OfType<IceEvent.AnswerReady>());
        Assert.Single(peer.Events.OfType<IceEvent.RestartNeeded>());
    }

    [Fact]
    [Rfc("8839", "4.4.2", Line = "I24")]
    public void RemoteCandidates_ReadByTheControllingSide_AreIgnored()
    {
        var peer = new HandPeer(IceRole.Controlling).Describe();
        peer.Wait(0);
        peer.Agent.Confirm(peer.Now, 1, HandPeer.Local, HandPeer.Far);
        Assert.False(peer.Agent.IsConfirming);
    }
}
