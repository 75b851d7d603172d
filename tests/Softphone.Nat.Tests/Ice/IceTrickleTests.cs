using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>Candidates that come one by one (RFC 8838).</summary>
public sealed class IceTrickleTests
{
    private static readonly Address Second = Address.Parse("192.0.2.3:6000");
    private static readonly Address Third = Address.Parse("192.0.2.4:6000");

    [Fact]
    [Rfc("8838", "12", Line = "I33")]
    public void Newcomer_TopmostOfItsFoundation_IsWaitingAtOnce()
    {
        // The pair of component 2 came first and is being tried; that of component 1 is above it.
        var peer = Open(2, HandPeer.Host(2, HandPeer.FarRtcp, "f"));
        peer.Wait(50);
        peer.Agent.AddRemote(peer.Now, HandPeer.Host(1, HandPeer.Far, "f"));
        Assert.NotEqual(PairState.Frozen, peer.Pair().State);
    }

    [Fact]
    [Rfc("8838", "12", Line = "I33")]
    public void Newcomer_WhoseFoundationSucceeded_IsWaitingAtOnce()
    {
        var peer = Open(1, HandPeer.Host(1, HandPeer.Far, "f"));
        peer.Deliver(peer.Answer(Assert.Single(peer.Wait(0))));
        peer.Agent.AddRemote(peer.Now, HandPeer.Host(1, Second, "f", 100));
        Assert.NotEqual(PairState.Frozen, peer.Pair(Second).State);
    }

    [Fact]
    [Rfc("8838", "12", Line = "I33")]
    public void Newcomer_WhoseFoundationIsBeingTried_IsFrozen()
    {
        var peer = Open(1, HandPeer.Host(1, HandPeer.Far, "f"));
        peer.Wait(0);
        peer.Agent.AddRemote(peer.Now, HandPeer.Host(1, Second, "f", 100));
        Assert.Equal(PairState.Frozen, peer.Pair(Second).State);
        peer.Agent.AddRemote(peer.Now, HandPeer.Host(1, Third, "g", 100));
        Assert.NotEqual(PairState.Frozen, peer.Pair(Third).State);
    }

    /// <summary>What a server saw of one socket before and after its NAT forgot it: of one foundation and one priority, and the first leads nowhere.</summary>
    [Fact]
    [Rfc("8838", "12", Line = "I33")]
    public void Newcomer_AsHighAsTheOneBeingTried_IsWaitingAtOnce()
    {
        var peer = Open(1, HandPeer.Host(1, HandPeer.Far, "f"));
        peer.Wait(0);
        peer.Agent.AddRemote(peer.Now, HandPeer.Host(1, Second, "f"));
        Assert.NotEqual(PairState.Frozen, peer.Pair(Second).State);
    }

    /// <summary>The word of the end is a request of SIP, and may be lost with the mapping that it would have come by.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(1, 55)]
    [Rfc("8838", "13", Line = "I32")]
    public void EndOfCandidates_ThatNeverComes_DelaysTheFailureByAMinuteAndNotForEver(int components, double late)
    {
        var peer = Open(components, [HandPeer.Host(1, HandPeer.Far), .. components == 2 ? [HandPeer.Host(2, HandPeer.FarRtcp)] : Array.Empty<Candidate>()]);
        peer.Wait(late * 1000);
        if (late > 0) peer.Agent.AddRemote(peer.Now, HandPeer.Host(1, Second, "g"));
        peer.Wait((59 - late) * 1000);
        Assert.DoesNotContain(peer.Events, e => e is IceEvent.Failed);
        peer.Wait(late > 0 ? 41_000 : 2_000);
        Assert.Single(peer.Events.OfType<IceEvent.Failed>());
    }

    [Fact]
    [Rfc("8838", "14", Line = "I32")]
    public void Candidate_AfterTheEndOfCandidates_IsIgnoredAndSaysWhy()
    {
        var peer = Open(1, HandPeer.Host(1, HandPeer.Far));
        for (var i = 0; i < 20; i++)
            foreach (var check in peer.Wait(20).Where(m => m.IsRequest)) peer.Deliver(peer.Answer(check), check.Remote);
        peer.Agent.EndOfRemote(peer.Now);
        peer.Agent.AddRemote(peer.Now, HandPeer.Host(1, Second, "late"));
        Assert.Single(peer.Agent.Snapshot().Remote);
        Assert.Contains(peer.Trace.Entries.OfType<IceTrace.CandidateIgnored>(), i => i.Reason.Contains("end of candidates", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, 59_000, false)]
    [InlineData(false, 61_000, true)]
    [InlineData(true, 30_000, false)]
    [InlineData(true, 45_000, true)]
    [Rfc("8838", "8", Line = "I34")]
    [Rfc("8863", "4", Line = "I34")]
    public void Failed_IsSaidOnlyAfterTheEndOfCandidatesAndPatience(bool hasEnded, int milliseconds, bool fails)
    {
        var peer = Open(1);
        if (hasEnded) peer.Agent.EndOfRemote(peer.Now);
        peer.Wait(milliseconds);
        Assert.Equal(fails, peer.Agent.State == IceState.Failed);
    }

    [Fact]
    [Rfc("8838", "8", Line = "I34")]
    public void Candidate_LongAfterThePatience_StillConnects()
    {
        var peer = Open(1);
        peer.Wait(120_000);
        peer.Agent.AddRemote(peer.Now, HandPeer.Host(1, HandPeer.Far));
        for (var i = 0; i < 20; i++)
            foreach (var check in peer.Wait(20).Where(m => m.IsRequest)) peer.Deliver(peer.Answer(check), check.Remote);
        Assert.Equal(IceState.Completed, peer.Agent.State);
    }

    /// <summary>What was learned belongs to the socket that heard it; what is told is for the relay too, and may be all that it can reach.</summary>
    [Fact]
    [Rfc("8838", "11.4", Line = "I32")]
    public void Candidate_LearnedFromACheckBefore_IsPairedWithTheOtherBasesToo()
    {
        var relay = new PathId(-1);
        var peer = new HandPeer();
        peer.Agent.AddLocal(peer.Now, Candidate.Relayed(1, relay, Address.Parse("192.0.2.9:7000"), HandPeer.Local, Address.Parse("192.0.2.8:3478"), 65535, "r"));
        peer.Agent.SetRemote(peer.Now, HandPeer.Description() with { Candidates = [HandPeer.Host(1, HandPeer.Far)], EndOfCandidates = false });
        peer.Deliver(peer.Request(), Second);
        Assert.Equal(HandPeer.Socket, peer.Pair(Second).Local.Path);
        peer.Agent.AddRemote(peer.Now, Candidate.Remote(CandidateType.ServerReflexive, 1, Second, 1000, "s"));
        PathId[] expected = [relay, HandPeer.Socket];
        Assert.Equal(expected, peer.Agent.Snapshot().Pairs.Where(p => p.Remote.Address == Second).Select(p => p.Local.Path).OrderBy(p => p.Value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000)]
    [InlineData(60_000)]
    [Rfc("8838", "14", Line = "I32")]
    public void Candidate_AfterTheEnd_IsTakenWhileThereIsNoPath(int milliseconds)
    {
        var peer = Open(1, HandPeer.Host(1, Third));
        peer.Agent.EndOfRemote(peer.Now);
        peer.Wait(milliseconds);
        peer.Agent.AddRemote(peer.Now, HandPeer.Host(1, HandPeer.Far, "late"));
        for (var i = 0; i < 100; i++)
            foreach (var check in peer.Wait(20).Where(m => m.IsRequest && m.Remote == HandPeer.Far)) peer.Deliver(peer.Answer(check), check.Remote);
        Assert.Equal(IceState.Completed, peer.Agent.State);
    }

    [Fact]
    [Rfc("8838", "14", Line = "I32")]
    public void Candidate_AfterTheEnd_OfTheComponentThatHasNoPath_IsTakenAlone()
    {
        var peer = Open(2, HandPeer.Host(1, HandPeer.Far));
        for (var i = 0; i < 200; i++)
            foreach (var check in peer.Wait(20).Where(m => m.IsRequest)) peer.Deliver(peer.Answer(check), check.Remote);
        peer.Agent.EndOfRemote(peer.Now);
        peer.Agent.AddRemote(peer.Now, HandPeer.Host(2, HandPeer.FarRtcp, "late"));
        peer.Agent.AddRemote(peer.Now, HandPeer.Host(1, Second, "late"));
        Assert.Equal([HandPeer.Far, HandPeer.FarRtcp], peer.Agent.Snapshot().Remote.Select(c => c.Address));
    }

    /// <summary>The relay let nothing through before: its owner has just learnt of an address of ours, and said so by telling its candidates again.</summary>
    [Theory]
    [InlineData(10, CandidateType.Relayed, true)]
    [InlineData(25, CandidateType.Relayed, true)]
    [InlineData(2, CandidateType.Relayed, false)]
    [InlineData(10, CandidateType.Host, false)]
    [InlineData(25, CandidateType.ServerReflexive, false)]
    [Rfc("8656", "9")]
    public void Candidate_ToldAgainLate_IsCheckedAnewWhereItIsARelay(double seconds, CandidateType type, bool isAnew)
    {
        var told = Candidate.Remote(type, 1, HandPeer.Far, CandidatePriority.Of(type, 65535, 1), "r");
        var peer = Open(1, told);
        var before = peer.Wait(seconds * 1000).Count(m => m.Remote == HandPeer.Far);
        peer.Agent.AddRemote(peer.Now, told);
        Assert.Equal(isAnew, peer.Wait(200).Exists(m => m.Remote == HandPeer.Far));
        Assert.InRange(before, 3, 6);

        // Once: who told it again and again would have us send for ever.
        var sent = peer.Wait(8_000).Count(m => m.Remote == HandPeer.Far);
        peer.Agent.AddRemote(peer.Now, told);
        Assert.True(!isAnew || (sent == 4 && peer.Wait(200).TrueForAll(m => m.Remote != HandPeer.Far)), $"{sent} sends");
    }

    private static HandPeer Open(int components, params Candidate[] candidates)
    {
        var peer = new HandPeer(components: components);
        peer.Agent.SetRemote(peer.Now, HandPeer.Description() with { Candidates = candidates, EndOfCandidates = false, Components = components });
        return peer;
    }
}
