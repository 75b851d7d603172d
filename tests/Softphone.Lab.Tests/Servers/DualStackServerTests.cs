using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>STUN and TURN on the IPv4 and the IPv6 address of one host.</summary>
public class DualStackServerTests
{
    private const string Six = "2001:db8::10";
    private const string ClientSix = "2001:db8:ffff::1";

    [Theory]
    [InlineData("203.0.113.1", "203.0.113.10")]
    [InlineData(ClientSix, Six)]
    [Rfc("8489", "14.2", Line = "S10")]
    public void Binding_OfEitherFamily_TellsTheAddressOfThatFamily(string client, string server)
    {
        var bench = Dual();
        var asking = Bench.On(Bench.PublicHost(bench.World, "a", client));
        Assert.Equal(asking.Bound, bench.Mapped(asking, new Address(IpAddress.Parse(server), 3478)));
    }

    [Fact]
    [Rfc("5780", "7.2")]
    public void Binding_AskingForAnotherSourceWhereThereIsNone_IsRefusedAndTold()
    {
        var bench = Dual();
        var asking = Bench.On(Bench.PublicHost(bench.World, "a", ClientSix));
        var buffer = new byte[64];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        writer.AddUInt32(StunAttributeType.ChangeRequest, 6);
        var (from, message) = Assert.Single(bench.Ask(asking, SixServer, writer.Written));
        Assert.Equal(SixServer, from);
        Assert.True(StunReader.TryParse(message, out var reader, out _));
        Assert.Equal(StunClass.Error, reader.Class);
        Assert.False(reader.Has(StunAttributeType.OtherAddress));
    }

    [Theory]
    [InlineData("203.0.113.1", Transport.Udp, null, true)]
    [InlineData("203.0.113.1", Transport.Udp, 2, false)]
    [InlineData(ClientSix, Transport.Udp, null, true)]
    [InlineData(ClientSix, Transport.Udp, 1, true)]
    [InlineData(ClientSix, Transport.Udp, 2, false)]
    [InlineData(ClientSix, Transport.Tcp, 2, false)]
    [Rfc("8656", "7.2", Line = "T05")]
    public void Allocate_ByEitherFamily_GivesARelayOfTheFamilyAskedFor(string client, Transport transport, int? family, bool isV4)
    {
        var bench = Dual();
        var server = client == ClientSix ? SixServer : StunBench.Server;
        var hand = new TurnHand(bench, client, transport: transport) { Server = server };
        var answer = hand.Allocate((ref StunWriter w) =>
        {
            if (family is { } asked) w.AddUInt8(StunAttributeType.RequestedAddressFamily, (byte)asked);
        });
        Assert.Equal(0, answer.Code);
        Assert.Equal(isV4 ? StunBench.Primary : SixServer.Ip, hand.Relay.Ip);
        Assert.Equal(443, hand.Permit(isV4 ? "[2001:db8:ffff::9]:9" : "198.51.100.9:9").Code);
        Assert.Equal(0, hand.Permit(isV4 ? "198.51.100.9:9" : "[2001:db8:ffff::9]:9").Code);
    }

    [Fact]
    [Rfc("8656", "7.2", Line = "T05")]
    public void Allocate_NoFamilyNamedAndServerWithoutIpv4_440()
    {
        var bench = new StunBench(o => o with { Address = SixServer }, o => o with { Primary = SixServer.Ip, Alternate = default }, moreAddresses: [SixServer.Ip]);
        var hand = new TurnHand(bench, ClientSix) { Server = SixServer };
        Assert.Equal(440, hand.Allocate().Code);
        Assert.Equal(0, hand.Allocate((ref StunWriter w) => w.AddUInt8(StunAttributeType.RequestedAddressFamily, 2)).Code);
        Assert.Equal(SixServer.Ip, hand.Relay.Ip);
    }

    [Fact]
    [Rfc("8656", "21.1", Line = "T41")]
    public void Permit_TheServersOtherAddress_IsNoWayToItsServices()
    {
        var bench = Dual();
        var hand = new TurnHand(bench, ClientSix) { Server = SixServer };
        hand.Allocate((ref StunWriter w) => w.AddUInt8(StunAttributeType.RequestedAddressFamily, 2));
        var bind = hand.Request(StunMethod.ChannelBind, (ref StunWriter w) =>
        {
            w.AddUInt32(StunAttributeType.ChannelNumber, 0x4000_0000);
            w.AddAddress(StunAttributeType.XorPeerAddress, SixServer);
        });
        Assert.Equal(403, bind.Code);
    }

    private static Address SixServer => new(IpAddress.Parse(Six), 3478);

    private static StunBench Dual()
    {
        var six = SixServer.Ip;
        return new StunBench(o => o with { OtherFamily = six }, o => o with { OtherFamily = six }, moreAddresses: [six]);
    }
}
