using Softphone.Core;

namespace Softphone.Nat.Tests;

public sealed class InterfaceSelectionTests
{
    private static readonly string[] Skip = ["docker*", "veth*"];

    public static TheoryData<string, string[], string[]> Cases() => new()
    {
        { "loopback goes", ["lo 127.0.0.1", "eth0 192.0.2.1"], ["192.0.2.1"] },
        { "loopback stays when nothing else is up", ["lo 127.0.0.1"], ["127.0.0.1"] },
        { "link-local IPv4 goes where others are", ["eth0 169.254.3.4", "eth1 192.0.2.1"], ["192.0.2.1"] },
        { "link-local IPv4 stays alone", ["eth0 169.254.3.4"], ["169.254.3.4"] },
        { "link-local IPv6 goes where others are", ["eth0 fe80::1", "eth0 192.0.2.1"], ["192.0.2.1"] },
        { "site-local, mapped and compatible IPv6 go", ["eth0 fec0::1", "eth0 ::ffff:192.0.2.9", "eth0 ::192.0.2.9", "eth0 2001:db8::1"], ["2001:db8::1"] },
        { "skipped by glob", ["docker0 172.17.0.1", "veth12 172.18.0.1", "eth0 192.0.2.1"], ["192.0.2.1"] },
        { "IPv6 first, then interleaved", ["a 192.0.2.1", "b 192.0.2.2", "c 2001:db8::1", "d 2001:db8::2"], ["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"] },
        { "more IPv6 than IPv4 keeps the proportion", ["a 192.0.2.1", "c 2001:db8::1", "d 2001:db8::2", "e 2001:db8::3"], ["2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1"] },
        { "VPN behind all others", ["tun0 2001:db8::9 vpn", "eth0 192.0.2.1"], ["192.0.2.1", "2001:db8::9"] },
        { "temporary stands for stable", ["eth0 2001:db8::1", "eth0 2001:db8::2 temporary"], ["2001:db8::2"] },
        { "deprecated goes", ["eth0 2001:db8::1 deprecated", "eth0 2001:db8::2"], ["2001:db8::2"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    [Rfc("8445", "5.1.1.1", Line = "I01")]
    [Rfc("8421", "4", Line = "I09")]
    public void Choose_EachRule_GivesTheAddressesInOrder(string rule, string[] up, string[] expected)
    {
        Assert.NotEmpty(rule);
        Assert.Equal(expected, InterfaceSelection.Choose([.. up.Select(Parse)], Skip, false).Select(i => i.Address.ToString()));
    }

    [Fact]
    public void Choose_LoopbackAsked_HasBoth() =>
        Assert.Equal(2, InterfaceSelection.Choose([Parse("lo 127.0.0.1"), Parse("eth0 192.0.2.1")], [], true).Count);

    [Fact]
    public void Choose_ManyAddresses_TakesABoundedNumber() =>
        Assert.Equal(InterfaceSelection.Most, InterfaceSelection.Choose([.. Enumerable.Range(1, 50).Select(i => Parse($"eth{i} 192.0.2.{i}"))], [], false).Count);

    private static LocalInterface Parse(string text)
    {
        var words = text.Split(' ');
        var address = words[1] == "::ffff:192.0.2.9"
            ? IpAddress.FromBytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 9])
            : IpAddress.Parse(words[1]);
        return new LocalInterface(
            words[0],
            address,
            24,
            words.Contains("vpn") ? InterfaceKind.Vpn : InterfaceKind.Wired,
            words.Contains("temporary"),
            words.Contains("deprecated"));
    }
}
