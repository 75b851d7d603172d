using Softphone.Core;

namespace Softphone.Nat.Tests;

[Rfc("7983", "7", Line = "S42")]
[Rfc("5761", "4", Line = "S42")]
public sealed class DemultiplexerTests
{
    [Fact]
    public void Classify_EveryFirstOctet_FollowsTheRanges()
    {
        for (var first = 0; first < 256; first++)
        {
            var expected = first switch
            {
                < 4 => PacketKind.Stun,
                < 16 => PacketKind.Unknown,
                < 20 => PacketKind.Zrtp,
                < 64 => PacketKind.Dtls,
                < 80 => PacketKind.Channel,
                < 128 => PacketKind.Unknown,
                < 192 => PacketKind.Rtp,
                _ => PacketKind.Unknown,
            };
            Assert.Equal(expected, Demultiplexer.Classify([(byte)first, 0]));
        }
    }

    [Fact]
    public void Classify_EveryPayloadType_TellsRtcpFromRtp()
    {
        for (var second = 0; second < 256; second++)
            Assert.Equal(second is >= 192 and <= 223 ? PacketKind.Rtcp : PacketKind.Rtp, Demultiplexer.Classify([0x80, (byte)second]));
    }

    [Fact]
    public void Classify_TooShortToTell_IsUnknown()
    {
        Assert.Equal(PacketKind.Unknown, Demultiplexer.Classify([]));
        Assert.Equal(PacketKind.Unknown, Demultiplexer.Classify([0x80]));
    }
}
