using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Media;

/// <summary>Walks a compound RTCP packet (RFC 3550 §6.1, A.2).</summary>
public ref struct RtcpReader
{
    private ReadOnlySpan<byte> _rest;

    private RtcpReader(ReadOnlySpan<byte> compound) => _rest = compound;

    /// <summary>
    /// Checks the whole compound before any of it is believed: version 2, SR or RR first, lengths that sum to the datagram exactly,
    /// padding on the last packet only.
    /// </summary>
    public static bool TryOpen(ReadOnlySpan<byte> compound, out RtcpReader reader, out ParseError error)
    {
        reader = default;
        if (compound.Length < 8) return No("shorter than an RTCP packet", compound.Length, out error);
        if (compound[1] is not ((int)RtcpKind.SenderReport or (int)RtcpKind.ReceiverReport))
            return No($"compound starts with type {compound[1]}", 1, out error);
        for (var at = 0; at < compound.Length;)
        {
            if (at + 4 > compound.Length) return No("RTCP header past the end", at, out error);
            if (compound[at] >> 6 != 2) return No("RTCP version is not 2", at, out error);
            var length = LengthAt(compound, at);
            if (at + length > compound.Length) return No("RTCP length past the end", at + 2, out error);
            if ((compound[at] & 0x20) != 0)
            {
                if (at + length != compound.Length) return No("padding on a packet that is not the last", at, out error);
                var padding = compound[^1];
                if (padding == 0 || padding % 4 != 0 || padding > length - 4) return No("padding count does not fit", compound.Length - 1, out error);
            }

            at += length;
        }

        reader = new RtcpReader(compound);
        error = default;
        return true;
    }

    public bool TryNext(out RtcpPacket packet)
    {
        packet = default;
        if (_rest.IsEmpty) return false;
        var length = LengthAt(_rest, 0);
        var padding = (_rest[0] & 0x20) != 0 ? _rest[length - 1] : 0;
        packet = new RtcpPacket((RtcpKind)_rest[1], _rest[0] & 0x1F, _rest[4..(length - padding)]);
        _rest = _rest[length..];
        return true;
    }

    private static int LengthAt(ReadOnlySpan<byte> compound, int at) => 4 * (BinaryPrimitives.ReadUInt16BigEndian(compound[(at + 2)..]) + 1);

    private static bool No(string what, int offset, out ParseError error)
    {
        error = new ParseError(what, offset);
        return false;
    }
}
