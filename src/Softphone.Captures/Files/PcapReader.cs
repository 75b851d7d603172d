using System.Buffers.Binary;

namespace Softphone.Captures;

/// <summary>The classic format: 24 octets of head, and before each packet its time and its two lengths.</summary>
internal sealed class PcapReader(Stream stream, bool isLittle, bool isNano) : CaptureReader(stream)
{
    private byte[] _buffer = new byte[2048];
    private LinkType _link;

    public override CaptureFormat Format => CaptureFormat.Pcap;

    /// <summary>Times of micro- or nanoseconds, in either octet order.</summary>
    public static bool TryMagic(uint number, out bool isLittle, out bool isNano)
    {
        (isLittle, isNano) = (number is 0xD4C3B2A1 or 0x4D3CB2A1, number is 0xA1B23C4D or 0x4D3CB2A1);
        return isLittle || number is 0xA1B2C3D4 or 0xA1B23C4D;
    }

    public bool TryBegin(out ParseError error)
    {
        Span<byte> head = stackalloc byte[20];
        error = new ParseError("the file ends within its head", 4);
        if (!Fill(head, "its head")) return false;
        // The upper bits say whether packets end with a check sum.
        _link = (LinkType)(Number(head[16..]) & 0xFFFF);
        error = default;
        return true;
    }

    public override bool TryRead(out CapturedFrame frame)
    {
        frame = default;
        Span<byte> head = stackalloc byte[16];
        if (Flaw is not null || !Fill(head, "the head of a packet")) return false;
        var length = Number(head[8..]);
        if (length > Longest)
        {
            Flaw = $"a packet that says it has {length} octets";
            return false;
        }

        if (_buffer.Length < length) _buffer = new byte[Math.Max(2 * _buffer.Length, (int)length)];
        if (length > 0 && !Fill(_buffer.AsSpan(0, (int)length), "a packet"))
        {
            Flaw ??= "the file ends within a packet";
            return false;
        }

        var at = (Int128)Number(head) * 1_000_000_000 + (Int128)Number(head[4..]) * (isNano ? 1 : 1000);
        frame = new CapturedFrame(Time(at), _link, _buffer, (int)length, Number(head[12..]));
        return true;
    }

    private uint Number(ReadOnlySpan<byte> octets) => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(octets) : BinaryPrimitives.ReadUInt32BigEndian(octets);
}
