using System.Text;
using Softphone.Cli;
using Softphone.Core;

namespace Softphone.Cli.Tests;

public sealed class PacketCaptureTests
{
    [Theory]
    [InlineData("192.0.2.1:40000", "198.51.100.7:3478")]
    [InlineData("[2001:db8::1]:40000", "[2001:db8:7::2]:3478")]
    public void Udp_BothWays_IsReadBackInOrderWithItsTimes(string local, string remote)
    {
        using var bench = new CaptureBench();
        var path = bench.Open(Transport.Udp, local);
        bench.Now = Instant.Zero + TimeSpan.FromMicroseconds(1_250_007);
        bench.Send(path, remote, "odd");
        bench.Now += TimeSpan.FromMilliseconds(20);
        bench.Receive(path, remote, "even");
        bench.Receive(path, remote, "");

        var packets = bench.Packets();

        Assert.Equal(
            [(17, local, remote, "odd"), (17, remote, local, "even"), (17, remote, local, "")],
            packets.Select(p => ((int)p.Protocol, p.From, p.To, Encoding.UTF8.GetString(p.Payload))));
        Assert.Equal([1_250_007, 1_270_007, 1_270_007], packets.Select(p => (int)(p.At - CaptureBench.Epoch).TotalMicroseconds));
        Assert.Equal(["even", ""], bench.Given.Select(Encoding.UTF8.GetString));
    }

    [Theory]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3|2^20|1:4\r\n", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:xxxxxxxxxxxxxxxx|2^20|1:4\r\n")]
    [InlineData("INLINE:abc;inlinline:def\r\na=inline", "INLINE:xxx;inlinline:xxx\r\na=inline")]
    [InlineData("a=line:abc inlin:abc", "a=line:abc inlin:abc")]
    [Rfc("4568", "8")]
    public void Keys_OfSrtp_AreMaskedWhereverPiecesDivideThem(string message, string written)
    {
        using (var bench = new CaptureBench())
        {
            var path = bench.Open(Transport.Udp, "192.0.2.1:5060");
            bench.Send(path, "198.51.100.7:5060", message);
            bench.Receive(path, "198.51.100.7:5060", message);
            Assert.Equal([written, written], bench.Packets().Select(p => Encoding.UTF8.GetString(p.Payload)));
            // The machine itself gets what came.
            Assert.Equal([message], bench.Given.Select(Encoding.UTF8.GetString));
        }

        for (var cut = 1; cut < message.Length; cut++)
        {
            using var bench = new CaptureBench();
            var path = bench.Open(Transport.Tcp, "192.0.2.1:5060");
            foreach (var piece in new[] { message[..cut], message[cut..] })
            {
                bench.Send(path, "198.51.100.7:5060", piece);
                bench.Receive(path, "198.51.100.7:5060", piece);
            }

            foreach (var way in bench.Packets().GroupBy(p => p.From))
                Assert.Equal(written, string.Concat(way.Select(p => Encoding.UTF8.GetString(p.Payload))));
        }
    }

    [Fact]
    public void Udp_ChecksumThatComesToZero_IsWrittenAsOnes()
    {
        using var bench = new CaptureBench();
        var path = bench.Open(Transport.Udp, "192.0.2.1:40000");
        for (var word = 0; word <= ushort.MaxValue; word++) bench.Send(path, "198.51.100.7:3478", [(byte)(word >> 8), (byte)word]);

        // The reader refuses a zero; one of all words of sixteen bits brings it about.
        Assert.Equal(ushort.MaxValue + 1, bench.Packets().Count);
    }

    [Theory]
    [InlineData("192.0.2.1:5060", "198.51.100.7:5060")]
    [InlineData("[2001:db8::1]:5060", "[2001:db8:7::2]:5060")]
    public void Tcp_BothWays_NumbersRunInEachDirection(string local, string remote)
    {
        using var bench = new CaptureBench();
        var path = bench.Open(Transport.Tcp, local);
        bench.Send(path, remote, "hello");
        bench.Receive(path, remote, "you");
        bench.Send(path, remote, "again");
        bench.Receive(path, remote, "!");

        Assert.Equal(
            [(local, 1, 1, "hello"), (remote, 1, 6, "you"), (local, 6, 4, "again"), (remote, 4, 11, "!")],
            bench.Packets().Select(p => (p.From, (int)p.Sequence, (int)p.Acknowledged, Encoding.UTF8.GetString(p.Payload))));
        Assert.All(bench.Packets(), p => Assert.Equal((6, 0x18), (p.Protocol, p.Flags)));
    }

    [Fact]
    public void Tcp_TwoRemotes_EachHasNumbersOfItsOwn()
    {
        using var bench = new CaptureBench();
        var path = bench.Open(Transport.Tcp, "192.0.2.1:5060");
        bench.Send(path, "198.51.100.7:5060", "ab");
        bench.Send(path, "198.51.100.8:5060", "cd");
        bench.Send(path, "198.51.100.7:5060", "ef");
        bench.Send(path, "198.51.100.8:5060", "gh");

        Assert.Equal([1, 3, 3, 5], bench.Packets().Select(p => (int)p.Sequence));
    }

    [Fact]
    public void Tcp_LongPiece_IsCutIntoPacketsThatContinueEachOther()
    {
        using var bench = new CaptureBench();
        var path = bench.Open(Transport.Tls, "192.0.2.1:0");
        byte[] piece = [.. Enumerable.Range(0, 65_536).Select(i => (byte)(i * 7))];
        bench.Receive(path, "198.51.100.7:5061", piece);

        var packets = bench.Packets();

        Assert.Equal([1, 32_769], packets.Select(p => (int)p.Sequence));
        Assert.Equal(piece, packets.SelectMany(p => p.Payload));
        Assert.All(packets, p => Assert.NotEqual("192.0.2.1:0", p.To));
    }

    [Fact]
    public void Tcp_MoreConnectionsThanAreRemembered_NoNumberIsUsedTwice()
    {
        using var bench = new CaptureBench();
        var path = bench.Open(Transport.Tcp, "192.0.2.1:5060");
        for (var round = 0; round < 2; round++)
            for (var port = 1; port <= 1500; port++) bench.Receive(path, $"198.51.100.7:{port}", "xyz");

        Assert.All(bench.Packets().GroupBy(p => p.From), stream => Assert.True(stream.First().Sequence + 3 <= stream.Last().Sequence));
    }

    [Fact]
    public void Path_ClosedOrOfTheOtherFamily_NothingIsWritten()
    {
        using var bench = new CaptureBench();
        var path = bench.Open(Transport.Udp, "192.0.2.1:40000");
        bench.Send(path, "[2001:db8::1]:9", "lost");
        bench.Close(path);
        bench.Send(path, "198.51.100.7:9", "lost");

        Assert.Empty(bench.Packets());
    }

    [Fact]
    public void Open_FolderThatIsNotThere_IsAFault()
    {
        Assert.False(PacketCapture.TryOpen("/no/such/folder/call.pcap", () => TimeSpan.Zero, out _, out var fault));
        Assert.Contains("/no/such/folder/call.pcap", fault.What);
    }

    [Fact]
    public void Write_FullDisk_IsAFaultAndNothingThrows()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no device that is always full");
        Assert.True(PacketCapture.TryOpen("/dev/full", () => TimeSpan.FromSeconds(20), out var capture, out _));
        capture.Opened(new PathId(1), Transport.Udp, Address.Parse("192.0.2.1:40000"));
        for (var i = 0; i < 100; i++) capture.Sent(CaptureBench.Epoch, new PathId(1), Address.Parse("198.51.100.7:9"), new byte[1200]);
        capture.Dispose();
        Assert.Contains("/dev/full", capture.Failure?.What);
    }
}
