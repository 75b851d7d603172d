using System.Buffers.Binary;

namespace Softphone.Nat;

/// <summary>The CRC-32 of ITU V.42 that FINGERPRINT uses (RFC 8489 §14.7), eight octets a step.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Tables = Build();

    public static uint Of(ReadOnlySpan<byte> octets)
    {
        ReadOnlySpan<uint> t = Tables;
        var crc = uint.MaxValue;
        while (octets.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(octets) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(octets[4..]);
            crc = t[0x700 + (int)(low & 0xFF)] ^ t[0x600 + (int)(low >> 8 & 0xFF)] ^ t[0x500 + (int)(low >> 16 & 0xFF)]
                ^ t[0x400 + (int)(low >> 24)] ^ t[0x300 + (int)(high & 0xFF)] ^ t[0x200 + (int)(high >> 8 & 0xFF)]
                ^ t[0x100 + (int)(high >> 16 & 0xFF)] ^ t[(int)(high >> 24)];
            octets = octets[8..];
        }

        foreach (var octet in octets) crc = crc >> 8 ^ t[(int)((crc ^ octet) & 0xFF)];
        return ~crc;
    }

    private static uint[] Build()
    {
        var t = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ Polynomial : crc >> 1;
            t[i] = crc;
        }

        for (var i = 256; i < t.Length; i++) t[i] = t[i - 256] >> 8 ^ t[t[i - 256] & 0xFF];
        return t;
    }
}
