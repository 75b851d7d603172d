using System.Buffers.Binary;

namespace Softphone.Captures;

/// <summary>
/// The format of blocks (draft-ietf-opsawg-pcapng). Sections may differ in octet order, interfaces in link type and clock. Blocks that hold no
/// packets are passed over.
/// </summary>
internal sealed class PcapngReader(Stream stream) : CaptureReader(stream)
{
    /// <summary>The same in both octet orders.</summary>
    public const uint SectionHeader = 0x0A0D0D0A;

    private const uint OrderMagic = 0x1A2B3C4D;
    private const int MostInterfaces = 4096;

    /// <summary>Of a block of secrets: they are a key log of TLS.</summary>
    private const uint KeyLogSecrets = 0x544C534B;

    private readonly List<Interface> _interfaces = [];
    private byte[] _block = new byte[4096];
    private byte[] _frame = new byte[2048];
    private bool _isLittle;
    private Instant _last;

    public override CaptureFormat Format => CaptureFormat.Pcapng;

    /// <summary>Of a section header: the type is read already.</summary>
    public bool TryBegin(out ParseError error)
    {
        error = default;
        if (TryReadSection()) return true;
        error = new ParseError(Flaw ?? "the file ends within its head", 4);
        return false;
    }

    public override bool TryRead(out CapturedFrame frame)
    {
        Span<byte> type = stackalloc byte[4];
        while (Flaw is null && Fill(type, "the head of a block"))
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(type) == SectionHeader)
            {
                if (!TryReadSection()) break;
                continue;
            }

            if (!TryReadBody(out var body)) break;
            if (TryTake(Number(type), body, out frame)) return true;
        }

        frame = default;
        return false;
    }

    private bool TryTake(uint type, ReadOnlySpan<byte> body, out CapturedFrame frame)
    {
        frame = default;
        switch (type)
        {
            case 1 when body.Length >= 8:
                if (_interfaces.Count < MostInterfaces) _interfaces.Add(ReadInterface(body));
                return false;
            case 2 when body.Length >= 20:
                return TryPacket(Short(body), body[4..], out frame);
            case 3 when body.Length >= 4 && _interfaces.Count > 0:
                var original = Number(body);
                var kept = (int)Math.Min(Math.Min(original, (uint)body.Length - 4), _interfaces[0].Snap == 0 ? uint.MaxValue : _interfaces[0].Snap);
                frame = Keep(_last, _interfaces[0].Link, body.Slice(4, kept), original);
                return true;
            case 6 when body.Length >= 20:
                return TryPacket(Number(body), body[4..], out frame);
            case 10 when body.Length >= 8 && Number(body) == KeyLogSecrets && Number(body[4..]) is var octets && octets <= body.Length - 8:
                Keys.Learn(body.Slice(8, (int)octets));
                return false;
            default:
                return false;
        }
    }

    /// <summary>What enhanced and old packets have alike: time, two lengths, octets.</summary>
    private bool TryPacket(uint index, ReadOnlySpan<byte> rest, out CapturedFrame frame)
    {
        frame = default;
        var length = Number(rest[8..]);
        if (index >= _interfaces.Count || length > rest.Length - 16) return false;
        var from = _interfaces[(int)index];
        var ticks = (ulong)Number(rest) << 32 | Number(rest[4..]);
        _last = Time((Int128)ticks * 1_000_000_000 / from.TicksPerSecond + (Int128)from.Offset * 1_000_000_000);
        frame = Keep(_last, from.Link, rest.Slice(16, (int)length), Number(rest[12..]));
        return true;
    }

    private CapturedFrame Keep(Instant at, LinkType link, ReadOnlySpan<byte> octets, long original)
    {
        if (_frame.Length < octets.Length) _frame = new byte[Math.Max(2 * _frame.Length, octets.Length)];
        octets.CopyTo(_frame);
        return new CapturedFrame(at, link, _frame, octets.Length, original);
    }

    private Interface ReadInterface(ReadOnlySpan<byte> body)
    {
        var found = new Interface((LinkType)Short(body), Number(body[4..]), 1_000_000, 0);
        for (var options = body[8..]; options.Length >= 4;)
        {
            var (code, length) = (Short(options), Short(options[2..]));
            if (code == 0 || length > options.Length - 4) break;
            var value = options.Slice(4, length);
            if (code == 9 && length >= 1) found = found with { TicksPerSecond = Resolution(value[0]) };
            if (code == 14 && length >= 8) found = found with { Offset = _isLittle ? BinaryPrimitives.ReadInt64LittleEndian(value) : BinaryPrimitives.ReadInt64BigEndian(value) };
            options = options[Math.Min(4 + ((length + 3) & ~3), options.Length)..];
        }

        return found;
    }

    /// <summary>if_tsresol: a negative power of ten, or of two with the top bit. Finer than 10^-18 is nobody's clock.</summary>
    private static ulong Resolution(byte value)
    {
        var power = value & 0x7F;
        if ((value & 0x80) != 0) return 1UL << Math.Min(power, 63);
        var ticks = 1UL;
        for (var i = 0; i < Math.Min(power, 18); i++) ticks *= 10;
        return ticks;
    }

    private bool TryReadSection()
    {
        Span<byte> head = stackalloc byte[8];
        if (!Fill(head, "the head of a section")) return false;
        var magic = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        if (magic != OrderMagic && magic != BinaryPrimitives.ReverseEndianness(OrderMagic))
        {
            Flaw = "a section without its octet order";
            return false;
        }

        _isLittle = magic != OrderMagic;
        _interfaces.Clear();
        return TryReadRest(Number(head), 12, out _);
    }

    private bool TryReadBody(out ReadOnlySpan<byte> body)
    {
        body = default;
        Span<byte> length = stackalloc byte[4];
        return Fill(length, "the head of a block") && TryReadRest(Number(length), 8, out body);
    }

    /// <summary>The rest of a block of which some octets are read; its second length is passed over.</summary>
    private bool TryReadRest(uint total, int read, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (total > Longest || total < read + 4 || (total & 3) != 0)
        {
            Flaw = $"a block that says it has {total} octets";
            return false;
        }

        var rest = (int)total - read;
        if (_block.Length < rest) _block = new byte[Math.Max(2 * _block.Length, rest)];
        if (!Fill(_block.AsSpan(0, rest), "a block"))
        {
            Flaw ??= "the file ends within a block";
            return false;
        }

        body = _block.AsSpan(0, rest - 4);
        return true;
    }

    private uint Number(ReadOnlySpan<byte> octets) => _isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(octets) : BinaryPrimitives.ReadUInt32BigEndian(octets);

    private ushort Short(ReadOnlySpan<byte> octets) => _isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(octets) : BinaryPrimitives.ReadUInt16BigEndian(octets);

    private readonly record struct Interface(LinkType Link, uint Snap, ulong TicksPerSecond, long Offset);
}
