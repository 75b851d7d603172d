using Softphone.Core;

namespace Softphone.Nat.Tests;

public sealed class DefaultCandidatesTests
{
    private static readonly Address Server = Address.Parse("198.51.100.1:3478");

    [Theory]
    [InlineData("host", "host")]
    [InlineData("host srflx", "srflx")]
    [InlineData("host srflx relay", "relay")]
    [InlineData("host6 host", "host")]
    [InlineData("host6 relay6 host", "host")]
    [InlineData("host6 relay6", "relay6")]
    [Rfc("8839", "4.2.1.2", Line = "I16")]
    public void Rtp_TakesTheCandidateThatReachesFarthest_InTheFamilyMostPeersHave(string kinds, string expected)
    {
        var candidates = kinds.Split(' ').SelectMany(k => new[] { Make(k, 1), Make(k, 2) }).ToArray();
        var rtp = DefaultCandidates.Rtp(candidates)!;
        Assert.Equal(Make(expected, 1).Address, rtp.Address);
        Assert.Equal(Make(expected, 2).Address, DefaultCandidates.Rtcp(candidates, rtp)!.Address);
    }

    [Fact]
    [Rfc("8839", "4.2.1.2", Line = "I16")]
    public void Rtcp_WithoutOneOfTheSameKind_TakesTheBestOfTheFamily()
    {
        Candidate[] candidates = [Make("host", 1), Make("relay", 1), Make("host", 2)];
        Assert.Equal(Make("host", 2).Address, DefaultCandidates.Rtcp(candidates, DefaultCandidates.Rtp(candidates)!)!.Address);
        Assert.Null(DefaultCandidates.Rtcp([Make("host", 1)], Make("host", 1)));
    }

    private static Candidate Make(string kind, int component)
    {
        var six = kind.EndsWith('6');
        var host = Candidate.Host(component, new PathId(component), Address.Parse(six ? $"[2001:db8::1]:500{component}" : $"10.0.0.1:500{component}"), 65535, six ? "6" : "1");
        return kind.TrimEnd('6') switch
        {
            "host" => host,
            "srflx" => Candidate.Reflexive(host, Address.Parse($"192.0.2.1:600{component}"), Server, 65535, "2"),
            _ => Candidate.Relayed(component, new PathId(-component), Address.Parse(six ? $"[2001:db8::2]:700{component}" : $"198.51.100.1:700{component}"), Server, Server, 65535, "3"),
        };
    }
}
