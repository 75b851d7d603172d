using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Softphone.Captures;

/// <summary>
/// Reads a capture frame by frame, whoever wrote it, of either format and either octet order. What is damaged ends it, with what was read until
/// then and <see cref="Flaw"/>; it never throws but what the stream itself throws, and holds one frame at a time.
/// </summary>
public abstract class CaptureReader
{
    /// <summary>No frame and no block is longer; one that says so is damage, not data.</summary>
    private protected const int Longest = 1 << 24;

    private readonly Stream _stream;

    private protected CaptureReader(Stream stream) => _stream = stream;

    public abstract CaptureFormat Format { get; }

    /// <summary>Why reading ended before the end of the file; null when it did not.</summary>
    public string? Flaw { get; private protected set; }

    /// <summary>Keys of TLS connections: those that the file brought so far (Decryption Secrets Blocks), and what is added.</summary>
    public KeyLog Keys { get; } = new();

    /// <summary>Reads the head of a file; what is none of a capture is refused.</summary>
    public static bool TryOpen(Stream stream, [NotNullWhen(true)] out CaptureReader? reader, out ParseError error)
    {
        reader = null;
        Span<byte> magic = stackalloc byte[4];
        var length = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        error = new ParseError(length == 0 ? "the file is empty" : "this is no capture: neither pcap nor pcapng", 0);
        if (length < magic.Length) return false;
        var number = BinaryPrimitives.ReadUInt32BigEndian(magic);
        if (number == PcapngReader.SectionHeader)
        {
            var blocks = new PcapngReader(stream);
            if (!blocks.TryBegin(out error)) return false;
            reader = blocks;
            return true;
        }

        if (number >> 16 == 0x1F8B)
        {
            error = new ParseError("the file is packed by gzip: unpack it first (gunzip)", 0);
            return false;
        }

        if (PcapReader.TryMagic(number, out var isLittle, out var isNano))
        {
            var packets = new PcapReader(stream, isLittle, isNano);
            if (!packets.TryBegin(out error)) return false;
            reader = packets;
        }

        return reader is not null;
    }

    /// <summary>The next frame; false at the end, or where the file is damaged.</summary>
    public abstract bool TryRead(out CapturedFrame frame);

    /// <summary>Fills all of it; false where the file ends before. Nothing at all is the end, a part of it is a flaw.</summary>
    private protected bool Fill(Span<byte> into, string what)
    {
        var length = _stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        if (length == into.Length) return true;
        if (length > 0) Flaw ??= $"the file ends within {what}";
        return false;
    }

    /// <summary>Nanoseconds since 1970, within what a date can say.</summary>
    private protected static Instant Time(Int128 nanoseconds) => new((long)Int128.Clamp(nanoseconds, 0, 9_000_000_000_000_000_000));
}
