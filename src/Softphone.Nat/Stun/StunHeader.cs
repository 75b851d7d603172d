namespace Softphone.Nat;

/// <summary>Numbers of the fixed header (RFC 8489 §5) and of the type field's interleaved bits.</summary>
internal static class StunHeader
{
    public const int Length = 20;
    public const uint Cookie = 0x2112A442;
    public const int Sha1Length = 20;
    public const int Sha256Length = 32;

    /// <summary>0x5354554E, "STUN", which sets the checksum apart from a CRC of the protocol carried beside (RFC 8489 §14.7).</summary>
    public const uint FingerprintMask = 0x5354554E;

    public static int Padded(int length) => (length + 3) & ~3;

    public static ushort Type(StunClass @class, StunMethod method)
    {
        var m = (int)method;
        var c = (int)@class;
        return (ushort)((m & 0x000F) | (m & 0x0070) << 1 | (m & 0x0F80) << 2 | (c & 1) << 4 | (c & 2) << 7);
    }

    public static StunClass ClassOf(ushort type) => (StunClass)((type >> 4 & 1) | (type >> 7 & 2));

    public static StunMethod MethodOf(ushort type) => (StunMethod)((type & 0x000F) | (type >> 1 & 0x0070) | (type >> 2 & 0x0F80));
}
