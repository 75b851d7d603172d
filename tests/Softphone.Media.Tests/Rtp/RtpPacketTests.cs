using Softphone.Core;

namespace Softphone.Media.Tests;

[Rfc("3550", "5.1", Line = "media R1")]
public sealed class RtpPacketTests
{
    [Fact]
    public void Header_Written_ReadsBack()
    {
        var header = new RtpHeader(111, 65_535, 0xFFFF_FFFE, 0xDEAD_BEEF, true);
        var bytes = new byte[RtpHeader.Length + 3];
        header.Write(bytes);

        Assert.True(RtpPacket.TryParse(bytes, out var packet, out _));
        Assert.Equal(header, packet.Header);
        Assert.Equal(3, packet.Payload.Length);
        Assert.Equal(0, packet.Contributors);
        Assert.Equal([0x80, 0xEF, 0xFF, 0xFF], bytes[..4]);
    }

    [Fact]
    [Rfc("3550", "5.3.1")]
    public void Packet_WithContributorsExtensionAndPadding_GivesItsParts()
    {
        byte[] bytes =
        [
            0xB2, 0x00, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, // V=2 P X CC=2
            0, 0, 0, 4, 0, 0, 0, 5, // contributors
            0xBE, 0xDE, 0, 1, 0x10, 0xAA, 0, 0, // extension of one word
            9, 8, 7, // payload
            0, 2, // padding
        ];
        Assert.True(RtpPacket.TryParse(bytes, out var packet, out _));
        Assert.Equal(2, packet.Contributors);
        Assert.Equal(0xBEDE, packet.ExtensionProfile);
        Assert.Equal([0x10, 0xAA, 0, 0], packet.Extension.ToArray());
        Assert.Equal([9, 8, 7], packet.Payload.ToArray());
    }

    [Theory]
    [InlineData("800000010000000200000")] // not even a header
    [InlineData("400000010000000200000003")] // version 1
    [InlineData("C00000010000000200000003")] // version 3
    [InlineData("810000010000000200000003")] // a contributor that is not there
    [InlineData("900000010000000200000003BEDE")] // half an extension header
    [InlineData("900000010000000200000003BEDE000100AA")] // extension past the end
    [InlineData("A0000001000000020000000300")] // padding of zero
    [InlineData("A0000001000000020000000302")] // padding more than the payload
    [InlineData("A0000001000000020000000")] // cut
    public void Packet_WithALengthThatLies_IsRefused(string hex)
    {
        var bytes = Convert.FromHexString(hex.Length % 2 == 0 ? hex : hex[..^1]);
        Assert.False(RtpPacket.TryParse(bytes, out _, out var error));
        Assert.NotEmpty(error.What);
    }

    [Fact]
    public void Packet_OfPaddingOnly_HasNoPayload()
    {
        Assert.True(RtpPacket.TryParse(Convert.FromHexString("A0000001000000020000000301"), out var packet, out _));
        Assert.True(packet.Payload.IsEmpty);
    }

    [Fact]
    public void Packet_Fuzzed_NeverThrowsAndNeverReachesOutside()
    {
        var chance = new SeededEntropy(1);
        var bytes = new byte[80];
        for (var i = 0; i < 100_000; i++)
        {
            var packet = bytes.AsSpan(0, chance.NextInt(80));
            chance.Fill(packet);
            if (packet.Length > 0) packet[0] = (byte)(0x80 | packet[0] & 0x3F);
            if (RtpPacket.TryParse(packet, out var parsed, out _))
                Assert.True(RtpHeader.Length + 4 * parsed.Contributors + parsed.Extension.Length + parsed.Payload.Length <= packet.Length);
        }
    }

    [Theory]
    [Rfc("5761", "4", Line = "media R12")]
    [InlineData(191, false)]
    [InlineData(192, true)]
    [InlineData(200, true)]
    [InlineData(223, true)]
    [InlineData(224, false)]
    [InlineData(111, false)]
    [InlineData(111 | 0x80, false)]
    public void SecondOctet_TellsRtcpFromRtp(byte second, bool rtcp) => Assert.Equal(rtcp, RtpPacket.IsRtcp([0x80, second]));
}
