using System.Buffers.Binary;
using System.Text;
using Softphone.Captures;
using Softphone.Core;
using Softphone.Sip;
using Softphone.Testing;

namespace Softphone.Captures.Tests;

/// <summary>TLS with a key log. Data/tls.pcap was made by OpenSSL (Data/make-tls.py): OPTIONS and its answer, once for each version and cipher.</summary>
public sealed class TlsTests
{
    private static readonly byte[] File = System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "tls.pcap"));
    private static readonly byte[] Keys = System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "tls.keys"));

    [Theory]
    [Rfc("8446", "5.2")]
    [Rfc("5288", "3")]
    [InlineData("tls12-aes128")]
    [InlineData("tls12-aes256")]
    [InlineData("tls12-rsa")]
    [InlineData("tls12-chacha")]
    [InlineData("tls13")]
    public void Tls_WithItsKeys_IsRead(string way)
    {
        var capture = Read(File, Keys);

        foreach (var number in new[] { 1, 2 })
        {
            var dialog = Assert.Single(capture.Dialogs, d => d.CallId == $"{way}-{number}");
            Assert.Equal(200, dialog.Status);
            Assert.Equal(2, dialog.Messages.Count);
            Assert.All(dialog.Messages, m => Assert.Equal(Transport.Tls, m.Transport));
            Assert.Equal(5061, dialog.Messages[0].To.Port);
        }
    }

    [Fact]
    [Rfc("8446", "7.2")]
    public void Tls13_WhoseKeysAreUpdated_IsReadOn() =>
        Assert.Equal(["update-1", "update-2"], Read(File, Keys).Dialogs.Select(d => d.CallId).Where(c => c.StartsWith("update", StringComparison.Ordinal)));

    [Fact]
    public void Tls_ThatIsNotRead_IsToldWithTheReason()
    {
        var (without, with) = (Read(File, []).Facts, Read(File, Keys).Facts);

        Assert.Equal((0, 6, 1), (without.TlsRead, without.TlsUnread[TlsFlaw.NoKeys], without.TlsUnread[TlsFlaw.Cipher]));
        Assert.Equal(6, with.TlsRead);
        Assert.Equal((TlsFlaw.Cipher, 1), (Assert.Single(with.TlsUnread).Key, with.TlsUnread[TlsFlaw.Cipher]));
        Assert.Contains(CaptureNotes.Of(without), n => n.Contains("--keys FILE", StringComparison.Ordinal));
    }

    [Fact]
    public void Tls_OfKeysThatAreNotItsOwn_IsNotRead()
    {
        // One digit of each secret is another one.
        var wrong = string.Join('\n', Encoding.ASCII.GetString(Keys).Split('\n').Select(l => l.Length > 0 ? l[..^1] + (l[^1] == '0' ? '1' : '0') : l));
        var capture = Read(File, Encoding.ASCII.GetBytes(wrong));

        Assert.Empty(capture.Dialogs);
        Assert.Equal(0, capture.Facts.TlsRead);
        Assert.Equal(6, capture.Facts.TlsUnread[TlsFlaw.Damaged]);
    }

    [Fact]
    public void Pcapng_WithItsKeysInside_IsRead()
    {
        var capture = Read(Blocks(File, Keys), []);

        Assert.Equal(12, capture.Dialogs.Count(d => d.Status == 200 || d.CallId.StartsWith("update", StringComparison.Ordinal)));
        Assert.Equal(6, capture.Facts.TlsRead);
    }

    [Fact]
    public void Tls_WhoseBeginningIsMissing_SaysSo()
    {
        // What follows after the first frames of the first connection: its hellos are among them.
        Assert.Equal(1, Read([.. File[..24], .. Skip(File, 7)], Keys).Facts.TlsUnread.GetValueOrDefault(TlsFlaw.NoBeginning));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\nCLIENT_RANDOM\nCLIENT_RANDOM zz zz\nCLIENT_RANDOM 00 00\n")]
    [InlineData("CLIENT_RANDOM 000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f 00112\n")]
    public void KeyLog_OfWhatIsNoKey_HasNone(string text) => Assert.Equal(0, new KeyLog().Learn(Encoding.ASCII.GetBytes(text)));

    private static Capture Read(byte[] file, byte[] keys)
    {
        Assert.True(CaptureReader.TryOpen(new MemoryStream(file), out var reader, out var error), error.ToString());
        reader.Keys.Learn(keys);
        var analysis = new CaptureAnalysis(reader.Keys);
        while (reader.TryRead(out var frame)) analysis.Take(frame);
        return analysis.Finish();
    }

    private static byte[] Skip(byte[] file, int frames)
    {
        var at = 24;
        for (; frames > 0; frames--) at += 16 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 8));
        return file[at..];
    }

    /// <summary>The same frames as pcapng, with the keys in a block before them.</summary>
    private static byte[] Blocks(byte[] pcap, byte[] keys)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Block(0x0A0D0D0A, [.. Number(0x1A2B3C4D), .. Number(1), .. Number(uint.MaxValue), .. Number(uint.MaxValue)]);
        Block(1, [.. Number(1), .. Number(0)]);
        Block(10, [.. Number(0x544C534B), .. Number((uint)keys.Length), .. keys, .. new byte[(4 - keys.Length % 4) % 4]]);
        for (var at = 24; at + 16 <= pcap.Length;)
        {
            var head = pcap.AsSpan(at);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
            var ticks = BinaryPrimitives.ReadUInt32LittleEndian(head) * 1_000_000UL + BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            Block(6, [.. Number(0), .. Number((uint)(ticks >> 32)), .. Number((uint)ticks), .. Number((uint)length), .. Number((uint)length), .. pcap[(at + 16)..(at + 16 + length)], .. new byte[(4 - length % 4) % 4]]);
            at += 16 + length;
        }

        return stream.ToArray();

        void Block(uint type, byte[] body)
        {
            writer.Write(type);
            writer.Write(body.Length + 12);
            writer.Write(body);
            writer.Write(body.Length + 12);
        }

        static byte[] Number(uint value) => BitConverter.GetBytes(value);
    }
}
