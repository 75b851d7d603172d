namespace Softphone.Media;

/// <summary>
/// Session keys of a master key (RFC 3711 §4.3, RFC 6188 §3 with AES-256, RFC 7714 §11). The derivation rate is always zero, so that each
/// label is asked for once; other rates can be named by SDP alone, and are refused there.
/// </summary>
internal static class KeyDerivation
{
    private const int LongestSalt = 14;

    /// <summary>Octets of the key of HMAC-SHA1 (RFC 3711 §5.2).</summary>
    public const int AuthenticationKey = 20;

    public enum Label : byte
    {
        RtpEncryption = 0,
        RtpAuthentication = 1,
        RtpSalt = 2,
        RtcpEncryption = 3,
        RtcpAuthentication = 4,
        RtcpSalt = 5,
    }

    public static byte[] Derive(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, Label label, int length)
    {
        // A salt of 96 bits is filled up with zeros at its end (RFC 7714 §11).
        Span<byte> start = stackalloc byte[16];
        start.Clear();
        masterSalt.CopyTo(start[..LongestSalt]);
        start[7] ^= (byte)label;
        var derived = new byte[length];
        using var generator = new CounterMode(masterKey);
        generator.Apply(start, 0, derived);
        return derived;
    }
}
