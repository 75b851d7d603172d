using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>One agent whose nominated pair stops working, against a peer written by hand (RFC 7675 §5.1, RFC 8445 §12.1).</summary>
public sealed class IceFailoverTests
{
    private static readonly Address Other = Address.Parse("192.0.2.3:6000");

    [Fact]
    [Rfc("7675", "5.1", Line = "I73")]
    public void Consent_OneLostAnswer_IsNoReasonForARestart()
    {
        var peer = new HandPeer().Complete();
        var isFirst = true;
        for (var i = 0; i < 2000; i++)
        {
            foreach (var check in peer.Wait(20).Where(m => m.IsRequest))
            {
                if (!isFirst) peer.Deliver(peer.Answer(check), check.Remote);
                isFirst = false;
            }
        }

        Assert.Single(peer.Trace.Entries.OfType<IceTrace.PathDoubted>());
        Assert.Empty(peer.Events.OfType<IceEvent.RestartNeeded>());
        Assert.False(peer.Agent.IsInTrouble);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    [Rfc("8445", "9", Line = "I26")]
    public void Restart_BeforeAnythingWasNominated_KeepsThePathThatWasFound(int restarts)
    {
        var peer = new HandPeer(IceRole.Controlled).Describe();
        foreach (var check in peer.Wait(20).Where(m => m.IsRequest)) peer.Deliver(peer.Answer(check), check.Remote);
        Assert.Equal(IceState.Connected, peer.Agent.State);
        for (var i = 0; i < restarts; i++)
        {
            peer.Agent.Restart(peer.Now);
            peer.Agent.SetRemote(peer.Now, HandPeer.Description(HandPeer.Host(1, Other)) with { Ufrag = $"peer{i}" });
        }

        Assert.True(peer.Agent.TryPath(1, out _, out var remote));
        Assert.Equal(HandPeer.Far, remote);
    }

    [Fact]
    [Rfc("7675", "5.1", Line = "I73")]
    public void Consent_Unanswered_AsksForARestartWithinTenSeconds_AndStopsAtThirty()
    {
        var peer = new HandPeer().Complete();
        peer.Wait(11_000);
        Assert.Single(peer.Events.OfType<IceEvent.RestartNeeded>());
        Assert.True(peer.Agent.TryPath(1, out _, out _));
        peer.Wait(20_000);
        Assert.False(peer.Agent.TryPath(1, out _, out _));
        Assert.Empty(peer.Wait(60_000));
    }

    [Fact]
    [Rfc("8445", "12.1", Line = "I67")]
    public void Nominated_Silent_MediaGoesByTheOtherPairThatAnswers_AndBackOnceItAnswersAgain()
    {
        var peer = Two();
        bool isDead = true;
        Run(peer, 8_000, c => !(isDead && c.Remote == HandPeer.Far));
        Assert.True(peer.Agent.TryPath(1, out _, out var used));
        Assert.Equal(Other, used);
        isDead = false;
        Run(peer, 10_000, c => true);
        Assert.True(peer.Agent.TryPath(1, out _, out used));
        Assert.Equal(HandPeer.Far, used);
    }

    [Fact]
    [Rfc("8445", "8.1.1", Line = "I61")]
    public void Nominated_Silent_NoOtherPairIsNominated()
    {
        var peer = Two();
        var nominating = Run(peer, 30_000, c => c.Remote != HandPeer.Far).Count(m => m.IsRequest && m.IsNominating);
        Assert.Equal(0, nominating);
        Assert.True(peer.Agent.TryPath(1, out _, out var used));
        Assert.Equal(Other, used);
    }

    [Fact]
    [Rfc("8445", "9", Line = "I82")]
    public void PathGone_PairFailsAtOnce_AndMediaMovesToAPairThatConsentStillCovers()
    {
        var peer = new HandPeer();
        var second = new PathId(7);
        peer.Agent.AddLocal(peer.Now, Candidate.Host(1, second, Address.Parse("198.51.100.1:5000"), 100, "2"));
        peer.Complete();
        peer.Agent.PathGone(peer.Now, HandPeer.Socket, "its interface is gone");
        peer.Sent();
        Assert.Equal("its interface is gone", Assert.Single(peer.Events.OfType<IceEvent.RestartNeeded>()).Reason);
        foreach (var check in peer.Wait(20).Where(m => m.IsRequest)) peer.Deliver(peer.Answer(check, Address.Parse("198.51.100.1:5000")), check.Remote, check.Path);
        Assert.True(peer.Agent.TryPath(1, out var path, out _));
        Assert.Equal(second, path);
        Assert.DoesNotContain(peer.Wait(60_000), m => m.Path == HandPeer.Socket);
    }

    [Fact]
    [Rfc("8445", "7.2.5.3.4", Line = "I68")]
    public void Nomination_FailedWithoutAnotherPair_AsksForARestart()
    {
        var peer = new HandPeer().Describe();
        Run(peer, 60_000, c => !c.IsNominating);
        Assert.Contains("nomination", Assert.Single(peer.Events.OfType<IceEvent.RestartNeeded>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("8445", "7.3.1.3", Line = "I26")]
    public void UnprovedMedia_WhileThePeerIsHeard_OrTooOften_CausesNoCheck()
    {
        var peer = new HandPeer(IceRole.Controlled).Complete();
        peer.Wait(4_000);
        peer.Agent.Accepts(peer.Now, HandPeer.Socket, HandPeer.Far, out _);
        peer.Agent.Guess(peer.Now, HandPeer.Socket, Other);
        Assert.DoesNotContain(peer.Sent(), m => m.Remote == Other);

        // Silence now: one check a second, never repeated, twenty at most.
        var sent = new List<HandPeer.Message>();
        for (var i = 0; i < 3000; i++)
        {
            sent.AddRange(peer.Wait(20).Where(m => m.Remote == Other));
            peer.Agent.Guess(peer.Now, HandPeer.Socket, Other);
        }

        Assert.InRange(sent.Count, 10, 20);
        Assert.All(sent.Zip(sent.Skip(1)), g => Assert.True(g.Second.At - g.First.At >= TimeSpan.FromSeconds(0.9)));
        Assert.False(peer.Agent.Accepts(peer.Now, HandPeer.Socket, Other, out _));
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(400, true)]
    [InlineData(2_000, true)]
    [Rfc("8445", "7.3.1.3", Line = "I26")]
    public void UnprovedMedia_OfAPeerThatWasNeverHeard_CausesACheckOnceTheNominatedPairHadItsTime(int after, bool isChecked)
    {
        var peer = new HandPeer(IceRole.Controlled).Complete();
        peer.Wait(after);
        peer.Agent.Guess(peer.Now, HandPeer.Socket, Other);
        Assert.Equal(isChecked, peer.Wait(60).Any(m => m.Remote == Other));
    }

    /// <summary>Behind a NAT that maps by destination the peer's first words come from its host and a port that it could not know.</summary>
    [Theory]
    [InlineData("192.0.2.2:7000", true)]
    [InlineData("203.0.113.5:20181", true)]
    [InlineData("192.0.2.66:6000", false)]
    [Rfc("8445", "12.2")]
    public void UnprovedMedia_BeforeNomination_CausesOneCheckWhereItsHostIsOneOfThePeers(string from, bool isChecked)
    {
        var source = Address.Parse(from);
        var peer = new HandPeer().Describe(HandPeer.Host(1, HandPeer.Far), HandPeer.Host(1, Address.Parse("203.0.113.5:49000"), "r"));
        peer.Sent();
        var checks = new List<HandPeer.Message>();
        for (var i = 0; i < 10; i++)
        {
            peer.Agent.Guess(peer.Now, HandPeer.Socket, source);
            checks.AddRange(peer.Wait(20).Where(m => m.Remote == source));
        }

        Assert.Equal(isChecked ? 1 : 0, checks.Count);
        Assert.False(peer.Agent.Accepts(peer.Now, HandPeer.Socket, source, out _));
        if (!isChecked) return;
        peer.Deliver(peer.Answer(checks[0]), source);
        Assert.True(peer.Agent.Accepts(peer.Now, HandPeer.Socket, source, out _));
    }

    [Fact]
    [Rfc("8445", "7.2.3", Line = "I76")]
    public void Checks_LeaveByThePathOfMedia_AndSoWithItsDscp()
    {
        var peer = new HandPeer().Describe();
        var sent = Run(peer, 12_000, c => true);
        Assert.True(peer.Agent.TryPath(1, out var path, out _));
        Assert.All(sent, m => Assert.Equal(path, m.Path));
    }

    /// <summary>A completed session with a second pair that was proved at its beginning.</summary>
    private static HandPeer Two()
    {
        var peer = new HandPeer().Describe(HandPeer.Host(1, HandPeer.Far, "a"), HandPeer.Host(1, Other, "b", 100));
        Run(peer, 3_000, c => true);
        Assert.Equal(IceState.Completed, peer.Agent.State);
        Assert.True(peer.Agent.TryPath(1, out _, out var used));
        Assert.Equal(HandPeer.Far, used);
        return peer;
    }

    private static List<HandPeer.Message> Run(HandPeer peer, double milliseconds, Func<HandPeer.Message, bool> isAnswered)
    {
        var all = new List<HandPeer.Message>();
        for (var t = 0; t < milliseconds; t += 20)
        {
            foreach (var message in peer.Wait(20))
            {
                all.Add(message);
                if (message.IsRequest && isAnswered(message)) peer.Deliver(peer.Answer(message), message.Remote, message.Path);
            }
        }

        return all;
    }
}
