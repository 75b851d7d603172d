using Softphone.Core;

namespace Softphone.Media.Tests;

public sealed class RtcpTests
{
    private static readonly ReportBlock Block = new(7, 25, -3, 0x0001_FFFF, 99, 0xAABB_CCDD, 65_536);

    [Fact]
    [Rfc("3550", "6.4.1", Line = "media R7")]
    public void Compound_Written_ReadsBack()
    {
        Span<byte> bytes = new byte[256];
        var writer = new RtcpWriter(bytes);
        var info = new SenderInfo(0x1122_3344_5566_7788, 48_000, 50, 4000);
        writer.SenderReport(5, info, [Block]);
        writer.Cname(5, "abcdefgh12345678");
        writer.Bye(5, "goodbye");

        Assert.Equal(0, writer.Length % 4);
        Assert.True(RtcpReader.TryOpen(bytes[..writer.Length], out var reader, out _));
        Assert.True(reader.TryNext(out var report));
        Assert.Equal(RtcpKind.SenderReport, report.Kind);
        Assert.Equal(5u, report.Ssrc);
        Assert.True(report.TrySenderInfo(out var read));
        Assert.Equal(info, read);
        Assert.True(report.TryBlock(0, out var block));
        Assert.Equal(Block, block);
        Assert.False(report.TryBlock(1, out _));
        Assert.True(reader.TryNext(out var description));
        Assert.True(description.TryCname(5, out var cname));
        Assert.Equal("abcdefgh12345678", cname);
        Assert.False(description.TryCname(6, out _));
        Assert.True(reader.TryNext(out var bye));
        Assert.True(bye.Ends(5));
        Assert.False(bye.Ends(6));
        Assert.Equal("goodbye", bye.Reason());
        Assert.False(reader.TryNext(out _));
    }

    [Fact]
    [Rfc("3550", "6.4.1", Line = "media R7")]
    public void SenderReport_LaidOut_AsThePictureOfTheRfc()
    {
        Span<byte> bytes = new byte[128];
        var writer = new RtcpWriter(bytes);
        writer.SenderReport(0x01020304, new SenderInfo(0x1111_1111_2222_2222, 0x3333_3333, 0x4444_4444, 0x5555_5555), [Block]);
        Assert.Equal(
            "81C8000C" + "01020304" + "11111111" + "22222222" + "33333333" + "44444444" + "55555555"
            + "00000007" + "19FFFFFD" + "0001FFFF" + "00000063" + "AABBCCDD" + "00010000",
            Convert.ToHexString(bytes[..writer.Length]));
    }

    [Theory]
    [Rfc("3550", "6.5", Line = "media R8")]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("abc")]
    [InlineData("abcd")]
    [InlineData("")]
    public void Cname_OfAnyLength_EndsWithANullOnAWordBoundary(string cname)
    {
        Span<byte> bytes = new byte[64];
        bytes.Fill(0xFF);
        var writer = new RtcpWriter(bytes);
        writer.ReceiverReport(1, []);
        writer.Cname(1, cname);
        Assert.Equal(0, writer.Length % 4);
        Assert.Equal(0, bytes[writer.Length - 1]);
        Assert.True(RtcpReader.TryOpen(bytes[..writer.Length], out var reader, out _));
        reader.TryNext(out _);
        reader.TryNext(out var description);
        Assert.True(description.TryCname(1, out var read));
        Assert.Equal(cname, read);
    }

    [Theory]
    [Rfc("3550", "A.2", Line = "media R8")]
    [InlineData("81CA0002000000010100000000000000")] // SDES first
    [InlineData("40C9000100000001")] // version 1
    [InlineData("80C9000200000001")] // longer than the datagram
    [InlineData("80C9000000000001")] // rest is no packet
    [InlineData("80C900010000000180CA0001")] // second one cut
    [InlineData("A0C900020000000100000004" + "80C9000100000001")] // padding on one that is not the last
    [InlineData("A0C900020000000100000000")] // padding of zero
    [InlineData("A0C900020000000100000003")] // padding that is no multiple of four
    [InlineData("A0C90002000000010000000C")] // padding over the header
    [InlineData("80C90001000000")] // cut
    public void Compound_ThatBreaksTheRules_IsRefusedWhole(string hex) =>
        Assert.False(RtcpReader.TryOpen(Convert.FromHexString(hex), out _, out _));

    [Fact]
    [Rfc("3550", "6.4.1", Line = "media R8")]
    public void Padding_OnTheLast_IsTakenOff()
    {
        Assert.True(RtcpReader.TryOpen(Convert.FromHexString("80C9000100000001" + "A0CB00020000000100000004"), out var reader, out _));
        reader.TryNext(out _);
        reader.TryNext(out var bye);
        Assert.Equal(4, bye.Body.Length);
    }

    [Fact]
    public void Compound_Fuzzed_NeverThrows()
    {
        var chance = new SeededEntropy(3);
        var bytes = new byte[64];
        var opened = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var compound = bytes.AsSpan(0, 4 * (2 + chance.NextInt(14)));
            chance.Fill(compound);
            compound[0] = (byte)(0x80 | compound[0] & 0x3F);
            compound[1] = (byte)(200 + i % 2);
            compound[2] = 0;
            compound[3] = (byte)(compound.Length / 4 - 1);
            if (i % 3 == 0 && compound.Length >= 16)
            {
                compound[0] &= 0xDF;
                compound[3] = 1;
                compound[8] = (byte)(0x80 | compound[8] & 0x1F);
                compound[9] = (byte)(202 + i % 2);
                compound[10] = 0;
                compound[11] = (byte)(compound.Length / 4 - 3);
            }

            if (!RtcpReader.TryOpen(compound, out var reader, out _)) continue;
            opened++;
            while (reader.TryNext(out var packet))
            {
                packet.TrySenderInfo(out _);
                for (var n = 0; packet.TryBlock(n, out _); n++) { }
                packet.TryCname(packet.Ssrc, out _);
                packet.Ends(1);
                packet.Reason();
            }
        }

        Assert.InRange(opened, 30_000, 100_000);
    }

    [Fact]
    [Rfc("3550", "6.4.1", Line = "media R7")]
    public void RoundTrip_OfAReport_IsArrivalLessSentLessHeld()
    {
        var sent = new Instant(10_000_000_000);
        var block = new ReportBlock(1, 0, 0, 0, 0, NtpTime.Middle(NtpTime.Of(sent)), 65_536 * 3);
        Assert.Equal(120, NtpTime.RoundTrip(sent + TimeSpan.FromMilliseconds(3120), block)!.Value.TotalMilliseconds, 0.05);

        // Clocks that disagree never make it negative, and no sender report no round trip.
        Assert.Equal(TimeSpan.Zero, NtpTime.RoundTrip(sent + TimeSpan.FromSeconds(2), block));
        Assert.Null(NtpTime.RoundTrip(sent, block with { LastSr = 0 }));
    }

    [Fact]
    [Rfc("3550", "6.3.1", Line = "media R9")]
    public void Interval_OfManyDraws_SpreadsAroundFiveSeconds()
    {
        var chance = new SeededEntropy(11);
        var drawn = Enumerable.Range(0, 2000).Select(_ => RtcpInterval.Next(chance, false).TotalSeconds).ToArray();
        Assert.All(drawn, s => Assert.InRange(s, 2.5 / 1.21828, 7.5 / 1.21828));
        Assert.InRange(drawn.Max() - drawn.Min(), 3.9, 4.2);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(RtcpInterval.Next(chance, true).TotalSeconds, 1.25 / 1.21828, 3.75 / 1.21828));
    }

    [Fact]
    [Rfc("7022", "4.2", Line = "media R11")]
    public void Cname_Created_IsNinetySixRandomBits()
    {
        var chance = new SeededEntropy(1);
        var names = Enumerable.Range(0, 100).Select(_ => Cname.Create(chance)).ToArray();
        Assert.Equal(100, names.Distinct().Count());
        Assert.All(names, name => Assert.Equal(12, Convert.FromBase64String(name).Length));
    }
}
