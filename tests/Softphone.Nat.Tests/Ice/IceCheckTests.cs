using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>Our own checks: what they say, when they go, and what their answers do (RFC 8445 §6.1.4, §7.2).</summary>
public sealed class IceCheckTests
{
    /// <summary>Answers are dropped when their integrity is wrong, and a call that fails of it says so in place of "configure a TURN server".</summary>
    [Theory]
    [InlineData(0, false, "does not fit the a=ice-pwd")]
    [InlineData(487, false, "does not fit the a=ice-pwd")]
    [InlineData(401, true, "refused our checks as not authenticated")]
    [InlineData(400, true, "refused our checks as not authenticated")]
    [Rfc("8489", "9.1.4", Line = "I45")]
    public void Answers_WithAnotherKey_AreCountedAndTold(int code, bool isUnsigned, string told)
    {
        var peer = new HandPeer();
        peer.Describe();
        for (var i = 0; i < 50; i++)
            foreach (var check in peer.Wait(1_000).Where(m => m.IsRequest)) peer.Deliver(isUnsigned ? Unsigned(check, code) : peer.Answer(check, code: code, authentic: false), check.Remote);
        Assert.Equal(IceState.Failed, peer.Agent.State);
        var fault = Assert.Single(peer.Events.OfType<IceEvent.Failed>()).Fault;
        Assert.Contains(told, fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain("TURN", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("8489", "9.1.4", Line = "I45")]
    public void Answers_WithAnotherKey_BesideGoodOnes_ChangeNothing()
    {
        var peer = new HandPeer();
        peer.Describe();
        for (var i = 0; i < 50; i++)
        {
            foreach (var check in peer.Wait(20).Where(m => m.IsRequest))
            {
                peer.Deliver(peer.Answer(check, authentic: false), check.Remote);
                peer.Deliver(peer.Answer(check), check.Remote);
            }
        }

        Assert.Equal(IceState.Completed, peer.Agent.State);
    }

    private static byte[] Unsigned(HandPeer.Message request, int code)
    {
        var writer = StunWriter.Reply(new byte[300], request.Read(), StunClass.Error);
        writer.AddErrorCode(code);
        writer.AddFingerprint();
        return writer.Written.ToArray();
    }

    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    [Rfc("8445", "7.2.2", Line = "I44")]
    public void Check_Request_HasTheAttributesOfTheRfc(IceRole role)
    {
        var peer = new HandPeer(role).Describe();
        var check = Assert.Single(peer.Wait(0)).Read();
        Assert.True(check.TryGetUsername(out var username));
        Assert.Equal($"{HandPeer.Ufrag}:{peer.Agent.Ufrag}", System.Text.Encoding.UTF8.GetString(username));
        Assert.True(check.TryGetUInt32(StunAttributeType.Priority, out var priority));
        Assert.Equal(CandidatePriority.Of(CandidateType.PeerReflexive, 65535, 1), priority);
        Assert.Equal(role == IceRole.Controlling, check.Has(StunAttributeType.IceControlling));
        Assert.Equal(role == IceRole.Controlled, check.Has(StunAttributeType.IceControlled));
        Assert.False(check.Has(StunAttributeType.UseCandidate));
        Assert.True(check.VerifyIntegrity(StunCredentials.ShortTerm(HandPeer.Pwd)));
        Assert.True(check.VerifyFingerprint());
    }

    [Fact]
    [Rfc("8445", "5.1.1.1", Line = "I40")]
    public void Remote_OnLoopback_IsNeverPairedWithOurNetwork()
    {
        var peer = new HandPeer().Describe(HandPeer.Host(1, Address.Parse("127.0.0.1:5000")));
        Assert.Empty(peer.Agent.Snapshot().Pairs);
        Assert.Empty(peer.Wait(500));
    }

    [Fact]
    [Rfc("8445", "6.1.2.6", Line = "I40")]
    public void InitialStates_OneWaitingPairOfEachFoundation_TheLowestComponentFirst()
    {
        // Foundations a and b exist in both components: only those of component 1 may start.
        var peer = new HandPeer(components: 2).Describe(
            HandPeer.Host(1, HandPeer.Far, "a"), HandPeer.Host(2, HandPeer.FarRtcp, "a"),
            HandPeer.Host(1, Address.Parse("192.0.2.3:1"), "b", 100), HandPeer.Host(2, Address.Parse("192.0.2.3:2"), "b", 100));
        foreach (var pair in peer.Agent.Snapshot().Pairs)
            Assert.Equal(pair.Component == 1, pair.State is PairState.Waiting or PairState.InProgress);
    }

    [Fact]
    [Rfc("8445", "7.2.5.3.3", Line = "I58")]
    public void Success_UnfreezesItsFoundationInTheOtherComponent()
    {
        var peer = new HandPeer(components: 2).Describe(HandPeer.Host(1, HandPeer.Far, "a"), HandPeer.Host(2, HandPeer.FarRtcp, "a"));
        var first = Assert.Single(peer.Wait(100));
        Assert.Equal(PairState.Frozen, peer.Pair(HandPeer.FarRtcp).State);
        peer.Deliver(peer.Answer(first));
        Assert.Contains(peer.Wait(100), m => m.Remote == HandPeer.FarRtcp && m.Path == HandPeer.RtcpSocket);
    }

    [Fact]
    [Rfc("8445", "6.1.4.2", Line = "I41")]
    public void Schedule_IdleFoundation_IsUnfrozenAndBestPairGoesFirst()
    {
        var remotes = Enumerable.Range(0, 5).Select(i => HandPeer.Host(1, new Address(HandPeer.Far.Ip, (ushort)(6000 + i)), "same", (ushort)(1000 * (i + 1)))).ToArray();
        var peer = new HandPeer().Describe(remotes);
        Assert.Equal(6004, Assert.Single(peer.Wait(400)).Remote.Port);

        // The others share the foundation of a pair that is being tried, and stay frozen until it has failed.
        peer.Wait(40_000);
        Assert.Contains(peer.Trace.Entries.OfType<IceTrace.PairChanged>(), c => c.From == PairState.Frozen && c.To == PairState.Waiting);
        Assert.Equal([6004, 6003], peer.Trace.Entries.OfType<IceTrace.CheckSent>().Select(c => (int)c.Remote.Port).Distinct().Take(2));
    }

    [Fact]
    [Rfc("8445", "6.1.4.2", Line = "I41")]
    public void Schedule_TriggeredChecks_GoBeforeOrdinaryOnes()
    {
        var remotes = Enumerable.Range(0, 6).Select(i => HandPeer.Host(1, new Address(HandPeer.Far.Ip, (ushort)(6000 + i)), $"f{i}", (ushort)(6000 - i))).ToArray();
        var peer = new HandPeer(options: new IceOptions { SiblingRetrigger = false }).Describe(remotes);
        peer.Wait(0);
        peer.Deliver(peer.Request(), remotes[4].Address);
        Assert.Equal(6004, peer.Wait(20).First(m => m.IsRequest).Remote.Port);
        Assert.Equal(6001, peer.Wait(20).First(m => m.IsRequest).Remote.Port);
    }

    [Theory]
    [InlineData(20, 20, 20)]
    [InlineData(20, 80, 80)]
    [InlineData(100, 20, 100)]
    [InlineData(20, null, 50)]
    [InlineData(1, 1, 5)]
    [InlineData(20, int.MaxValue, 500)]
    [Rfc("8445", "14.2", Line = "I15")]
    public void Pacing_IsTheLargerProposal_WithFiftyForSilenceAndAFloor(int ours, int? theirs, int expected)
    {
        var remotes = Enumerable.Range(0, 4).Select(i => HandPeer.Host(1, new Address(HandPeer.Far.Ip, (ushort)(6000 + i)), $"f{i}")).ToArray();
        var peer = new HandPeer(options: new IceOptions { Pacing = TimeSpan.FromMilliseconds(ours) });
        peer.Agent.SetRemote(peer.Now, HandPeer.Description(remotes) with { Pacing = theirs is { } t ? TimeSpan.FromMilliseconds(t) : null });
        var times = peer.Wait(Math.Max(450, 3 * expected + 50)).Select(m => m.At).ToArray();
        Assert.Equal(4, times.Length);
        for (var i = 1; i < times.Length; i++) Assert.Equal(expected, (times[i] - times[i - 1]).TotalMilliseconds);
    }

    [Fact]
    [Rfc("8445", "14.2", Line = "I43")]
    public void Pacing_AgentsOfOneProcess_StayAboveTheFloorTogether()
    {
        var floor = new Pacer(Pacer.Floor);
        var agents = Enumerable.Range(0, 4).Select(i =>
        {
            var agent = new IceAgent(IceRole.Controlling, new IceOptions { Components = 1, Pacing = TimeSpan.FromMilliseconds(5) }, new SeededEntropy((ulong)i), Trace.Off, "", new Pacer(TimeSpan.FromMilliseconds(5), floor));
            agent.AddLocal(default, Candidate.Host(1, HandPeer.Socket, HandPeer.Local, 65535, "1"));
            agent.SetRemote(default, HandPeer.Description([.. Enumerable.Range(0, 5).Select(n => HandPeer.Host(1, new Address(HandPeer.Far.Ip, (ushort)(6000 + n)), $"f{n}"))]) with { Pacing = TimeSpan.FromMilliseconds(5) });
            return agent;
        }).ToArray();
        var buffer = new byte[1500];
        var sends = new List<long>();
        for (var now = default(Instant); now <= default(Instant) + TimeSpan.FromMilliseconds(200); now += TimeSpan.FromMilliseconds(1))
        {
            foreach (var agent in agents)
            {
                agent.Advance(now);
                while (agent.TryTransmit(buffer, out _)) sends.Add(now.Nanoseconds / 1_000_000);
            }
        }

        Assert.Equal(20, sends.Count);
        for (var i = 1; i < sends.Count; i++) Assert.True(sends[i] - sends[i - 1] >= 5);
    }

    [Fact]
    [Rfc("8489", "6.2.1", Line = "S27")]
    [Rfc("8445", "14.3", Line = "I42")]
    public void Retransmission_OfOnePair_FollowsTheScheduleWithTheSameOctets()
    {
        var peer = new HandPeer().Describe();
        var start = peer.Now;
        var sends = peer.Wait(45_000);
        Assert.Equal([0, 500, 1500, 3500, 7500, 15_500, 31_500], sends.Select(m => (m.At - start).TotalMilliseconds));
        Assert.All(sends, m => Assert.Equal(sends[0].Octets, m.Octets));
        var failed = peer.Trace.Entries.OfType<IceTrace.PairChanged>().Single(c => c.To == PairState.Failed);
        Assert.Equal(39_500, (failed.At - start).TotalMilliseconds);
    }

    [Fact]
    [Rfc("8445", "14.3", Line = "I42")]
    public void Rto_WithManyPairs_GrowsWithTaTimesN()
    {
        var remotes = Enumerable.Range(0, 40).Select(i => HandPeer.Host(1, new Address(IpAddress.FromV4(0xC0000300 + (uint)i), 6000), $"f{i}")).ToArray();
        var peer = new HandPeer().Describe(remotes);
        var start = peer.Now;
        var first = peer.Wait(5000).GroupBy(m => m.Remote).First(g => g.Count() > 1).Take(2).ToArray();
        Assert.Equal(800, (first[1].At - first[0].At).TotalMilliseconds);
        Assert.Equal(start, first[0].At);
    }

    [Fact]
    [Rfc("8445", "7.2.5.2.1", Line = "I55")]
    public void Answer_FromAnotherAddress_FailsThePair()
    {
        var peer = new HandPeer().Describe();
        var check = Assert.Single(peer.Wait(0));
        peer.Deliver(peer.Answer(check), Address.Parse("192.0.2.9:6000"));
        Assert.Equal(PairState.Failed, peer.Pair().State);
        Assert.Contains("192.0.2.9:6000", peer.Pair().Explain(), StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("8489", "9.1.4", Line = "S25")]
    public void Answer_WithWrongIntegrity_IsIgnored()
    {
        var peer = new HandPeer().Describe();
        var check = Assert.Single(peer.Wait(0));
        peer.Deliver(peer.Answer(check, authentic: false));
        Assert.Equal(PairState.InProgress, peer.Pair().State);
        peer.Deliver(peer.Answer(check));
        Assert.Equal(PairState.Succeeded, peer.Pair().State);
    }

    [Fact]
    [Rfc("8445", "7.2.5.3.1", Line = "I56")]
    public void Answer_WithUnknownMappedAddress_TeachesALocalCandidate()
    {
        var peer = new HandPeer().Describe();
        var mapped = Address.Parse("198.51.100.7:41000");
        peer.Deliver(peer.Answer(Assert.Single(peer.Wait(0)), mapped));
        var learned = Assert.Single(peer.Agent.LocalCandidates, c => c.Type == CandidateType.PeerReflexive);
        Assert.Equal((mapped, HandPeer.Local, HandPeer.Socket), (learned.Address, learned.Base, learned.Path));
        Assert.Equal(CandidatePriority.Of(CandidateType.PeerReflexive, 65535, 1), learned.Priority);
        Assert.Equal(learned, peer.Pair().Local);
    }

    [Theory]
    [InlineData("192.0.2.1:5000", CandidateType.Host, 1)]
    [InlineData("198.51.100.7:40000", CandidateType.ServerReflexive, 1)]
    [InlineData("198.51.100.7:41000", CandidateType.PeerReflexive, 2)]
    [Rfc("8445", "7.2.5.3.2", Line = "I57")]
    public void ValidPair_IsThePairItself_AnotherOne_OrOneOnNoChecklist(string mapped, CandidateType local, int known)
    {
        var peer = new HandPeer();
        var host = peer.Agent.LocalCandidates[0];
        peer.Agent.AddLocal(peer.Now, Candidate.Reflexive(host, Address.Parse("198.51.100.7:40000"), Address.Parse("198.51.100.9:3478"), 65535, "s"));
        peer.Describe();
        peer.Deliver(peer.Answer(Assert.Single(peer.Wait(0)), Address.Parse(mapped)));
        var valid = Assert.Single(peer.Agent.Snapshot().Pairs, p => p.IsValid);
        Assert.Equal((local, Address.Parse(mapped), HandPeer.Far), (valid.Local.Type, valid.Local.Address, valid.Remote.Address));
        Assert.Equal(known, peer.Agent.LocalCandidates.Count(c => c.Type != CandidateType.Host));

        // Nothing is checked for it once more: what is sent goes from the base.
        Assert.All(peer.Wait(3000), m => Assert.True(m.IsNominating && m.Path == HandPeer.Socket));
        Assert.True(peer.Agent.TryPath(1, out var path, out var remote));
        Assert.Equal((HandPeer.Socket, HandPeer.Far), (path, remote));
    }

    [Fact]
    [Rfc("8445", "7.2.5.1", Line = "I54")]
    public void Answer_487_SwitchesTheRoleOnceAndTriesAgainWithANewTieBreaker()
    {
        var remotes = new[] { HandPeer.Host(1, HandPeer.Far, "a"), HandPeer.Host(1, Address.Parse("192.0.2.3:1"), "b", 10) };
        var peer = new HandPeer().Describe(remotes);
        var checks = peer.Wait(30);
        foreach (var check in checks) peer.Deliver(peer.Answer(check, code: 487), check.Remote);

        // The second one was sent in the old role too, so it must not switch back.
        Assert.Equal(IceRole.Controlled, peer.Agent.Role);
        var again = peer.Wait(60).Where(m => m.IsRequest).ToArray();
        Assert.Equal(2, again.Length);
        Assert.True(checks[0].Read().TryGetUInt64(StunAttributeType.IceControlling, out var before));
        Assert.True(again[0].Read().TryGetUInt64(StunAttributeType.IceControlled, out var after));
        Assert.NotEqual(before, after);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(420)]
    [InlineData(500)]
    [Rfc("8445", "7.2.5.2.4", Line = "I86")]
    public void Answer_WithError_FailsThePairAndSaysWhich(int code)
    {
        var peer = new HandPeer().Describe();
        peer.Deliver(peer.Answer(Assert.Single(peer.Wait(0)), code: code));
        Assert.Equal(PairState.Failed, peer.Pair().State);
        Assert.Contains(code.ToString(), peer.Pair().Explain(), StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("8445", "7.2.5.2.2", Line = "I60")]
    public void Failure_OfASend_IsAHintOnly()
    {
        var peer = new HandPeer().Describe();
        peer.Wait(0);
        peer.Agent.Fail(new PathFailure(peer.Now, HandPeer.Socket, HandPeer.Far, PathError.NotPermitted));
        var again = Assert.Single(peer.Wait(600));
        peer.Deliver(peer.Answer(again));
        Assert.Equal(IceState.Connected, peer.Agent.State);
    }

    [Fact]
    [Rfc("8863", "4", Line = "I59")]
    public void Failed_IsSaidOnlyAfterPatience_WithWhatHappened()
    {
        var peer = new HandPeer().Describe();
        peer.Deliver(peer.Answer(Assert.Single(peer.Wait(0)), code: 400));
        peer.Wait(39_400);
        Assert.Equal(IceState.Checking, peer.Agent.State);
        peer.Wait(200);
        Assert.Equal(IceState.Failed, peer.Agent.State);
        var fault = Assert.Single(peer.Events.OfType<IceEvent.Failed>()).Fault;
        Assert.Equal(Layer.Ice, fault.Layer);
        Assert.Contains("none of 1 pairs answered", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("8863", "4", Line = "I59")]
    public void Patience_Over_NeverKillsAValidSession()
    {
        var peer = new HandPeer(IceRole.Controlled).Describe();
        peer.Deliver(peer.Answer(Assert.Single(peer.Wait(0))));
        for (var i = 0; i < 50; i++)
            foreach (var consent in peer.Wait(1000)) peer.Deliver(peer.Answer(consent));
        Assert.Equal(IceState.Connected, peer.Agent.State);
    }

    [Fact]
    public void Failed_BothNatsSymmetricWithoutTurn_SaysWhatWasSeenAndNoMore()
    {
        var pair = new AgentPair(NatKind.Symmetric, NatKind.Symmetric, relays: false).Connect();
        pair.RunUntilCompleted(60);
        var fault = Assert.Single(pair.Left.Events.OfType<IceEvent.Failed>()).Fault;
        Assert.Contains("no check of the peer arrived", fault.What, StringComparison.Ordinal);
        Assert.Empty(fault.Remedy);
        Assert.All(pair.Left.Agent.Snapshot().Pairs, p => Assert.NotEmpty(p.Explain()));
    }

    [Fact]
    [Rfc("8445", "19.5.1", Line = "I77")]
    public void Flood_HundredCandidatesOfOneHost_GetOneSendEachAndFiveRetransmit()
    {
        var remotes = Enumerable.Range(0, 100).Select(i => HandPeer.Host(1, new Address(HandPeer.Far.Ip, (ushort)(6000 + i)), $"f{i}")).ToArray();
        var peer = new HandPeer().Describe(remotes);
        var sends = peer.Wait(300_000).GroupBy(m => m.Remote).Select(g => g.Count()).ToArray();
        Assert.InRange(sends.Length, 1, 100);
        Assert.InRange(sends.Count(n => n > 1), 0, 10);
        Assert.InRange(sends.Sum(), 0, 200);
    }
}
