using System.Net.NetworkInformation;
using Softphone.Core;

namespace Softphone.Sockets.Tests;

public sealed class InterfacesTests
{
    [Fact]
    public void List_OnAnyMachine_HasLoopback()
    {
        using var pump = new Pump();
        var loopback = Assert.Single(pump.Interfaces, i => i.Address == IpAddress.LoopbackV4);
        Assert.Equal((InterfaceKind.Loopback, 8), (loopback.Kind, loopback.PrefixLength));
    }

    [Fact]
    public void Route_ToLoopback_LeavesFromLoopback()
    {
        using var pump = new Pump();
        Assert.True(pump.TryRoute(IpAddress.LoopbackV4, out var local));
        Assert.Equal(IpAddress.LoopbackV4, local);
        Assert.False(pump.TryRoute(default, out _));
    }

    [Theory]
    [InlineData("eth0", NetworkInterfaceType.Ethernet, InterfaceKind.Wired)]
    [InlineData("enp3s0", NetworkInterfaceType.Ethernet, InterfaceKind.Wired)]
    [InlineData("wlp2s0", NetworkInterfaceType.Ethernet, InterfaceKind.Wireless)]
    [InlineData("wg0", NetworkInterfaceType.Unknown, InterfaceKind.Vpn)]
    [InlineData("ppp0", NetworkInterfaceType.Ppp, InterfaceKind.Vpn)]
    [InlineData("docker0", NetworkInterfaceType.Ethernet, InterfaceKind.Bridge)]
    [InlineData("wwan0", NetworkInterfaceType.Wwanpp, InterfaceKind.Cellular)]
    [InlineData("lo", NetworkInterfaceType.Loopback, InterfaceKind.Loopback)]
    [InlineData("foo7", NetworkInterfaceType.Unknown, InterfaceKind.Unknown)]
    [Rfc("8421", "3")]
    public void Kind_FollowsTypeThenName(string name, NetworkInterfaceType type, InterfaceKind kind) =>
        Assert.Equal(kind, SystemInterfaces.KindOf(name, type));

    [Fact]
    public void Flags_OfProcNet_TellTemporaryAndDeprecated()
    {
        var flags = Ipv6Flags.Parse("20010db8000000000000000000000001 02 40 00 21     eth0\nfe800000000000000000000000000001 02 40 20 80     eth0\nbad\n");
        Assert.Equal(0x21, flags[IpAddress.Parse("2001:db8::1")]);
        Assert.Equal(2, flags.Count);
    }

    [Theory]
    [InlineData("192.0.2.7:5060")]
    [InlineData("[2001:db8::1]:65535")]
    public void SocketAddress_WrittenAndRead_IsTheSame(string text)
    {
        var address = Address.Parse(text);
        var native = SocketAddresses.For(SocketAddresses.FamilyOf(address.Ip));
        native.Write(address);
        Assert.Equal(address, native.Read());
        Assert.Equal(address.ToEndPoint(), address.ToEndPoint().Create(native));
    }
}
