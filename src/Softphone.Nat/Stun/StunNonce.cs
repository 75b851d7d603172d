using System.Buffers.Text;

namespace Softphone.Nat;

/// <summary>
/// The cookie at the start of a nonce, "obMatJos2" and 24 bits in four characters of base64, by which a man in the middle cannot
/// hide what the server is able to do (RFC 8489 §9.2).
/// </summary>
public static class StunNonce
{
    /// <summary>Octets of cookie and features.</summary>
    public const int PrefixLength = 13;

    private static ReadOnlySpan<byte> CookieText => "obMatJos2"u8;

    /// <summary>Reads the features; false when the nonce does not start with a cookie, as before RFC 8489.</summary>
    public static bool TryReadFeatures(ReadOnlySpan<byte> nonce, out StunSecurityFeatures features)
    {
        features = StunSecurityFeatures.None;
        if (nonce.Length < PrefixLength || !nonce.StartsWith(CookieText)) return false;
        Span<byte> bits = stackalloc byte[3];
        if (Base64.DecodeFromUtf8(nonce[CookieText.Length..PrefixLength], bits, out _, out var written) != System.Buffers.OperationStatus.Done || written != 3)
            return false;
        features = (StunSecurityFeatures)(bits[0] << 16 | bits[1] << 8 | bits[2]);
        return true;
    }

    /// <summary>Writes cookie and features, <see cref="PrefixLength"/> octets, to stand before the server's own part of the nonce.</summary>
    public static void WritePrefix(Span<byte> nonce, StunSecurityFeatures features)
    {
        CookieText.CopyTo(nonce);
        ReadOnlySpan<byte> bits = [(byte)((int)features >> 16), (byte)((int)features >> 8), (byte)features];
        Base64.EncodeToUtf8(bits, nonce[CookieText.Length..PrefixLength], out _, out _);
    }
}
