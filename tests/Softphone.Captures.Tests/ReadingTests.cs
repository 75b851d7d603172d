using System.Buffers.Binary;
using Softphone.Captures;
using Softphone.Core;

namespace Softphone.Captures.Tests;

public sealed class ReadingTests
{
    private readonly WireScript _wire = new();

    [Theory]
    [InlineData(LinkType.Raw, "")]
    [InlineData(LinkType.Ethernet, "0102030405060708090A0B0C0800")]
    [InlineData(LinkType.Ethernet, "0102030405060708090A0B0C8100000A0800")]
    [InlineData(LinkType.LinuxSll, "00000001000601020304050600000800")]
    [InlineData(LinkType.LinuxSll2, "0800000000000001000100060102030405060000")]
    [InlineData(LinkType.Null, "02000000")]
    [InlineData(LinkType.Null, "00000002")]
    [InlineData(LinkType.Loop, "00000002")]
    [InlineData(LinkType.Ipv4, "")]
    public void Link_OfEveryKind_IsTakenOff(LinkType link, string header)
    {
        new CallScript(_wire).Connect().Bye();
        var head = Convert.FromHexString(header);

        var capture = WireScript.Read(_wire.Pcap(link, packet => [.. head, .. packet]));

        Assert.Equal((1, 7), (capture.Dialogs.Count, capture.Dialogs[0].Messages.Count));
        Assert.Equal(0, capture.Facts.Broken);
        Assert.Equal(("198.51.100.1:5060", "203.0.113.2:5060"), (capture.Dialogs[0].Messages[0].From.ToString(), capture.Dialogs[0].Messages[0].To.ToString()));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    public void Pcapng_IsReadAsPcapIs(byte resolution)
    {
        new CallScript(_wire).Connect().Bye();

        var (classic, blocks) = (_wire.Read(), WireScript.Read(_wire.Pcapng(resolution), out var reader));

        Assert.Equal(CaptureFormat.Pcapng, reader.Format);
        Assert.Null(reader.Flaw);
        Assert.Equal(classic.Dialogs[0].Messages.Select(m => (m.At, m.Label)), blocks.Dialogs[0].Messages.Select(m => (m.At, m.Label)));
        Assert.Equal(WireScript.Epoch, DateTimeOffset.UnixEpoch + (blocks.Facts.Began - Instant.Zero));
    }

    [Fact]
    public void Pcap_OfTheOtherOctetOrder_IsRead()
    {
        new CallScript(_wire).Connect().Bye();
        var file = _wire.Pcap();
        foreach (var at in new[] { 0, 8, 12, 16, 20 }) file.AsSpan(at, 4).Reverse();
        for (var at = 24; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 8));
            for (var i = 0; i < 4; i++) file.AsSpan(at + 4 * i, 4).Reverse();
            at += 16 + length;
        }

        Assert.Equal(7, WireScript.Read(file).Dialogs[0].Messages.Count);
    }

    [Theory]
    [InlineData("198.51.100.1:5060", "203.0.113.2:5060", 0)]
    [InlineData("198.51.100.1:5060", "203.0.113.2:5060", 1)]
    [InlineData("[2001:db8::1]:5060", "[2001:db8:7::2]:5060", 0)]
    [InlineData("[2001:db8::1]:5060", "[2001:db8:7::2]:5060", 2)]
    public void Fragments_InAnyOrder_AreOneMessage(string from, string to, int first)
    {
        var message = Options(3000);
        var pieces = _wire.Fragments(from, to, message, 1000);
        Assert.Equal(4, pieces.Count);
        for (var i = 0; i < pieces.Count; i++) _wire.Add(pieces[(first + i) % pieces.Count]);

        var capture = _wire.Read();

        Assert.Equal(message.Length, Assert.Single(capture.Dialogs).Messages[0].Value.Octets);
        Assert.Equal((1, 0), (capture.Facts.Fragmented, capture.Facts.FragmentsMissing));
    }

    [Fact]
    public void Fragments_OfWhichOneIsMissing_AreCounted()
    {
        foreach (var piece in _wire.Fragments("198.51.100.1:5060", "203.0.113.2:5060", Options(3000), 1000).Skip(1)) _wire.Add(piece);

        var capture = _wire.Read();

        Assert.Empty(capture.Dialogs);
        Assert.Equal(1, capture.Facts.FragmentsMissing);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3 })]
    [InlineData(new[] { 1, 0, 3, 2 })]
    [InlineData(new[] { 0, 2, 1, 1, 2, 3 })]
    [InlineData(new[] { 3, 2, 1, 0 })]
    public void Tcp_SegmentsInAnyOrderAndTwice_AreOneMessage(int[] order)
    {
        var text = System.Text.Encoding.UTF8.GetString(Options(400));
        var piece = text.Length / 4 + 1;
        _wire.Tcp("198.51.100.1:40000", "203.0.113.2:5060", 999, 0, "", isSyn: true);
        foreach (var i in order)
        {
            // Each overlaps the next one by ten octets.
            var (start, end) = (i * piece, Math.Min(text.Length, (i + 1) * piece + 10));
            _wire.Now += 0.01;
            _wire.Tcp("198.51.100.1:40000", "203.0.113.2:5060", (uint)(1000 + start), 1, text[start..end]);
        }

        var message = Assert.Single(Assert.Single(_wire.Read().Dialogs).Messages);

        Assert.Equal((Transport.Tcp, "OPTIONS", text.Length), (message.Transport, message.Label, message.Value.Octets));
    }

    [Fact]
    public void Tcp_SegmentThatNobodySaw_IsAGapAndReadingGoesOn()
    {
        var text = System.Text.Encoding.UTF8.GetString(Options(100));
        _wire.Tcp("198.51.100.1:40000", "203.0.113.2:5060", 1000, 1, text);
        _wire.Now = 1;
        // Of the second message the first half is missing; the third is whole.
        var at = 1000 + (uint)text.Length;
        _wire.Tcp("198.51.100.1:40000", "203.0.113.2:5060", at + 50, 1, text[50..]);
        _wire.Tcp("198.51.100.1:40000", "203.0.113.2:5060", at + (uint)text.Length, 1, text.Replace("opt-1", "opt-2", StringComparison.Ordinal));
        _wire.Now = 2;
        _wire.Tcp("203.0.113.2:5060", "198.51.100.1:40000", 1, at + 2 * (uint)text.Length, "");

        var capture = _wire.Read();

        Assert.Equal(["opt-1", "opt-2"], capture.Dialogs.Select(d => d.CallId));
        Assert.Equal(1, capture.Facts.StreamGaps);
    }

    [Fact]
    public void File_CutAnywhere_IsReadUntilThere()
    {
        new CallScript(_wire).Connect().Bye();
        var (pcap, blocks) = (_wire.Pcap(), _wire.Pcapng());
        foreach (var file in new[] { pcap, blocks })
            for (var length = 40; length < file.Length; length += 7)
            {
                var capture = WireScript.Read(file[..length], out var reader);
                Assert.True(capture.Facts.Frames is >= 0 and <= 7);
                if (file == blocks && length < 60) continue;
                Assert.True(reader.Flaw is not null || capture.Facts.Frames > 0 || length < 60);
            }
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("1F8B0800", "gzip")]
    [InlineData("52494646AAAAAAAA", "neither pcap nor pcapng")]
    public void File_ThatIsNoCapture_IsRefusedWithTheReason(string hex, string why)
    {
        Assert.False(CaptureReader.TryOpen(new MemoryStream(Convert.FromHexString(hex)), out _, out var error));
        Assert.Contains(why, error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_SeenOnTwoInterfaces_AreOne()
    {
        var call = new CallScript(_wire);
        call.Invite().Invite();
        _wire.Now += 0.001;
        call.Invite();

        Assert.Single(_wire.Read().Dialogs[0].Messages);
    }

    [Fact]
    public void Tls_IsSaidNotToBeRead()
    {
        _wire.Tcp("198.51.100.1:40000", "203.0.113.2:5061", 1000, 1, "\u0016\u0003\u0001hello");

        var capture = _wire.Read();

        Assert.Equal(1, capture.Facts.TlsUnread.Values.Sum());
        Assert.Contains(CaptureNotes.Of(capture.Facts), n => n.Contains("1 connection of TLS is not read", StringComparison.Ordinal));
    }

    [Fact]
    public void Legs_OfAB2bua_AreLinkedByTimeAndUser()
    {
        var first = new CallScript(_wire) { CallId = "one" };
        first.Invite();
        _wire.Now += 0.2;
        new CallScript(_wire) { CallId = "two", A = "203.0.113.2", B = "192.0.2.9" }.Invite();
        new CallScript(_wire) { CallId = "three", A = "192.0.2.77", B = "192.0.2.9" }.Invite();

        Assert.Equal(["2", "1", ""], _wire.Read().Dialogs.Select(d => string.Join(",", d.Legs)));
    }

    [Fact]
    public void Legs_WithOneSessionId_AreLinkedWhereverTheyGo()
    {
        const string id = "ab30317f1a784dc48ff824d0d3715d86";
        new CallScript(_wire) { CallId = "one", Headers = $"Session-ID: {id};remote=00000000000000000000000000000000\n" }.Invite();
        new CallScript(_wire) { CallId = "two", A = "192.0.2.77", B = "192.0.2.9", Headers = $"Session-ID: 47755a9de7794ba387653f2099600ef2;remote={id}\n" }.Invite();

        Assert.Equal(["2", "1"], _wire.Read().Dialogs.Select(d => string.Join(",", d.Legs)));
    }

    [Fact]
    public void Keys_AsTelephoneEvents_AreRead()
    {
        var call = new CallScript(_wire).Connect();
        for (var key = 1; key <= 3; key++)
            for (var i = 0; i < 6; i++, _wire.Now += 0.02)
            {
                var packet = new byte[16];
                new Media.RtpHeader(101, (ushort)(key * 10 + i), (uint)(key * 4000), 9).Write(packet);
                packet[12] = (byte)key;
                packet[13] = (byte)(i == 5 ? 0x8A : 0x0A);
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(14), (ushort)(160 * (i + 1)));
                _wire.Udp(call.RtpA, call.RtpB, packet);
            }

        call.Bye();

        Assert.Equal("123", Assert.Single(_wire.Read().Streams).Digits);
    }

    private static byte[] Options(int length)
    {
        var head = "OPTIONS sip:bob@203.0.113.2 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.1;branch=z9hG4bKo1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: opt-1\r\nCSeq: 1 OPTIONS\r\nContent-Type: text/plain\r\n"u8;
        return [.. head, .. System.Text.Encoding.UTF8.GetBytes($"Content-Length: {length}\r\n\r\n{new string('x', length)}")];
    }
}
