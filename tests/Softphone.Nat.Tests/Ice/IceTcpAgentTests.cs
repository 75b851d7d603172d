using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>What differs for an agent where a candidate is of TCP (RFC 6544): pairs, priorities, sendings, connections that fail.</summary>
public sealed class IceTcpAgentTests
{
    private static readonly PathId Active = new(11);
    private static readonly PathId Passive = new(12);
    private static readonly Address Listening = new(HandPeer.Local.Ip, HandPeer.Local.Port);
    private static readonly Address FarPassive = Address.Parse("192.0.2.2:6100");
    private static readonly Address FarActive = Address.Parse("192.0.2.2:9");

    [Fact]
    [Rfc("6544", "4.2", Line = "I78")]
    public void Priority_DirectionComesBeforeInterface_AndUdpBeforeTcp()
    {
        Assert.Equal(6 << 13 | 8191, CandidatePriority.StreamPreference(TcpType.Active, 0));
        Assert.Equal(4 << 13 | 8190, CandidatePriority.StreamPreference(TcpType.Passive, 1));
        Assert.True(CandidatePriority.StreamPreference(TcpType.Active, 7) > CandidatePriority.StreamPreference(TcpType.Passive, 0));
        Assert.True(CandidatePriority.StreamPreference(TcpType.Passive, 7) > CandidatePriority.StreamPreference(TcpType.SimultaneousOpen, 0));
        var best = Stream(Active, FarActive, TcpType.Active).Priority;
        Assert.Equal(90u << 24 | (6u << 13 | 8191) << 8 | 255, best);
        Assert.True(best < CandidatePriority.Of(CandidateType.ServerReflexive, 0, 2));
        Assert.True(CandidatePriority.AsPeerReflexive(best, Transport.Tcp) > CandidatePriority.Of(CandidateType.Relayed, 65535, 1));
        Assert.True(CandidatePriority.AsPeerReflexive(best, Transport.Tcp) < best);
    }

    [Fact]
    [Rfc("6544", "6.2", Line = "I78")]
    public void Pairs_AreActiveToPassiveAlone()
    {
        var peer = Peer();
        peer.Describe(HandPeer.Host(1, HandPeer.Far), Far(FarPassive, TcpType.Passive), Far(FarActive, TcpType.Active), Far(Address.Parse("192.0.2.2:6200"), TcpType.SimultaneousOpen));
        Assert.Equal(
            [(HandPeer.Socket, HandPeer.Far), (Active, FarPassive)],
            peer.Agent.Snapshot().Pairs.Select(p => (p.Local.Path, p.Remote.Address)));
    }

    [Fact]
    [Rfc("6544", "4.5", Line = "I78")]
    public void Candidates_OfUdpAndTcpAtOneAddress_AreTwo()
    {
        var peer = Peer();
        peer.Describe(HandPeer.Host(1, HandPeer.Far), Far(HandPeer.Far, TcpType.Passive));
        Assert.Equal([HandPeer.Socket, Active], peer.Agent.Snapshot().Pairs.Select(p => p.Local.Path));
        Assert.Equal(3, peer.Agent.LocalCandidates.Count);
    }

    [Fact]
    [Rfc("6544", "4.5", Line = "I78")]
    public void SwitchedOff_TcpCandidatesOfThePeer_AreIgnored()
    {
        var peer = new HandPeer().Describe(HandPeer.Host(1, HandPeer.Far), Far(FarPassive, TcpType.Passive));
        Assert.Equal("not UDP", Assert.Single(peer.Trace.Entries.OfType<IceTrace.CandidateIgnored>()).Reason);
        Assert.Equal(HandPeer.Far, Assert.Single(peer.Agent.Snapshot().Pairs).Remote.Address);
    }

    [Fact]
    [Rfc("6544", "7.1", Line = "I78")]
    [Rfc("8489", "6.2.2", Line = "S30")]
    public void Check_OverTcp_IsSentOnce_AndFailsAfterTi()
    {
        var peer = Peer();
        peer.Describe(Far(FarPassive, TcpType.Passive));
        Assert.Single(peer.Wait(39_400), m => m.Path == Active);
        Assert.Equal(PairState.InProgress, peer.Pair(FarPassive).State);
        Assert.Empty(peer.Wait(300));
        Assert.Equal(PairState.Failed, peer.Pair(FarPassive).State);
    }

    [Theory]
    [InlineData(PathError.Refused)]
    [InlineData(PathError.TimedOut)]
    [Rfc("6544", "7.1", Line = "I78")]
    public void Connection_ThatFails_FailsItsPairAtOnce(PathError error)
    {
        var peer = Peer();
        peer.Describe(Far(FarPassive, TcpType.Passive));
        Assert.Single(peer.Wait(100));
        peer.Agent.Fail(new PathFailure(peer.Now, Active, FarPassive, error));
        Assert.Equal(PairState.Failed, peer.Pair(FarPassive).State);
        Assert.NotEmpty(peer.Pair(FarPassive).Failure);
        Assert.Empty(peer.Wait(1000));
    }

    [Fact]
    [Rfc("6544", "7.2", Line = "I78")]
    public void Check_OnAnAcceptedConnection_IsAnsweredThere_AndTeachesAPeerReflexiveCandidate()
    {
        var peer = Peer();
        var from = Address.Parse("198.51.100.7:40000");
        peer.Describe(Far(FarActive, TcpType.Active));
        peer.Deliver(peer.Request(), from, Passive);
        var sent = peer.Wait(100);
        Assert.All(sent, m => Assert.Equal((Passive, from), (m.Path, m.Remote)));
        Assert.Equal([false, true], sent.Select(m => m.IsRequest));
        var remote = peer.Pair(from).Remote;
        Assert.Equal((CandidateType.PeerReflexive, Transport.Tcp, TcpType.Active), (remote.Type, remote.Transport, remote.TcpType));
        Assert.Contains("tcp active", remote.Describe());
    }

    [Fact]
    [Rfc("6544", "7.2", Line = "I78")]
    public void Check_OfThePeerWhileOursIsOnItsWay_IsNoReasonToSendOursAgain()
    {
        var peer = Peer();
        peer.Describe(Far(FarPassive, TcpType.Passive));
        Assert.Single(peer.Wait(100));
        peer.Deliver(peer.Request(), FarPassive, Active);
        Assert.DoesNotContain(peer.Wait(5000), m => m.IsRequest);
    }

    [Theory]
    [InlineData("192.0.2.1:50000", CandidateType.Host)]
    [InlineData("203.0.113.9:50000", CandidateType.PeerReflexive)]
    [Rfc("6544", "7.2", Line = "I78")]
    public void Answer_FromOurOwnAddress_IsTheActiveCandidate_FromANatsIsLearned(string mapped, CandidateType expected)
    {
        var peer = Peer();
        peer.Describe(Far(FarPassive, TcpType.Passive));
        var request = Assert.Single(peer.Wait(100));
        peer.Deliver(peer.Answer(request, Address.Parse(mapped)), FarPassive, Active);
        peer.Wait(200);
        var seen = peer.Pair(FarPassive).Local;
        Assert.Equal((expected, Transport.Tcp), (seen.Type, seen.Transport));
    }

    private static HandPeer Peer()
    {
        var peer = new HandPeer(options: new IceOptions { Tcp = true });
        peer.Agent.AddLocal(peer.Now, Stream(Active, FarActive with { Ip = HandPeer.Local.Ip }, TcpType.Active));
        peer.Agent.AddLocal(peer.Now, Stream(Passive, Listening, TcpType.Passive));
        return peer;
    }

    private static Candidate Stream(PathId path, Address address, TcpType type) => Candidate.HostStream(1, path, address, type, 0, "t");

    private static Candidate Far(Address address, TcpType type) => Stream(PathId.None, address, type);
}
