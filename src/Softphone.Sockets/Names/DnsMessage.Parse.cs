using System.Buffers.Binary;
using System.Text;

namespace Softphone.Sockets;

public sealed partial record DnsMessage
{
    private const int RecordBound = 256;
    private const int HopBound = 16;

    /// <summary>Reads a message. Records of other types are passed over, whatever their data is.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DnsMessage? message, out ParseError error)
    {
        message = null;
        error = default;
        if (bytes.Length < HeaderLength) return Fail("shorter than a header", bytes.Length, out error);
        var flags = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        var questions = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        var answers = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        if (questions > 1) return Fail("more than one question", 4, out error);
        var at = HeaderLength;
        var question = "";
        var type = DnsType.None;
        if (questions == 1)
        {
            if (!TryReadName(bytes, ref at, out question)) return Fail("bad name", at, out error);
            if (at + 4 > bytes.Length) return Fail("question cut off", at, out error);
            type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            at += 4;
        }

        var services = new List<SrvRecord>();
        var pointers = new List<NaptrRecord>();
        var addresses = new List<IpAddress>();
        for (var i = 0; i < Math.Min((int)answers, RecordBound); i++)
        {
            if (!TryReadName(bytes, ref at, out _)) return Fail("bad name", at, out error);
            if (at + 10 > bytes.Length) return Fail("record cut off", at, out error);
            var kind = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 8)..]);
            at += 10;
            if (at + length > bytes.Length) return Fail("record data cut off", at, out error);
            var end = at + length;
            switch (kind)
            {
                case DnsType.A when length == 4:
                case DnsType.Aaaa when length == 16:
                    addresses.Add(IpAddress.FromBytes(bytes[at..end]));
                    break;
                case DnsType.Srv when TryReadSrv(bytes, at, end, out var service):
                    services.Add(service);
                    break;
                case DnsType.Naptr when TryReadNaptr(bytes, at, end, out var pointer):
                    pointers.Add(pointer);
                    break;
                case DnsType.A or DnsType.Aaaa or DnsType.Srv or DnsType.Naptr:
                    return Fail($"bad {kind} record", at, out error);
            }

            at = end;
        }

        message = new DnsMessage(
            BinaryPrimitives.ReadUInt16BigEndian(bytes),
            (flags & 0x8000) != 0,
            (flags & 0x0200) != 0,
            flags & 0xF,
            question,
            type)
        {
            Services = services,
            Pointers = pointers,
            Addresses = addresses,
        };
        return true;
    }

    private static bool TryReadSrv(ReadOnlySpan<byte> bytes, int at, int end, out SrvRecord record)
    {
        record = default;
        if (at + 7 > end) return false;
        var head = bytes[at..];
        var name = at + 6;
        if (!TryReadName(bytes, ref name, out var target) || name > end) return false;
        record = new SrvRecord(
            BinaryPrimitives.ReadUInt16BigEndian(head),
            BinaryPrimitives.ReadUInt16BigEndian(head[2..]),
            BinaryPrimitives.ReadUInt16BigEndian(head[4..]),
            target);
        return true;
    }

    private static bool TryReadNaptr(ReadOnlySpan<byte> bytes, int at, int end, out NaptrRecord record)
    {
        record = default;
        if (at + 4 > end) return false;
        var head = bytes[at..];
        at += 4;
        if (!TryReadString(bytes, ref at, end, out var flags) || !TryReadString(bytes, ref at, end, out var service)) return false;
        if (!TryReadString(bytes, ref at, end, out _) || !TryReadName(bytes, ref at, out var replacement) || at > end) return false;
        record = new NaptrRecord(
            BinaryPrimitives.ReadUInt16BigEndian(head), BinaryPrimitives.ReadUInt16BigEndian(head[2..]), flags, service, replacement);
        return true;
    }

    private static bool TryReadString(ReadOnlySpan<byte> bytes, ref int at, int end, out string text)
    {
        text = "";
        if (at >= end || at + 1 + bytes[at] > end) return false;
        var octets = bytes.Slice(at + 1, bytes[at]);
        at += 1 + octets.Length;
        if (!Ascii.IsValid(octets)) return false;
        text = Encoding.ASCII.GetString(octets);
        return true;
    }

    /// <summary>
    /// Reads a name with its compression pointers (RFC 1035 §4.1.4). A pointer must lead backwards and at most 16 are followed, so no
    /// message can make this loop. A label that holds a dot or anything but visible ASCII is no host name of SIP's.
    /// </summary>
    private static bool TryReadName(ReadOnlySpan<byte> bytes, ref int at, out string name)
    {
        name = "";
        Span<char> text = stackalloc char[256];
        var length = 0;
        var cursor = at;
        var lowest = at;
        var hops = 0;
        while (true)
        {
            if (cursor >= bytes.Length) return false;
            int octet = bytes[cursor];
            if (octet >= 0xC0)
            {
                if (cursor + 1 >= bytes.Length || ++hops > HopBound) return false;
                var target = ((octet & 0x3F) << 8) | bytes[cursor + 1];
                if (hops == 1) at = cursor + 2;
                if (target >= lowest) return false;
                cursor = lowest = target;
                continue;
            }

            if (octet > 63) return false;
            cursor++;
            if (octet == 0) break;
            if (cursor + octet > bytes.Length || length + octet + 1 > 254) return false;
            if (length > 0) text[length++] = '.';
            foreach (var c in bytes.Slice(cursor, octet))
            {
                if (c is <= (byte)' ' or >= 0x7F or (byte)'.') return false;
                text[length++] = (char)c;
            }

            cursor += octet;
        }

        if (hops == 0) at = cursor;
        name = length == 0 ? "." : new string(text[..length]);
        return true;
    }

    private static bool Fail(string what, int offset, out ParseError error)
    {
        error = new ParseError(what, offset);
        return false;
    }
}
