using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>What the peer's requests do to an agent (RFC 8445 §7.3).</summary>
public sealed class IceRequestTests
{
    [Fact]
    [Rfc("8445", "7.3.1.2", Line = "I46")]
    public void Request_Authentic_IsAnsweredToItsSource()
    {
        var peer = new HandPeer().Describe();
        peer.Sent();
        var from = Address.Parse("192.0.2.77:7000");
        peer.Deliver(peer.Request(), from);
        var answer = peer.Sent().First(m => !m.IsRequest);
        Assert.Equal((HandPeer.Socket, from), (answer.Path, answer.Remote));
        Assert.True(answer.Read().TryGetAddress(StunAttributeType.XorMappedAddress, out var mapped));
        Assert.Equal(from, mapped);
        Assert.True(answer.Read().VerifyIntegrity(StunCredentials.ShortTerm(peer.Agent.Pwd)));
        Assert.True(answer.Read().VerifyFingerprint());
    }

    [Fact]
    [Rfc("8445", "7.3.1.2", Line = "I48")]
    public void Request_ThroughOurRelay_IsToldThePeerAndNotTheServer()
    {
        var peer = new HandPeer();
        var (relay, server) = (new PathId(-1), Address.Parse("198.51.100.9:3478"));
        peer.Agent.AddLocal(peer.Now, Candidate.Relayed(1, relay, Address.Parse("198.51.100.9:50001"), HandPeer.Local, server, 65535, "r"));
        peer.Describe();
        peer.Sent();
        var from = Address.Parse("192.0.2.77:7000");
        peer.Deliver(peer.Request(), from, relay);
        var answer = peer.Sent().First(m => !m.IsRequest);
        Assert.Equal((relay, from), (answer.Path, answer.Remote));
        Assert.True(answer.Read().TryGetAddress(StunAttributeType.XorMappedAddress, out var mapped));
        Assert.Equal(from, mapped);
    }

    /// <summary>A NAT that forgot its mappings may give one socket the port that the other had; the octet of PRIORITY tells whose NAT that was.</summary>
    [Theory]
    [InlineData(1, "192.0.2.2:6001", 2, false)] // our NAT: what was meant for our RTCP came to the socket of RTP
    [InlineData(2, "192.0.2.2:6000", 1, false)] // the same the other way round
    [InlineData(1, "192.0.2.2:6001", 1, true)] // the peer's NAT: its RTP comes from where its RTCP came from
    [InlineData(2, "192.0.2.2:6000", 2, true)]
    [InlineData(1, "192.0.2.2:6000", 2, true)] // a peer that counts another way
    [InlineData(1, "192.0.2.77:7000", 2, true)] // nobody knows that address
    [InlineData(1, "192.0.2.2:6001", 9, true)]
    [Rfc("8445", "5.1.2.1")]
    public void Request_ForTheOtherComponent_IsNotAnsweredAndTeachesNothing(int socket, string from, int priorityOf, bool isTaken)
    {
        var peer = new HandPeer(components: 2).Describe(HandPeer.Host(1, HandPeer.Far), HandPeer.Host(2, HandPeer.FarRtcp));
        peer.Sent();
        var source = Address.Parse(from);
        var isKnown = (socket == 1 ? HandPeer.Far : HandPeer.FarRtcp) == source;
        peer.Deliver(peer.Request(priority: CandidatePriority.Of(CandidateType.PeerReflexive, 65535, priorityOf)), source, socket == 1 ? HandPeer.Socket : HandPeer.RtcpSocket);
        Assert.Equal(isTaken, peer.Sent().Exists(m => !m.IsRequest && m.Remote == source));
        Assert.Equal(isTaken && !isKnown, peer.Events.OfType<IceEvent.CandidateLearned>().Any(e => !e.IsLocal && e.Candidate.Address == source && e.Candidate.Component == socket));
    }

    /// <summary>The same told by media: a check of ours from there would keep the peer where it goes wrong.</summary>
    [Theory]
    [InlineData(1, "192.0.2.2:6001", false)]
    [InlineData(2, "192.0.2.2:6000", false)]
    [InlineData(1, "192.0.2.2:6050", true)]
    [InlineData(2, "192.0.2.2:6050", true)]
    public void Media_FromTheOtherComponentsAddress_IsNoHint(int socket, string from, bool isHint)
    {
        var peer = new HandPeer(components: 2).Describe(HandPeer.Host(1, HandPeer.Far), HandPeer.Host(2, HandPeer.FarRtcp));
        peer.Sent();
        Assert.Equal(isHint, peer.Agent.Guess(peer.Now, socket == 1 ? HandPeer.Socket : HandPeer.RtcpSocket, Address.Parse(from)));
    }

    [Theory]
    [InlineData("no integrity", 400)]
    [InlineData("no username", 400)]
    [InlineData("unknown user", 401)]
    [InlineData("wrong password", 401)]
    [InlineData("unknown attribute", 420)]
    [Rfc("8445", "7.3", Line = "I46")]
    [Rfc("8489", "9.1.3", Line = "S26")]
    public void Request_Refused_HasTheCodeOfTheRfcAndTeachesNothing(string what, int code)
    {
        var peer = new HandPeer().Describe();
        peer.Sent();
        var from = Address.Parse("192.0.2.77:7000");
        peer.Deliver(
            what switch
            {
                "no integrity" => peer.Request(integrity: false),
                "no username" => peer.Request(username: ""),
                "unknown user" => peer.Request(username: "other:peer"),
                "wrong password" => peer.Request(key: StunCredentials.ShortTerm("wrong")),
                _ => peer.Request(extra: 0x0055),
            },
            from);
        var answer = Assert.Single(peer.Sent());
        Assert.Equal(code, answer.Code);
        Assert.DoesNotContain(peer.Agent.Snapshot().Remote, c => c.Address == from);
        Assert.False(peer.Agent.Accepts(peer.Now, HandPeer.Socket, from, out _));
    }

    [Fact]
    [Rfc("8445", "7.1", Line = "I46")]
    public void Request_WithoutFingerprint_IsIgnored()
    {
        var peer = new HandPeer().Describe();
        peer.Sent();
        peer.Deliver(peer.Request(fingerprint: false));
        Assert.Empty(peer.Sent());
    }

    [Fact]
    [Rfc("8445", "7.3", Line = "I47")]
    public void Request_BeforeTheAnswer_IsAnsweredAtOnceAndReplayedAfterIt()
    {
        var peer = new HandPeer();
        peer.Deliver(peer.Request());
        Assert.Equal(0, Assert.Single(peer.Sent()).Code);
        peer.Describe();
        var check = Assert.Single(peer.Wait(0));
        Assert.True(check.IsRequest);
        Assert.Contains(peer.Trace.Entries.OfType<IceTrace.CheckSent>(), c => c.Triggered);
    }

    [Fact]
    [Rfc("8445", "7.3", Line = "I47")]
    public void Request_BeforeTheAnswer_FromManySources_IsKeptForSixtyFourOnly()
    {
        var peer = new HandPeer();
        for (uint host = 0; host < 100; host++)
        {
            var source = new Address(IpAddress.FromV4(HandPeer.Far.Ip.V4 + 1 + host), 7000);
            peer.Deliver(peer.Request(), source);
            peer.Deliver(peer.Request(), source);
        }

        Assert.Equal(200, peer.Sent().Count);
        peer.Describe();
        Assert.Equal(64, peer.Agent.Snapshot().Remote.Count(c => c.Type == CandidateType.PeerReflexive));
    }

    /// <summary>Two open NATs that map per destination give every check a new source: the checks of those must come to an end.</summary>
    [Fact]
    [Rfc("8445", "7.3.1.3", Line = "I49")]
    public void Request_FromEverNewPortsOfOneHost_IsAnsweredAndTeachesFiveOnly()
    {
        var peer = new HandPeer();
        peer.Describe();
        peer.Sent();
        for (ushort port = 7000; port < 7020; port++) peer.Deliver(peer.Request(), new Address(HandPeer.Far.Ip, port));
        Assert.Equal(20, peer.Sent().Count(s => !s.IsRequest));
        Assert.Equal(5, peer.Agent.Snapshot().Remote.Count(c => c.Type == CandidateType.PeerReflexive));
    }

    [Fact]
    [Rfc("8445", "7.3.1.3", Line = "I49")]
    public void Request_FromUnknownSource_TeachesAPeerReflexiveCandidate()
    {
        var peer = new HandPeer().Describe();
        peer.Sent();
        var from = Address.Parse("192.0.2.77:7000");
        peer.Deliver(peer.Request(priority: 1_234_567), from);
        peer.Sent();
        var learned = Assert.Single(peer.Events.OfType<IceEvent.CandidateLearned>()).Candidate;
        Assert.Equal((CandidateType.PeerReflexive, 1, from, 1_234_567u), (learned.Type, learned.Component, learned.Address, learned.Priority));
        Assert.DoesNotContain(peer.Agent.Snapshot().Remote, c => c != learned && c.Foundation == learned.Foundation);
        Assert.Single(peer.Agent.Snapshot().Pairs, p => p.Remote.Address == from);
    }

    /// <summary>A relay that the description came too early for shows by its host, where nothing else of anybody's is.</summary>
    [Theory]
    [InlineData("192.0.2.200:9001", "192.0.2.3:6000", 1)]
    [InlineData("192.0.2.200:9001", "192.0.2.200:6000", 0)]
    [InlineData("192.0.2.1:9001", "192.0.2.3:6000", 0)]
    [InlineData("192.0.2.77:9001", "192.0.2.3:6000", 0)]
    [Rfc("8445", "8.1.1", Line = "I61")]
    public void LearnedCandidate_AtTheHostOfARelay_CountsAsRelayedWhereNothingElseIsThere(string from, string reflexive, int legs)
    {
        var peer = new HandPeer();
        peer.Describe(
            HandPeer.Host(1, HandPeer.Far),
            Candidate.Remote(CandidateType.ServerReflexive, 1, Address.Parse(reflexive), CandidatePriority.Of(CandidateType.ServerReflexive, 1, 1), "s"),
            Candidate.Remote(CandidateType.Relayed, 1, Address.Parse("192.0.2.200:9000"), CandidatePriority.Of(CandidateType.Relayed, 1, 1), "r"));
        peer.Deliver(peer.Request(), Address.Parse(from));
        Assert.Equal(legs, peer.Pair(Address.Parse(from)).RelayLegs);
    }

    [Fact]
    [Rfc("8838", "11.4", Line = "I50")]
    public void LearnedCandidate_SignalledLater_KeepsPairPriorityAndState()
    {
        var peer = new HandPeer();
        peer.Agent.SetRemote(peer.Now, HandPeer.Description() with { EndOfCandidates = false });
        peer.Wait(20);
        var from = Address.Parse("192.0.2.77:7000");
        peer.Deliver(peer.Request(), from);
        foreach (var check in peer.Wait(40).Where(m => m.IsRequest && m.Remote == from)) peer.Deliver(peer.Answer(check), from);
        var before = peer.Pair(from);
        peer.Agent.AddRemote(peer.Now, HandPeer.Host(1, from, "late"));
        var after = peer.Pair(from);
        Assert.Equal(PairState.Succeeded, before.State);
        Assert.Equal((before.Id, before.Priority, before.State), (after.Id, after.Priority, after.State));
        Assert.Equal((CandidateType.Host, "late"), (after.Remote.Type, after.Remote.Foundation));
    }

    /// <summary>
    /// Each check of a NAT that maps per destination has a new source, and only so many of one host are learned. Those that the socket heard
    /// do not count for a relay that comes late, and hears the one that matters.
    /// </summary>
    [Theory]
    [InlineData(5, 1)]
    [InlineData(8, 5)]
    [Rfc("8445", "7.3.1.3", Line = "I49")]
    public void LearnedAddresses_OfTheSocket_LeaveARelayThatComesLateItsOwn(int ofSocket, int ofRelay)
    {
        var peer = new HandPeer().Describe();
        peer.Wait(20);
        var nat = IpAddress.Parse("203.0.113.180");
        for (var i = 0; i < ofSocket; i++) peer.Deliver(peer.Request(), new Address(nat, (ushort)(1000 + i)));
        var relay = new PathId(-1);
        peer.Agent.AddLocal(peer.Now, Candidate.Relayed(1, relay, Address.Parse("198.51.100.9:50001"), HandPeer.Local, Address.Parse("198.51.100.9:3478"), 65535, "r"));
        for (var i = 0; i < ofRelay; i++)
        {
            var from = new Address(nat, (ushort)(2000 + i));
            peer.Deliver(peer.Request(), from, relay);
            Assert.Contains(peer.Wait(300), m => m.IsRequest && m.Path == relay && m.Remote == from);
        }

        peer.Deliver(peer.Request(), new Address(nat, 3000), relay);
        Assert.Equal(ofRelay < 5, peer.Wait(300).Exists(m => m.IsRequest && m.Remote.Port == 3000));
    }

    [Fact]
    [Rfc("8445", "7.3.1.4", Line = "I51")]
    public void TriggeredCheck_OfPairInProgress_TakesANewTransactionAndTheOldOneStillCounts()
    {
        var peer = new HandPeer().Describe();
        var first = Assert.Single(peer.Wait(0));
        peer.Deliver(peer.Request());
        var second = peer.Wait(20).Single(m => m.IsRequest);
        Assert.NotEqual(first.Read().TransactionId, second.Read().TransactionId);
        peer.Deliver(peer.Answer(first));
        Assert.Equal(PairState.Succeeded, peer.Pair().State);
        Assert.DoesNotContain(peer.Wait(3000), m => m.IsRequest && !m.IsNominating);
    }

    [Theory]
    [InlineData(3_000, PairState.Succeeded)]
    [InlineData(20_000, PairState.InProgress)]
    [Rfc("8445", "7.3.1.4", Line = "I52")]
    public void CancelledCheck_IsNotSentAgain_AndItsResponseCountsUntilItsTimeout(int after, PairState expected)
    {
        var peer = new HandPeer().Describe();
        var first = Assert.Single(peer.Wait(0));
        peer.Deliver(peer.Request());
        var later = peer.Wait(after);
        Assert.DoesNotContain(later, m => m.IsRequest && m.Read().TransactionId == first.Read().TransactionId);
        Assert.Equal(PairState.InProgress, peer.Pair().State);
        peer.Deliver(peer.Answer(first));
        Assert.Equal(expected, peer.Pair().State);
    }

    [Fact]
    [Rfc("8445", "7.3.1.4", Line = "I51")]
    public void TriggeredCheck_OfSucceededPair_IsNotSent()
    {
        var peer = new HandPeer(IceRole.Controlled).Describe();
        peer.Deliver(peer.Answer(Assert.Single(peer.Wait(0))));
        peer.Wait(100);
        peer.Deliver(peer.Request(controlling: true));
        Assert.DoesNotContain(peer.Wait(1000), m => m.IsRequest);
    }

    [Fact]
    [Rfc("8445", "7.3.1.4", Line = "I51")]
    public void TriggeredCheck_OfFailedPair_BringsItBack()
    {
        var peer = new HandPeer().Describe();
        peer.Wait(45_000);
        Assert.Equal(PairState.Failed, peer.Pair().State);
        peer.Deliver(peer.Request());
        var check = peer.Wait(20).Single(m => m.IsRequest);
        peer.Deliver(peer.Answer(check));
        Assert.Equal(PairState.Succeeded, peer.Pair().State);
    }

    public static TheoryData<IceRole, bool, bool, int, IceRole> RoleConflicts() => new()
    {
        // Our role, peer claims controlling, our tie-breaker is at least the peer's: code, our role afterwards (RFC 8445 §7.3.1.1).
        { IceRole.Controlling, true, true, 487, IceRole.Controlling },
        { IceRole.Controlling, true, false, 0, IceRole.Controlled },
        { IceRole.Controlled, false, true, 0, IceRole.Controlling },
        { IceRole.Controlled, false, false, 487, IceRole.Controlled },
        { IceRole.Controlling, false, true, 0, IceRole.Controlling },
        { IceRole.Controlling, false, false, 0, IceRole.Controlling },
        { IceRole.Controlled, true, true, 0, IceRole.Controlled },
        { IceRole.Controlled, true, false, 0, IceRole.Controlled },
    };

    [Theory]
    [InlineData(IceRole.Controlling, 487, IceRole.Controlling)]
    [InlineData(IceRole.Controlled, 0, IceRole.Controlling)]
    [Rfc("8445", "7.3.1.1", Line = "I53")]
    public void RoleConflict_WithEqualTieBreakers_CountsAsOursBeingLarger(IceRole role, int code, IceRole after)
    {
        var peer = new HandPeer(role).Describe();
        var attribute = role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled;
        Assert.True(peer.Wait(0).Single().Read().TryGetUInt64(attribute, out var ours));
        peer.Deliver(peer.Request(controlling: role == IceRole.Controlling, tieBreaker: ours));
        Assert.Equal(code, peer.Sent().First(m => !m.IsRequest).Code);
        Assert.Equal(after, peer.Agent.Role);
    }

    [Theory]
    [MemberData(nameof(RoleConflicts))]
    [Rfc("8445", "7.3.1.1", Line = "I53")]
    public void RoleConflict_EachRowOfTheTable(IceRole role, bool peerControls, bool oursIsLarger, int code, IceRole after)
    {
        var peer = new HandPeer(role).Describe();
        peer.Sent();
        peer.Deliver(peer.Request(controlling: peerControls, tieBreaker: oursIsLarger ? 0 : ulong.MaxValue));
        Assert.Equal(code, peer.Sent().First(m => !m.IsRequest).Code);
        Assert.Equal(after, peer.Agent.Role);
    }

    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    [Rfc("8445", "7.3.1.1", Line = "I53")]
    public void RoleConflict_TwoAgentsOfOneRole_StillConnect(IceRole role)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var pair = new AgentPair(NatKind.PortRestricted, NatKind.Restricted, leftRole: role, rightRole: role, seed: seed).Connect();
            Assert.True(pair.RunUntilCompleted(), $"seed {seed}");
            Assert.NotEqual(pair.Left.Agent.Role, pair.Right.Agent.Role);
            Assert.Equal("SS", pair.Left.Cell(1));
        }
    }

    [Fact]
    [Rfc("8445", "7.3.1.5", Line = "I63")]
    public void UseCandidate_OnSucceededPair_SelectsIt()
    {
        var peer = new HandPeer(IceRole.Controlled).Describe();
        peer.Deliver(peer.Answer(Assert.Single(peer.Wait(0))));
        peer.Deliver(peer.Request(useCandidate: true, controlling: true));
        peer.Sent();
        var selected = Assert.Single(peer.Events.OfType<IceEvent.Selected>());
        Assert.Equal((HandPeer.Local, HandPeer.Far), (selected.Local.Address, selected.Remote.Address));
        Assert.Equal(IceState.Completed, peer.Agent.State);
    }

    [Fact]
    [Rfc("8445", "7.3.1.5", Line = "I63")]
    public void UseCandidate_BeforeOurCheckIsAnswered_SelectsOnItsAnswer()
    {
        var peer = new HandPeer(IceRole.Controlled).Describe();
        peer.Wait(0);
        peer.Deliver(peer.Request(useCandidate: true, controlling: true));
        Assert.NotEqual(IceState.Completed, peer.Agent.State);
        peer.Deliver(peer.Answer(peer.Wait(20).Single(m => m.IsRequest)));
        Assert.Equal(IceState.Completed, peer.Agent.State);
    }

    [Fact]
    [Rfc("8445", "8.1.1", Line = "I65")]
    public void UseCandidate_OnSeveralPairs_TheBestCarriesMedia()
    {
        var worse = Address.Parse("192.0.2.3:6000");
        var peer = new HandPeer(IceRole.Controlled).Describe(HandPeer.Host(1, HandPeer.Far, "a", 65535), HandPeer.Host(1, worse, "b", 100));
        foreach (var check in peer.Wait(30).Where(m => m.IsRequest)) peer.Deliver(peer.Answer(check), check.Remote);
        peer.Deliver(peer.Request(useCandidate: true, controlling: true), worse);
        Assert.True(peer.Agent.TryPath(1, out _, out var used));
        Assert.Equal(worse, used);
        peer.Deliver(peer.Request(useCandidate: true, controlling: true), HandPeer.Far);
        Assert.True(peer.Agent.TryPath(1, out _, out used));
        Assert.Equal(HandPeer.Far, used);
    }

    [Fact]
    [Rfc("8445", "8.1.1", Line = "I64")]
    public void Controlled_ObeysTheController_ThoughABetterPairIsValid()
    {
        var worse = Address.Parse("192.0.2.3:6000");
        var peer = new HandPeer(IceRole.Controlled).Describe(HandPeer.Host(1, HandPeer.Far, "a", 65535), HandPeer.Host(1, worse, "b", 100));
        foreach (var check in peer.Wait(30).Where(m => m.IsRequest)) peer.Deliver(peer.Answer(check), check.Remote);
        Assert.True(peer.Agent.TryPath(1, out _, out var before));
        Assert.Equal(HandPeer.Far, before);
        peer.Deliver(peer.Request(useCandidate: true, controlling: true), worse);
        Assert.True(peer.Agent.TryPath(1, out _, out var used));
        Assert.Equal(worse, used);
    }

    [Fact]
    [Rfc("8445", "7.3", Line = "I79")]
    public void Receive_AnyOctets_NeverThrows()
    {
        var peer = new HandPeer().Describe();
        var chance = new SeededEntropy(3);
        var good = peer.Request();
        for (var i = 0; i < 5000; i++)
        {
            var message = good.ToArray();
            for (var flips = chance.NextInt(4) + 1; flips > 0; flips--) message[chance.NextInt(message.Length)] ^= (byte)(1 << chance.NextInt(8));
            peer.Deliver(message[..chance.NextInt(message.Length + 1)]);
            peer.Sent();
        }

        Assert.Equal(IceState.Checking, peer.Agent.State);
    }
}
