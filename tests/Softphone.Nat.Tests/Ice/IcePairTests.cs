using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>Which pairs there are, in which order, and what their candidates are worth (RFC 8445 §5.1, §6.1.2).</summary>
public sealed class IcePairTests
{
    public static TheoryData<string, Candidate> Nonsense() => new()
    {
        { "port 0", HandPeer.Host(1, new Address(HandPeer.Far.Ip, 0)) },
        { "multicast", HandPeer.Host(1, Address.Parse("224.0.0.1:5000")) },
        { "broadcast", HandPeer.Host(1, Address.Parse("255.255.255.255:5000")) },
        { "unspecified", HandPeer.Host(1, Address.Parse("0.0.0.0:5000")) },
        { "component 3", HandPeer.Host(3, HandPeer.Far) },
        { "priority 0", HandPeer.Host(1, HandPeer.Far) with { Priority = 0 } },
        { "tcp", HandPeer.Host(1, HandPeer.Far) with { Transport = Transport.Tcp } },
        { "mapped", HandPeer.Host(1, Address.Parse("[::ffff:192.0.2.2]:5000")) with { Foundation = new string('x', 33) } },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    [Rfc("8445", "19.5.1", Line = "I84")]
    public void RemoteCandidate_ThatMakesNoSense_IsIgnoredWithAReason(string what, Candidate candidate)
    {
        var peer = new HandPeer().Describe(candidate);
        Assert.Empty(peer.Wait(1000));
        Assert.NotEmpty(Assert.Single(peer.Trace.Entries.OfType<IceTrace.CandidateIgnored>()).Reason);
        Assert.NotEmpty(what);
    }

    [Theory]
    [Rfc("8445", "7.1.1")]
    [InlineData(65535)]
    [InlineData(65532)]
    [InlineData(40000)]
    [InlineData(7)]
    public void CheckFromARelay_RanksBelowOneFromAHost_WhereThePeerKnowsNeither(ushort preference)
    {
        var address = Address.Parse("198.51.100.7:5000");
        var relay = Candidate.Relayed(1, new PathId(9), address, address, address, preference, "r");
        var host = Candidate.Host(2, new PathId(1), address, 1 << 15, "h");
        Assert.True(CandidatePriority.AsPeerReflexive(relay.Priority) < CandidatePriority.AsPeerReflexive(host.Priority));
        Assert.True(relay.Priority >= CandidatePriority.Of(CandidateType.Relayed, 0, 1));
    }

    /// <summary>A check from where the description names nobody may come by a relay that it left out; one from another port of the named NAT does not.</summary>
    [Theory]
    [InlineData("203.0.113.20:56282", false)]
    [InlineData("192.0.2.77:7000", false)]
    [InlineData("198.51.100.2:41000", true)]
    [Rfc("8445", "8.1.1")]
    public void Nomination_PairLearnedFromACheck_IsPreferredOnlyAtAHostThatThePeerNamed(string from, bool isPreferred)
    {
        var (named, learned) = (Address.Parse("198.51.100.2:6000"), Address.Parse(from));
        var peer = new HandPeer().Describe(Candidate.Remote(CandidateType.ServerReflexive, 1, named, CandidatePriority.Of(CandidateType.ServerReflexive, 65535, 1), "s"));
        peer.Deliver(peer.Request(), learned);
        Address? nominated = null;
        for (var i = 0; i < 100 && nominated is null; i++)
        {
            foreach (var message in peer.Wait(20).Where(m => m.IsRequest))
            {
                if (message.IsNominating) nominated ??= message.Remote;
                peer.Deliver(peer.Answer(message), message.Remote, message.Path);
            }
        }

        Assert.Equal(isPreferred ? learned : named, nominated);
    }

    [Fact]
    [Rfc("8445", "6.1.2.2", Line = "I36")]
    public void Pairs_AreFormedWithinComponentAndFamilyOnly()
    {
        var peer = new HandPeer(components: 2).Describe(
            HandPeer.Host(1, HandPeer.Far), HandPeer.Host(2, HandPeer.FarRtcp), HandPeer.Host(1, Address.Parse("[2001:db8::1]:6000"), "6"));
        var pairs = peer.Agent.Snapshot().Pairs;
        Assert.Equal([(1, HandPeer.Local, HandPeer.Far), (2, HandPeer.LocalRtcp, HandPeer.FarRtcp)], pairs.Select(p => (p.Component, p.Local.Address, p.Remote.Address)).Order());
    }

    [Fact]
    [Rfc("8445", "6.1.2.5", Line = "I39")]
    public void Pairs_AboveTheBound_AreTrimmedEvenlyAndTheBestStay()
    {
        var remotes = Enumerable.Range(0, 45).SelectMany(i => new[]
        {
            HandPeer.Host(1, new Address(IpAddress.FromV4(0xC0000300 + (uint)i), 6000), $"f{i}", (ushort)(1000 - i)),
            HandPeer.Host(2, new Address(IpAddress.FromV4(0xC0000300 + (uint)i), 6001), $"f{i}", (ushort)(1000 - i)),
        }).ToArray();
        var peer = new HandPeer(components: 2, options: new IceOptions { MaxPairs = 20 }).Describe(remotes);
        var pairs = peer.Agent.Snapshot().Pairs;
        Assert.Equal(10, pairs.Count(p => p.Component == 1));
        Assert.Equal(10, pairs.Count(p => p.Component == 2));
        Assert.All(pairs, p => Assert.True(p.Remote.Address.Ip.V4 < 0xC0000300 + 10));
    }

    [Fact]
    [Rfc("8445", "6.1.2.4", Line = "I38")]
    public void Pairs_OfReflexiveCandidates_ArePrunedToTheirBaseAndSayWhy_WhileRelaysKeepTheirOwn()
    {
        var pair = new AgentPair(NatKind.PortRestricted, NatKind.Open).Connect();
        Assert.Contains(pair.Left.Trace.Entries.OfType<IceTrace.PairPruned>(), p => p.Reason.StartsWith("same base as pair", StringComparison.Ordinal));
        Assert.Contains(pair.Left.Agent.Snapshot().Pairs, p => p.Local.Type == CandidateType.Relayed);
        Assert.DoesNotContain(pair.Left.Agent.Snapshot().Pairs, p => p.Local.Type == CandidateType.ServerReflexive && !p.IsValid);
    }

    [Fact]
    [Rfc("8445", "6.1.2.3", Line = "I37")]
    public void PairPriority_FormulaAndOrder()
    {
        Assert.Equal((1UL << 32) + 4 + 0, CandidatePriority.OfPair(1, 2));
        Assert.Equal((1UL << 32) + 4 + 1, CandidatePriority.OfPair(2, 1));
        Assert.Equal(((ulong)int.MaxValue << 32) + 2UL * int.MaxValue, CandidatePriority.OfPair(int.MaxValue, int.MaxValue));
        var pairs = new AgentPair(NatKind.Symmetric, NatKind.Restricted, components: 2).Connect().Left.Agent.Snapshot().Pairs;
        Assert.Equal(pairs.OrderByDescending(p => p.Priority).ThenBy(p => p.Component).Select(p => p.Id), pairs.Select(p => p.Id));
    }

    [Theory]
    [InlineData(CandidateType.Host, 2130706431u)]
    [InlineData(CandidateType.PeerReflexive, 1862270975u)]
    [InlineData(CandidateType.ServerReflexive, 1694498815u)]
    [InlineData(CandidateType.Relayed, 16777215u)]
    [Rfc("8445", "5.1.2.1", Line = "I08")]
    public void CandidatePriority_OfTheFirstComponent_IsTheKnownNumber(CandidateType type, uint priority)
    {
        Assert.Equal(priority, CandidatePriority.Of(type, 65535, 1));
        Assert.Equal(priority - 1, CandidatePriority.Of(type, 65535, 2));
    }

    [Fact]
    [Rfc("8445", "5.1.1.3", Line = "I07")]
    public void Foundation_IsTheSame_ExactlyForSameTypeBaseTransportAndServer()
    {
        var foundations = new Foundations();
        var (a, b, s) = (IpAddress.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.2"), IpAddress.Parse("192.0.2.3"));
        var all = new[]
        {
            foundations.Of(CandidateType.Host, a, Transport.Udp), foundations.Of(CandidateType.Host, b, Transport.Udp),
            foundations.Of(CandidateType.Host, a, Transport.Tcp), foundations.Of(CandidateType.ServerReflexive, a, Transport.Udp, s),
            foundations.Of(CandidateType.ServerReflexive, a, Transport.Udp, b), foundations.Of(CandidateType.Relayed, a, Transport.Udp, s),
        };
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[3], foundations.Of(CandidateType.ServerReflexive, a, Transport.Udp, s));
        Assert.All(all, f => Assert.InRange(f.Length, 1, 32));
    }

    [Fact]
    [Rfc("8421", "4", Line = "I09")]
    public void Pairs_OfADualStackHost_AreTriedInterleaved_SixFirst()
    {
        var agent = new IceAgent(IceRole.Controlling, new IceOptions { Components = 1 }, new SeededEntropy(3), Trace.Off, "a");
        string[] ours = ["[2001:db8:1::1]:1", "192.0.2.1:1", "[2001:db8:2::1]:1", "198.51.100.1:1"];
        string[] theirs = ["[2001:db8:9::1]:2", "203.0.113.9:2"];
        for (var i = 0; i < ours.Length; i++) agent.AddLocal(Instant.Zero, Candidate.Host(1, new PathId(i + 1), Address.Parse(ours[i]), (ushort)(65535 - 256 * i), $"{i}"));
        var remotes = theirs.Select((t, i) => HandPeer.Host(1, Address.Parse(t), $"r{i}", (ushort)(65535 - 256 * i))).ToArray();
        agent.SetRemote(Instant.Zero, HandPeer.Description(remotes));
        Assert.Equal([ours[0], ours[1], ours[2], ours[3]], agent.Snapshot().Pairs.Select(p => p.Local.Address.ToString()));
        Assert.All(agent.Snapshot().Pairs, p => Assert.Equal(p.Local.Address.Ip.IsV4, p.Remote.Address.Ip.IsV4));
    }
}
