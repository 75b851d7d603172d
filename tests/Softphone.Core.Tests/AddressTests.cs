using Softphone.Core;

namespace Softphone.Core.Tests;

public sealed class AddressTests
{
    [Theory]
    [InlineData("192.0.2.1:5060")]
    [InlineData("[2001:db8::1]:3478")]
    public void Address_RoundTrips(string text) => Assert.Equal(text, Address.Parse(text).ToString());

    [Theory]
    [InlineData("1:5060")]
    [InlineData("0x7f.0.0.1:1")]
    [InlineData("2001:db8::1:80")]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.1:70000")]
    [InlineData("192.0.2.1:-1")]
    [InlineData("")]
    public void Address_NotAnAddress_IsRefused(string text) => Assert.False(Address.TryParse(text, out _));

    /// <summary>The platform reads an address in brackets with a port behind it, and forgets the port.</summary>
    [Theory]
    [InlineData("[2001:db8::1]:5060")]
    [InlineData("[[2001:db8::1]]")]
    [InlineData("[2001:db8::1")]
    [InlineData("2001:db8::1]")]
    public void IpAddress_WithBracketsAndMore_IsRefused(string text) => Assert.False(IpAddress.TryParse(text, out _));

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.9.9", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("100.128.0.1", false)]
    [InlineData("fd00::1", true)]
    [InlineData("2001:db8::1", false)]
    public void IpAddress_Private_IsKnown(string text, bool expected) => Assert.Equal(expected, IpAddress.Parse(text).IsPrivate);

    [Theory]
    [InlineData("169.254.1.1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("febf::1", true)]
    [InlineData("fec0::1", false)]
    [InlineData("8.8.8.8", false)]
    public void IpAddress_LinkLocal_IsKnown(string text, bool expected) => Assert.Equal(expected, IpAddress.Parse(text).IsLinkLocal);

    [Theory]
    [InlineData("10.1.2.3", "10.1.9.9", 16, true)]
    [InlineData("10.1.2.3", "10.1.9.9", 24, false)]
    [InlineData("10.1.2.3", "10.1.2.3", 32, true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::ffff", 64, true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", 64, false)]
    [InlineData("2001:db8::1:0", "2001:db8::2:0", 96, true)]
    [InlineData("2001:db8::1:0", "2001:db8::2:0", 112, false)]
    [InlineData("2001:db8::1", "2001:db8::1", 128, true)]
    [InlineData("10.0.0.1", "2001:db8::1", 0, false)]
    [InlineData("10.0.0.1", "192.168.0.1", 0, true)]
    public void IpAddress_InSameNetwork_ComparesThePrefix(string a, string b, int length, bool expected) =>
        Assert.Equal(expected, IpAddress.Parse(a).InSameNetwork(IpAddress.Parse(b), length));

    [Theory]
    [InlineData("::", true, false, false, false)]
    [InlineData("::1", false, true, false, false)]
    [InlineData("ff02::1", false, false, true, false)]
    [InlineData("0.0.0.0", true, false, false, false)]
    [InlineData("127.8.8.8", false, true, false, false)]
    [InlineData("239.0.0.1", false, false, true, false)]
    public void IpAddress_SpecialOnes_AreKnown(string text, bool unspecified, bool loopback, bool multicast, bool mapped)
    {
        var ip = IpAddress.Parse(text);
        Assert.Equal((unspecified, loopback, multicast, mapped), (ip.IsUnspecified, ip.IsLoopback, ip.IsMulticast, ip.IsV4Mapped));
        Span<byte> octets = stackalloc byte[16];
        Assert.Equal(ip, IpAddress.FromBytes(octets[..ip.WriteTo(octets)]));
    }

    [Fact]
    public void IpAddress_Scope_IsNeverWritten() =>
        Assert.Equal("fe80::1", IpAddress.FromBytes(IpAddress.Parse("fe80::1").ToIPAddress().GetAddressBytes(), scope: 3).ToString());
}
