using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>What a forged INVITE can make a ringing phone send (RFC 8445 §19.5.1).</summary>
public sealed class IceTrustTests
{
    private static readonly Candidate[] Victim =
        [.. Enumerable.Range(0, 20).Select(i => HandPeer.Host(1, new Address(HandPeer.Far.Ip, (ushort)(6000 + i)), $"f{i}", (ushort)(60_000 - i)))];

    [Fact]
    [Rfc("8445", "19.5.1", Line = "I77")]
    public void Ringing_ForAPeerThatProvedNothing_SendsFourPacketsToTheBestPairs()
    {
        var peer = new HandPeer(IceRole.Controlled, options: new IceOptions { SendsBeforeTrust = 4 }).Describe(Victim);
        var sent = peer.Wait(60_000);
        Assert.Equal([6000, 6001, 6002, 6003], sent.Select(m => (int)m.Remote.Port));
    }

    [Fact]
    [Rfc("8445", "19.5.1", Line = "I77")]
    public void Ringing_PrivateAddressesOfTheCaller_LeaveRoomForItsPublicOne()
    {
        Candidate[] candidates = [.. Enumerable.Range(1, 9).Select(i => HandPeer.Host(1, Address.Parse($"10.0.0.{i}:6000"), $"p{i}")), HandPeer.Host(1, HandPeer.Far, "x", 1)];
        var peer = new HandPeer(IceRole.Controlled, options: new IceOptions { SendsBeforeTrust = 4 }).Describe(candidates);
        var sent = peer.Wait(60_000);
        Assert.Equal(5, sent.Count);
        Assert.Single(sent, m => m.Remote == HandPeer.Far);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("8445", "19.5.1", Line = "I77")]
    public void Trust_ByTheUserOrAnAuthenticCheck_SendsWhatWasHeldBack(bool byUser)
    {
        var peer = new HandPeer(IceRole.Controlled, options: new IceOptions { SendsBeforeTrust = 4 }).Describe(Victim);
        peer.Wait(5_000);
        if (byUser) peer.Agent.Trust(peer.Now);
        else peer.Deliver(peer.Request(controlling: true), Victim[10].Address);
        var sent = peer.Wait(2_000).Where(m => m.IsRequest).Select(m => (int)m.Remote.Port).Distinct().ToArray();
        Assert.Equal(20, sent.Length);
    }

    [Theory]
    [MemberData(nameof(Grid))]
    [Rfc("8445", "19.5.1", Line = "I77")]
    public void Ringing_EveryPairOfNats_StillConnectsBeforeTheUserAnswers(NatKind left, NatKind right)
    {
        // The offerer is trusted; only the ringing side holds back.
        var pair = new AgentPair(left, right, components: 2, tune: o => o with { SendsBeforeTrust = 6 });
        pair.Left.Do(pair.Left.Agent.Trust);
        pair.Connect();
        Assert.True(pair.RunUntilCompleted(), pair.Transcript());
    }

    [Theory]
    [MemberData(nameof(Grid))]
    [Rfc("8445", "7.3.1.4", Line = "I67")]
    public void SiblingRetrigger_OnOrOff_TakesTheSamePath(NatKind left, NatKind right)
    {
        string Cells(bool isOn)
        {
            var pair = new AgentPair(left, right, components: 2, tune: o => o with { SiblingRetrigger = isOn }).Connect();
            Assert.True(pair.RunUntilCompleted());
            return $"{pair.Left.Cell(1)} {pair.Left.Cell(2)}";
        }

        Assert.Equal(Cells(true), Cells(false));
    }

    public static TheoryData<NatKind, NatKind> Grid()
    {
        var data = new TheoryData<NatKind, NatKind>();
        foreach (var left in Enum.GetValues<NatKind>())
            foreach (var right in Enum.GetValues<NatKind>()) data.Add(left, right);
        return data;
    }
}
