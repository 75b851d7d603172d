using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>Nomination, selection, consent, and the end of a session (RFC 8445 §8, §11, §12; RFC 7675).</summary>
public sealed class IceSessionTests
{
    [Fact]
    [Rfc("8445", "8.1.1", Line = "I61")]
    public void Nomination_IsOnePairOfEachComponent_AndTheCheckThatProducedIt()
    {
        var pair = new AgentPair(NatKind.Restricted, NatKind.Restricted, components: 2).Connect();
        Assert.True(pair.RunUntilCompleted());
        var nominating = pair.Left.Trace.Entries.OfType<IceTrace.CheckSent>().Where(c => c.UseCandidate).Select(c => c.Pair).ToArray();
        Assert.Equal(2, nominating.Length);
        Assert.All(pair.Left.Agent.Snapshot().Pairs.Where(p => nominating.Contains(p.Id)), p => Assert.True(p.IsSelected && p.IsNominated && p.IsValid));
        Assert.DoesNotContain(pair.Right.Trace.Entries.OfType<IceTrace.CheckSent>(), c => c.UseCandidate);
    }

    [Fact]
    [Rfc("8445", "8.1.1", Line = "I62")]
    public void Nomination_OfBothComponents_IsOnTheSameFoundations()
    {
        foreach (var left in Enum.GetValues<NatKind>())
        {
            foreach (var right in Enum.GetValues<NatKind>())
            {
                var pair = new AgentPair(left, right, components: 2).Connect();
                Assert.True(pair.RunUntilCompleted());
                Assert.Equal(pair.Left.Cell(1), pair.Left.Cell(2));
            }
        }
    }

    [Fact]
    [Rfc("8445", "7.2.5.3.4", Line = "I68")]
    public void Nomination_WithoutAnswer_TakesNextValidPair()
    {
        var worse = Address.Parse("192.0.2.3:6000");
        var peer = new HandPeer().Describe(HandPeer.Host(1, HandPeer.Far, "a", 65535), HandPeer.Host(1, worse, "b", 100));
        for (var i = 0; i < 700 && peer.Agent.State != IceState.Completed; i++)
            foreach (var check in peer.Wait(100))
                if (check.IsRequest && (!check.IsNominating || check.Remote == worse)) peer.Deliver(peer.Answer(check), check.Remote);
        Assert.Equal(IceState.Completed, peer.Agent.State);
        Assert.True(peer.Agent.TryPath(1, out _, out var used));
        Assert.Equal(worse, used);
    }

    [Fact]
    [Rfc("8445", "12.1", Line = "I67")]
    public void Media_FlowsBothWaysOnAValidPairBeforeNomination()
    {
        var pair = new AgentPair(NatKind.PortRestricted, NatKind.Symmetric).Connect();
        Assert.True(pair.Net.Run(() => pair.Left.UsableAt.ContainsKey(1) && pair.Right.UsableAt.ContainsKey(1), TimeSpan.FromSeconds(1)));
        Assert.NotEqual(IceState.Completed, pair.Left.Agent.State);
        pair.Left.SendMedia(1, [0x80, 1]);
        pair.Right.SendMedia(1, [0x80, 1]);
        pair.Net.Run(() => false, TimeSpan.FromMilliseconds(100));
        Assert.Equal((1, 1), (pair.Left.Received, pair.Right.Received));
    }

    [Fact]
    [Rfc("8445", "12.2", Line = "I67")]
    public void Media_FromAnAddressThatProvedNothing_IsNotThePeers()
    {
        var peer = new HandPeer().Complete();
        Assert.True(peer.Agent.Accepts(peer.Now, HandPeer.Socket, HandPeer.Far, out var component));
        Assert.Equal(1, component);
        Assert.False(peer.Agent.Accepts(peer.Now, HandPeer.Socket, Address.Parse("192.0.2.66:6000"), out _));
        Assert.False(peer.Agent.Accepts(peer.Now, HandPeer.RtcpSocket, HandPeer.Far, out _));
    }

    [Fact]
    [Rfc("8445", "8.3.1", Line = "I66")]
    public void Completed_OtherPairsAreLeftAlone_AndCandidatesFreedAfterThreeSeconds()
    {
        var pair = new AgentPair(NatKind.PortRestricted, NatKind.PortRestricted).Connect();
        Assert.True(pair.RunUntilCompleted());
        var at = pair.Net.Now;
        pair.Net.Run(() => false, TimeSpan.FromSeconds(2.9));
        Assert.DoesNotContain(pair.Left.Trace.Entries.OfType<IceTrace.CheckSent>(), c => c.At > at);
        Assert.Empty(pair.Left.Events.OfType<IceEvent.CandidatesFreed>());
        pair.Net.Run(() => false, TimeSpan.FromSeconds(0.2));
        Assert.Single(pair.Left.Events.OfType<IceEvent.CandidatesFreed>());
    }

    [Fact]
    [Rfc("8445", "6.1.2.2", Line = "I20")]
    public void MuxAccepted_WhileChecksRun_RemovesComponentTwo()
    {
        var pair = new AgentPair(NatKind.PortRestricted, NatKind.Restricted, components: 2).Connect();
        pair.Net.Run(() => false, TimeSpan.FromMilliseconds(45));
        pair.Left.Do(pair.Left.Agent.MuxAccepted);
        pair.Right.Do(pair.Right.Agent.MuxAccepted);
        Assert.True(pair.RunUntilCompleted());
        Assert.Equal(1, pair.Left.Agent.Components);
        Assert.All(pair.Left.Agent.Snapshot().Pairs, p => Assert.Equal(1, p.Component));
        Assert.False(pair.Left.Agent.TryPath(2, out _, out _));
    }

    [Fact]
    [Rfc("8445", "6.1.2.2", Line = "I21")]
    public void Components_PeerHasOne_CompletesWithOne()
    {
        var peer = new HandPeer(components: 2).Complete();
        Assert.Equal(1, peer.Agent.Components);
    }

    [Fact]
    [Rfc("8445", "6.1.1", Line = "I70")]
    public void LitePeer_MakesUsControl_AndIsNominatedOnceWithoutATriggeredCheck()
    {
        var peer = new HandPeer(IceRole.Controlled);
        peer.Agent.SetRemote(peer.Now, HandPeer.Description() with { IsLite = true });
        var nominations = 0;
        for (var i = 0; i < 20; i++)
        {
            foreach (var check in peer.Wait(50).Where(m => m.IsRequest))
            {
                nominations += check.IsNominating ? 1 : 0;
                peer.Deliver(peer.Answer(check));
            }
        }

        Assert.Equal((IceRole.Controlling, IceState.Completed, 1), (peer.Agent.Role, peer.Agent.State, nominations));
    }

    [Fact]
    [Rfc("7675", "5.1", Line = "I72")]
    [Rfc("8445", "11", Line = "I71")]
    public void Consent_IsAskedEveryFourToSixSeconds_OnceEachUnderANewId()
    {
        var peer = new HandPeer().Complete();
        var asked = new List<HandPeer.Message>();
        for (var i = 0; i < 12_000; i++)
        {
            foreach (var message in peer.Wait(50))
            {
                asked.Add(message);
                peer.Deliver(peer.Answer(message), message.Remote);
            }
        }

        Assert.InRange(asked.Count, 100, 150);
        var gaps = asked.Zip(asked.Skip(1), (a, b) => (b.At - a.At).TotalSeconds).ToArray();
        Assert.All(gaps, g => Assert.InRange(g, 4, 6));
        Assert.True(gaps.Max() - gaps.Min() > 1);
        Assert.Equal(asked.Count, asked.Select(m => m.Read().TransactionId.ToString()).Distinct().Count());
        Assert.Equal(IceState.Completed, peer.Agent.State);
    }

    [Fact]
    [Rfc("7675", "5.1", Line = "I73")]
    public void Consent_UnansweredForThirtySeconds_StopsSending()
    {
        var peer = new HandPeer().Complete();
        peer.Wait(29_000);
        Assert.True(peer.Agent.TryPath(1, out _, out _));
        peer.Wait(2_000);
        Assert.False(peer.Agent.TryPath(1, out _, out _));
        Assert.Single(peer.Events.OfType<IceEvent.ConsentLost>());
        Assert.Equal(IceState.Disconnected, peer.Agent.State);
        Assert.Empty(peer.Wait(60_000));
    }

    [Fact]
    [Rfc("7675", "5.1", Line = "I75")]
    public void Consent_AfterAClockJump_IsLostAtTheFirstTick()
    {
        var peer = new HandPeer().Complete();
        peer.Agent.Advance(peer.Now + TimeSpan.FromMinutes(10));
        peer.Sent();
        Assert.Single(peer.Events.OfType<IceEvent.ConsentLost>());
        Assert.False(peer.Agent.TryPath(1, out _, out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("7675", "5.2", Line = "I74")]
    public void Consent_Forbidden_CountsOnlyWhenAuthentic(bool authentic)
    {
        var peer = new HandPeer().Complete();
        var consent = peer.Wait(6500).First(m => m.IsRequest);
        peer.Deliver(peer.Answer(consent, code: 403, authentic: authentic));
        Assert.Equal(!authentic, peer.Agent.TryPath(1, out _, out _));
    }

    [Fact]
    [Rfc("8445", "9", Line = "I26")]
    public void Restart_ChangesCredentials_KeepsMediaOnTheOldPair_UntilTheNewOneIsSelected()
    {
        var pair = new AgentPair(NatKind.PortRestricted, NatKind.PortRestricted).Connect();
        Assert.True(pair.RunUntilCompleted());
        var (ufrag, pwd) = (pair.Left.Agent.Ufrag, pair.Left.Agent.Pwd);
        pair.Left.Do(pair.Left.Agent.Restart);
        Assert.NotEqual((ufrag, pwd), (pair.Left.Agent.Ufrag, pair.Left.Agent.Pwd));
        Assert.True(pair.Left.Agent.TryPath(1, out _, out _));

        // Consent of the old pair goes on while the new offer is under way.
        pair.Net.Run(() => false, TimeSpan.FromSeconds(60));
        Assert.True(pair.Left.Agent.TryPath(1, out _, out _));
        pair.Right.Do(pair.Right.Agent.Restart);
        pair.Connect();
        Assert.True(pair.RunUntilCompleted());
        Assert.Equal("SS", pair.Left.Cell(1));
        Assert.Equal(IceRole.Controlling, pair.Left.Agent.Role);
    }

    [Theory]
    [InlineData(1, "192.0.2.2:6000", true)]
    [InlineData(1, "192.0.2.2:6001", false)]
    [InlineData(2, "192.0.2.2:6001", true)]
    [InlineData(2, "192.0.2.2:6000", false)]
    [InlineData(1, "203.0.113.5:49000", true)]
    [InlineData(1, "203.0.113.5:49001", false)]
    [InlineData(1, "192.0.2.66:6000", false)]
    [Rfc("8445", "12.2")]
    public void Media_FromASignalledCandidate_IsThePeersBeforeAnyCheckHasPassed(int socket, string from, bool isSignalled)
    {
        var peer = new HandPeer(components: 2);
        Assert.False(peer.Agent.Signals(new PathId(socket), Address.Parse(from), out _));
        peer.Describe(HandPeer.Host(1, HandPeer.Far), HandPeer.Host(2, HandPeer.FarRtcp), HandPeer.Host(1, Address.Parse("203.0.113.5:49000"), "r"));
        Assert.False(peer.Agent.Accepts(peer.Now, new PathId(socket), Address.Parse(from), out _));
        Assert.Equal(isSignalled, peer.Agent.Signals(new PathId(socket), Address.Parse(from), out var component));
        if (isSignalled) Assert.Equal(socket, component);
        peer.Agent.Restart(peer.Now);
        Assert.False(peer.Agent.Signals(new PathId(socket), Address.Parse(from), out _));
    }

    [Fact]
    [Rfc("8445", "12.2")]
    public void Media_FromWhereChecksAloneCame_IsNotSignalled()
    {
        var peer = new HandPeer(IceRole.Controlled).Describe();
        var from = Address.Parse("192.0.2.77:7000");
        peer.Deliver(peer.Request(controlling: true), from);
        Assert.Contains(peer.Agent.Snapshot().Remote, c => c.Address == from);
        Assert.True(peer.Agent.Accepts(peer.Now, HandPeer.Socket, from, out _));
        Assert.False(peer.Agent.Signals(HandPeer.Socket, from, out _));
    }

    [Fact]
    [Rfc("8839", "7.3", Line = "I29")]
    public void ReplacePeer_AnotherFork_IsReachedWithTheCredentialsOfTheOffer()
    {
        var peer = new HandPeer().Complete();
        var (ufrag, pwd) = (peer.Agent.Ufrag, peer.Agent.Pwd);
        peer.Agent.ReplacePeer(peer.Now);
        Assert.False(peer.Agent.TryPath(1, out _, out _));
        Assert.False(peer.Agent.Accepts(peer.Now, HandPeer.Socket, Address.Parse("192.0.2.3:7000"), out _));
        var other = Address.Parse("192.0.2.3:7000");
        peer.Agent.SetRemote(peer.Now, HandPeer.Description(HandPeer.Host(1, other)) with { Ufrag = "fork" });
        Assert.Equal((ufrag, pwd), (peer.Agent.Ufrag, peer.Agent.Pwd));
        for (var i = 0; i < 20; i++)
            foreach (var check in peer.Wait(50).Where(m => m.IsRequest)) peer.Deliver(peer.Answer(check), check.Remote);
        Assert.True(peer.Agent.TryPath(1, out _, out var used));
        Assert.Equal((other, IceState.Completed), (used, peer.Agent.State));
    }

    [Fact]
    [Rfc("8445", "12.1", Line = "I69")]
    public void RtcpWithoutPath_CallGoesOnWithRtpAlone()
    {
        var peer = new HandPeer(components: 2).Describe(HandPeer.Host(1, HandPeer.Far), HandPeer.Host(2, HandPeer.FarRtcp));
        for (var i = 0; i < 1000; i++)
            foreach (var check in peer.Wait(100).Where(m => m.IsRequest && m.Path == HandPeer.Socket)) peer.Deliver(peer.Answer(check), check.Remote);
        Assert.Equal((IceState.Completed, 1), (peer.Agent.State, peer.Agent.Components));
        Assert.Empty(peer.Events.OfType<IceEvent.Failed>());
        Assert.True(peer.Agent.TryPath(1, out _, out _));
    }

    [Fact]
    [Rfc("8839", "4.4.3.1", Line = "I25")]
    public void SetRemote_SameCredentials_TakesNewCandidatesAndKeepsPairStates()
    {
        var peer = new HandPeer().Describe();
        peer.Deliver(peer.Answer(Assert.Single(peer.Wait(0))));
        peer.Describe(HandPeer.Host(1, HandPeer.Far), HandPeer.Host(1, Address.Parse("192.0.2.3:1"), "b"));
        Assert.Equal(PairState.Succeeded, peer.Pair().State);
        Assert.Equal(2, peer.Agent.Snapshot().Pairs.Count);
    }

    [Fact]
    [Rfc("8445", "7.2.1", Line = "T21")]
    public void PeerRefused_FailsOnlyThePairsOfThatPeer()
    {
        var pair = new AgentPair(NatKind.Symmetric, NatKind.Symmetric).Connect();
        var peers = pair.Left.Agent.Snapshot().Pairs.Where(p => p.Local.Type == CandidateType.Relayed).Select(p => p.Remote.Address.Ip).Distinct().ToArray();
        Assert.True(peers.Length > 1);
        pair.Left.Do(now => pair.Left.Agent.PeerRefused(now, new PathId(-1), peers[0], "refused (403)"));
        foreach (var p in pair.Left.Agent.Snapshot().Pairs.Where(p => p.Local.Type == CandidateType.Relayed))
            Assert.Equal(p.Remote.Address.Ip == peers[0], p.State == PairState.Failed);
        Assert.True(pair.RunUntilCompleted());
    }

    [Fact]
    [Rfc("8445", "8.3", Line = "I79")]
    public void Close_AtAnyInstant_LeavesNoTimerMessageOrEvent()
    {
        for (var ms = 0; ms < 4000; ms += 37)
        {
            var pair = new AgentPair(NatKind.Symmetric, NatKind.Restricted, components: 2).Connect();
            pair.Net.Run(() => false, TimeSpan.FromMilliseconds(ms));
            pair.Left.Agent.Close();
            pair.Left.Agent.Advance(pair.Net.Now);
            Assert.Null(pair.Left.Agent.NextTimeout);
            Assert.False(pair.Left.Agent.TryTransmit(new byte[1500], out _));
            Assert.False(pair.Left.Agent.TryEvent(out _));
            pair.Net.Run(() => false, TimeSpan.FromMilliseconds(500));
            pair.Left.Agent.Advance(pair.Net.Now + TimeSpan.FromMinutes(1));
            Assert.Null(pair.Left.Agent.NextTimeout);
            Assert.False(pair.Left.Agent.TryEvent(out _));
        }
    }

    [Fact]
    [Rfc("8445", "16.1", Line = "I80")]
    public void Transcript_SameSeed_IsTheSame()
    {
        static string Run(ulong seed)
        {
            var pair = new AgentPair(NatKind.Restricted, NatKind.Symmetric, components: 2, loss: 0.1, seed: seed).Connect();
            pair.RunUntilCompleted(60);
            return pair.Transcript();
        }

        Assert.Equal(Run(5), Run(5));
        Assert.NotEqual(Run(5), Run(6));
    }

    [Fact]
    public void Loss_TwentyPercent_EverySeedCompletesOnADirectPath()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var pair = new AgentPair(NatKind.PortRestricted, NatKind.Restricted, components: 2, loss: 0.2, seed: seed).Connect();
            Assert.True(pair.RunUntilCompleted(60), $"seed {seed}\n{pair.Transcript()}");
            Assert.True(pair.Left.Agent.TrySelected(1, out var local, out var remote));
            Assert.True(pair.Right.Agent.TryPath(1, out _, out var back) && back == local.Address, $"seed {seed}");
            Assert.NotNull(remote);
        }
    }

    [Fact]
    public void Handshake_OfASelectedPair_IsInTheTraceOfBothSides()
    {
        var pair = new AgentPair(NatKind.PortRestricted, NatKind.PortRestricted, relays: false).Connect();
        Assert.True(pair.RunUntilCompleted());
        foreach (var side in new[] { pair.Left, pair.Right })
        {
            var selected = side.Agent.Snapshot().Pairs.Single(p => p.IsSelected).Id;
            Assert.Contains(side.Trace.Entries.OfType<IceTrace.CheckSent>(), t => t.Pair == selected);
            Assert.Contains(side.Trace.Entries.OfType<IceTrace.AnswerReceived>(), t => t.Pair == selected);
            Assert.Contains(side.Trace.Entries.OfType<IceTrace.CheckReceived>(), t => t.Pair == selected);
            Assert.Contains(side.Trace.Entries.OfType<IceTrace.AnswerSent>(), t => t.Pair == selected);
            Assert.All(side.Trace.Entries, t => Assert.DoesNotContain(side.Agent.Pwd, t.Describe(), StringComparison.Ordinal));
        }
    }

    [Fact]
    [Rfc("8445", "12.1", Line = "I67")]
    public void SteadyState_PathsAndConsent_AllocateNothing()
    {
        var peer = new HandPeer(trace: Trace.Off).Complete();
        var buffer = new byte[1500];
        var now = peer.Now;
        var asked = 0;
        long Round()
        {
            var allocated = 0L;
            for (var i = 0; i < 1000; i++)
            {
                byte[]? answer = null;
                now += TimeSpan.FromMilliseconds(20);
                var before = Allocated.Now;
                peer.Agent.TryPath(1, out _, out _);
                peer.Agent.Accepts(now, HandPeer.Socket, HandPeer.Far, out _);
                if (peer.Agent.NextTimeout <= now) peer.Agent.Advance(now);
                if (!peer.Agent.TryTransmit(buffer, out var transmit))
                {
                    allocated += Allocated.Now - before;
                    continue;
                }

                allocated += Allocated.Now - before;
                answer = peer.Answer(new HandPeer.Message(now, transmit.Path, transmit.Remote, buffer[..transmit.Length]));
                before = Allocated.Now;
                peer.Agent.Receive(new Datagram(now, HandPeer.Socket, HandPeer.Far, answer));
                allocated += Allocated.Now - before;
                asked++;
            }

            return allocated;
        }

        Round();
        Allocated.AssertNone(Round());
        Assert.InRange(asked, 6, 12);
    }

    [Fact]
    [Rfc("8445", "7.3", Line = "I67")]
    public void SteadyState_ACheckAnswered_AllocatesNothing()
    {
        var peer = new HandPeer(trace: Trace.Off).Complete();
        var buffer = new byte[1500];
        var check = peer.Request();
        var answers = 0;
        long Round()
        {
            var before = Allocated.Now;
            for (var i = 0; i < 1000; i++)
            {
                peer.Agent.Receive(new Datagram(peer.Now, HandPeer.Socket, HandPeer.Far, check));
                while (peer.Agent.TryTransmit(buffer, out _)) answers++;
            }

            return Allocated.Now - before;
        }

        Round();
        Allocated.AssertNone(Round());
        Assert.Equal(2000, answers);
    }
}
