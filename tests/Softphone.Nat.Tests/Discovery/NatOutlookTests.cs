using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>What a person is told to expect, against the table of paths.</summary>
public sealed class NatOutlookTests
{
    private static readonly string[] Kinds = ["open", "full cone", "restricted cone", "port-restricted cone", "symmetric"];

    [Theory]
    [InlineData("open", "DDDDD")]
    [InlineData("full cone", "DDDDD")]
    [InlineData("restricted cone", "DDDDD")]
    [InlineData("port-restricted cone", "DDDDR")]
    [InlineData("symmetric", "DDDRR")]
    [InlineData("symmetric firewall", "DDDDR")]
    [InlineData("UDP blocked", "TTTTT")]
    [Rfc("8445", "2.2", Line = "D18")]
    public void Path_ToEachKindOfPeer_IsThatOfTheTable(string own, string expected) =>
        Assert.Equal(expected, string.Concat(Kinds.Select(peer => NatOutlook.Between(own, peer) switch { NatPath.Direct => 'D', NatPath.Relay => 'R', NatPath.RelayOverTcp => 'T', _ => '?' })));

    [Theory]
    [InlineData("full cone")]
    [InlineData("symmetric")]
    [InlineData("UDP blocked")]
    public void Path_IsTheSameFromBothSides(string own) =>
        Assert.All(NatOutlook.Peers, peer => Assert.Equal(NatOutlook.Between(own, peer), NatOutlook.Between(peer, own)));

    [Theory]
    [InlineData(Dependence.EndpointIndependent, Dependence.EndpointIndependent, "directly with every peer that has UDP")]
    [InlineData(Dependence.EndpointIndependent, Dependence.AddressDependent, "half a second longer")]
    [InlineData(Dependence.EndpointIndependent, Dependence.AddressAndPortDependent, "but those behind a symmetric NAT: with them media needs one relay")]
    [InlineData(Dependence.AddressAndPortDependent, Dependence.AddressAndPortDependent, "but those behind a port-restricted NAT, a symmetric NAT or a strict firewall")]
    [InlineData(Dependence.EndpointIndependent, Dependence.Unknown, "Its filter is not known")]
    [InlineData(Dependence.Unknown, Dependence.Unknown, "ask one that supports RFC 5780")]
    [Rfc("8445", "2.2", Line = "D18")]
    public void Text_SaysWithWhomARelayIsNeeded(Dependence mapping, Dependence filtering, string said) =>
        Assert.Contains(said, NatOutlook.Describe(Found(mapping, filtering)), StringComparison.Ordinal);

    [Fact]
    [Rfc("8445", "2.2", Line = "D18")]
    public void Text_NamesWhatElseIsInTheWay()
    {
        var text = NatOutlook.Describe(Found(Dependence.EndpointIndependent, Dependence.EndpointIndependent) with { Hairpin = false, Fragments = false, RewritesPayloads = true });
        Assert.Contains("inner addresses only", text, StringComparison.Ordinal);
        Assert.Contains("Fragments do not pass", text, StringComparison.Ordinal);
        Assert.Contains("ALG", text, StringComparison.Ordinal);
        Assert.Contains("No UDP leaves", NatOutlook.Describe(Found(Dependence.Unknown, Dependence.Unknown) with { Mapped = default }), StringComparison.Ordinal);
    }

    private static NatFinding Found(Dependence mapping, Dependence filtering) =>
        new(mapping, filtering, Address.Parse("10.0.1.2:5000"), Address.Parse("203.0.113.101:40000"), []);
}
