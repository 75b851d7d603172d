using Softphone.Core;
using static Softphone.Nat.Tests.DiscoveryBench;

namespace Softphone.Nat.Tests;

/// <summary>What a discovery asks, and what it makes of servers that lie, refuse or say nothing (RFC 5780 §4).</summary>
public sealed class NatDiscoveryTests
{
    [Fact]
    [Rfc("5780", "4.4", Line = "D10")]
    [Rfc("3489", "10.1", Line = "D06")]
    [Rfc("3489", "10.1", Line = "D08")]
    public void Tests_OfTheFilterAndTheMapping_UseFreshSocketsOfTheirOwn()
    {
        var bench = new DiscoveryBench(Open);
        bench.Run();
        Assert.Equal(3, bench.Bound.Distinct().Count());

        // Only the primary address ever gets a packet of the filter's socket, and both changes are asked for in one flight.
        var filter = bench.Sent.Where(s => s.Socket == 0).ToArray();
        Assert.All(filter, s => Assert.Equal(Server, s.To));
        Assert.Equal([0u, 6u, 2u], filter.Select(s => s.Change));
        Assert.Equal(filter[1].At, filter[2].At);
        Assert.All(bench.Sent.Where(s => s.Socket != 0), s => Assert.Equal(0u, s.Change));
    }

    [Theory]
    [InlineData(0, 0, Dependence.EndpointIndependent)]
    [InlineData(1, 1, Dependence.AddressDependent)]
    [InlineData(1, 2, Dependence.AddressAndPortDependent)]
    [Rfc("5780", "4.3", Line = "D09")]
    public void Mapping_ThreeDestinations_TellWhatItDependsOn(int second, int third, Dependence expected)
    {
        var alternate = new Address(Other.Ip, Server.Port);
        var bench = new DiscoveryBench(s => s.Socket != 1 ? Open(s) : [Plain(s, Outer(s.To == alternate ? 1 + 10 * second : s.To == Other ? 1 + 10 * third : 1))]);
        var found = bench.Run();
        Assert.Equal((expected, true, Outer(1)), (found.Mapping, found.IsTranslated, found.Mapped));
        Assert.Equal([Server, alternate, Other], bench.Sent.Where(s => s is { Socket: 1, IsHairpin: false }).Select(s => s.To));
    }

    [Theory]
    [InlineData(true, true, Dependence.EndpointIndependent)]
    [InlineData(false, true, Dependence.AddressDependent)]
    [InlineData(false, false, Dependence.AddressAndPortDependent)]
    [Rfc("5780", "4.4", Line = "D10")]
    public void Filtering_TwoAnswersOrTheirSilence_TellWhatItDependsOn(bool both, bool port, Dependence expected) =>
        Assert.Equal(expected, new DiscoveryBench(s => s.Change == 6 && !both || s.Change == 2 && !port ? [] : Open(s)).Run().Filtering);

    [Theory]
    [InlineData(true, "open")]
    [InlineData(false, "symmetric firewall")]
    [Rfc("5780", "4.3", Line = "D09")]
    [Rfc("5780", "4.4", Line = "D11")]
    public void HostWithoutNat_IsStillTestedForAFilter(bool passes, string classic)
    {
        var bench = new DiscoveryBench(s => s.Change != 0 && !passes ? [] : [Plain(s, new Address(Inner, (ushort)(5000 + s.Socket)))]);
        var found = bench.Run();
        Assert.Equal((classic, false, Dependence.EndpointIndependent, (bool?)null), (found.Classic, found.IsTranslated, found.Mapping, found.Hairpin));
        Assert.Contains(bench.Sent, s => s.Change == 6);
        Assert.DoesNotContain(bench.Sent, s => s.IsHairpin || s.To.Ip == Inner);
    }

    [Theory]
    [InlineData(6u)]
    [InlineData(2u)]
    [Rfc("5780", "4.4", Line = "D07")]
    public void Answer_FromTheAddressThatWasAsked_IsNoProofOfAnOpenFilter(uint ignored)
    {
        // The server drops nothing and heeds nothing: the other change is never answered.
        var found = new DiscoveryBench(s => s.Change == ignored ? [Plain(s with { Change = 0 }, Outer(0))] : s.Change != 0 ? [] : Open(s)).Run();
        Assert.Equal(Dependence.Unknown, found.Filtering);
        Assert.Equal("unknown", found.Classic);
        Assert.Contains(found.Evidence, e => e.Contains("ignores CHANGE-REQUEST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(6u, "203.0.113.11:3478")]
    [InlineData(6u, "203.0.113.10:3479")]
    [InlineData(2u, "203.0.113.11:3479")]
    [InlineData(2u, "203.0.113.11:3478")]
    [Rfc("5780", "4.4", Line = "D07")]
    public void Answer_FromHalfOfWhereItWasAskedFor_CountsForNothing(uint change, string from)
    {
        var found = new DiscoveryBench(s => s.Change == change ? [Plain(s, Outer(0)) with { From = Address.Parse(from) }] : s.Change != 0 ? [] : Open(s)).Run();
        Assert.Equal(Dependence.Unknown, found.Filtering);
    }

    [Fact]
    [Rfc("8489", "6.3.3", Line = "D07")]
    public void PlainAnswer_FromAnotherAddressThanWasAsked_IsIgnored()
    {
        var found = new DiscoveryBench(s => s is { Socket: 1, Change: 0, IsHairpin: false } ? [Plain(s, Outer(5)) with { From = Address.Parse("192.0.2.66:3478") }, .. Open(s)] : Open(s)).Run();
        Assert.Equal((Outer(1), Dependence.EndpointIndependent), (found.Mapped, found.Mapping));
    }

    [Fact]
    [Rfc("5780", "4.1", Line = "D15")]
    public void Silence_AmongLostControls_IsWaitedForLonger_AndIsNoVerdictWhereMostAreLost()
    {
        var controls = 0;
        var bench = new DiscoveryBench(s => s.Change != 0 ? [] : s is { Socket: 0, Change: 0 } && controls++ % 4 == 1 ? [] : Open(s));
        var found = bench.Run();
        Assert.Equal((Dependence.AddressAndPortDependent, 20), (found.Filtering, bench.Sent.Count(s => s.Change == 6)));
        Assert.Contains(found.Evidence, e => e.Contains("packets get lost", StringComparison.Ordinal));

        controls = 0;
        found = new DiscoveryBench(s => s.Change != 0 ? [] : s is { Socket: 0, Change: 0 } && controls++ > 0 ? [] : Open(s)).Run();
        Assert.Equal((Dependence.Unknown, "unknown"), (found.Filtering, found.Classic));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("5780", "3.5", Line = "D14")]
    public void Fragments_ThereAndBackOrNot_AreTold(bool pass)
    {
        var bench = new DiscoveryBench(s => s.IsPadded && !pass ? [] : Open(s));
        Assert.Equal(pass, bench.Run().Fragments);
        Assert.Contains(bench.Sent, s => s.IsPadded);
        Assert.Null(new DiscoveryBench(s => s.IsPadded ? [new Reply(Server, Code: 420)] : Open(s)).Run().Fragments);
    }

    [Fact]
    [Rfc("5780", "6.1", Line = "D03")]
    public void ChangeRequest_Refused_LeavesTheFilterUnknownAndTheMappingTold()
    {
        var found = new DiscoveryBench(s => s.Change != 0 ? [new Reply(Server, Code: 420)] : Open(s)).Run();
        Assert.Equal((Dependence.Unknown, Dependence.EndpointIndependent), (found.Filtering, found.Mapping));
        Assert.Contains(found.Evidence, e => e.Contains("420", StringComparison.Ordinal));
    }

    [Fact]
    [Rfc("5780", "7.4", Line = "D02")]
    public void Server_WithoutOtherAddress_IsAskedForNoChangeAndLeavesBothUnknown()
    {
        var bench = new DiscoveryBench(s => [Plain(s, Outer(s.Socket)) with { HasOther = false }]);
        var found = bench.Run();
        Assert.Equal((Dependence.Unknown, Dependence.Unknown, Outer(1)), (found.Filtering, found.Mapping, found.Mapped));
        Assert.All(bench.Sent, s => Assert.Equal((0u, false), (s.Change, s.To.Ip == Other.Ip)));
        Assert.Contains(found.Evidence, e => e.Contains("no OTHER-ADDRESS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "198.51.100.7:40002", "an outer")]
    [InlineData(true, "10.0.1.2:5002", "the inner")]
    [InlineData(false, "198.51.100.7:40002", "")]
    [Rfc("5780", "3.4", Line = "D12")]
    public void Hairpin_OfASecondSocket_IsToldWithTheSourceItCameFrom(bool hairpins, string source, string kind)
    {
        var bench = new DiscoveryBench(s => !s.IsHairpin ? Open(s) : hairpins && s.Socket == 2 ? [new Reply(Address.Parse(source), ToSocket: 1)] : []);
        var found = bench.Run();
        Assert.Equal(hairpins, found.Hairpin);
        // Each of the two sends to the other, so that a filter lets both in.
        Assert.All(bench.Sent.Where(s => s.IsHairpin), s => Assert.Equal(s.Socket == 2 ? Outer(1) : Outer(2), s.To));
        Assert.Contains(bench.Sent, s => s is { IsHairpin: true, Socket: 1 });
        Assert.Equal(hairpins, found.Evidence.Any(e => e.Contains($"arrived from {source}, {kind} address", StringComparison.Ordinal)));
    }

    [Fact]
    [Rfc("5780", "4.1", Line = "D15")]
    public void Silence_IsAVerdictOnlyAfterThreeSendsOverThreeSeconds()
    {
        var bench = new DiscoveryBench(s => s.Change != 0 || s.IsHairpin || s.IsPadded ? [] : Open(s));
        var found = bench.Run();
        Assert.Equal((Dependence.AddressAndPortDependent, (bool?)false, (bool?)false), (found.Filtering, found.Hairpin, found.Fragments));
        foreach (var test in bench.Sent.Where(s => s.Change != 0 || s.IsHairpin || s.IsPadded).GroupBy(s => (s.Socket, s.To, s.Change)))
        {
            Assert.Equal(8, test.Count());
            Assert.InRange((test.Last().At - test.First().At).TotalSeconds, 3, 10);
        }

        Assert.Equal(5, found.Evidence.Count(e => e.Contains("no answer to 8 sendings", StringComparison.Ordinal)));
        Assert.InRange(found.Confidence, 0.999, 1);
    }

    [Fact]
    [Rfc("5780", "4.1", Line = "D15")]
    public void Loss_OfTheFirstTwoSends_IsNotTakenForAFilter()
    {
        var sends = new Dictionary<(int, Address, uint), int>();
        var found = new DiscoveryBench(s =>
        {
            var key = (s.Socket, s.To, s.Change);
            return (sends[key] = sends.GetValueOrDefault(key) + 1) < 3 ? [] : Open(s);
        }).Run();
        Assert.Equal((Dependence.EndpointIndependent, Dependence.EndpointIndependent), (found.Filtering, found.Mapping));
    }

    [Fact]
    [Rfc("3489", "10.1", Line = "D04")]
    public void NoAnswerAtAll_IsUdpBlocked()
    {
        var found = new DiscoveryBench(_ => []).Run();
        Assert.Equal(("UDP blocked", false, Dependence.Unknown, Dependence.Unknown), (found.Classic, found.Mapped.IsValid, found.Mapping, found.Filtering));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("5780", "3.6", Line = "D14")]
    public void MappedAddress_RewrittenOnTheWay_IsEvidenceOfAnAlg(bool rewrites)
    {
        var found = new DiscoveryBench(s => Open(s).Select(r => r with { Rewritten = rewrites ? new Address(Inner, 5000) : r.Mapped })).Run();
        Assert.Equal(rewrites, found.Evidence.Any(e => e.Contains("ALG", StringComparison.Ordinal)));
        Assert.Equal(rewrites, found.RewritesPayloads);

        // The obscured address is the one that counts.
        Assert.Equal(Outer(1), found.Mapped);
    }

    private static IEnumerable<Reply> Open(Asked request) =>
        request.IsHairpin ? [new Reply(Outer(request.Socket), ToSocket: request.To == Outer(1) ? 1 : 2)] : [Plain(request, Outer(request.Socket))];
}
