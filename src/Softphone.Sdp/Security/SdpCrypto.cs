using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>
/// An a=crypto value (RFC 4568 §9.1). The key parameters are kept as they came, and stay out of <see cref="ToString"/>: use
/// <see cref="ToAttributeValue"/> to write them into a message.
/// </summary>
/// <param name="Tag">1 to 9 digits.</param>
/// <param name="Suite">"AES_CM_128_HMAC_SHA1_80".</param>
/// <param name="KeyParameters">"inline:…", several divided by semicolons.</param>
/// <param name="SessionParameters">What follows; empty when there is nothing.</param>
public sealed record SdpCrypto(int Tag, string Suite, string KeyParameters, string SessionParameters = "")
{
    /// <summary>
    /// Octets of master key and salt together that the suite wants (RFC 4568 §6.2, RFC 6188 §7, RFC 7714 §14.1); 0 for a suite that
    /// is not known.
    /// </summary>
    public static int KeyLengthOf(string suite) => suite switch
    {
        "AES_CM_128_HMAC_SHA1_80" or "AES_CM_128_HMAC_SHA1_32" => 30,
        "AES_256_CM_HMAC_SHA1_80" or "AES_256_CM_HMAC_SHA1_32" => 46,
        "AEAD_AES_128_GCM" => 28,
        "AEAD_AES_256_GCM" => 44,
        _ => 0,
    };

    public static bool TryParse(string value, [NotNullWhen(true)] out SdpCrypto? crypto, out ParseError error)
    {
        crypto = null;
        error = default;
        var parts = value.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 3 || parts[0].Length > 9 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var tag))
            error = new ParseError("a=crypto is tag, suite and key");
        else if (!parts[2].StartsWith("inline:", StringComparison.OrdinalIgnoreCase))
            error = new ParseError("only inline keys are known");
        else
        {
            crypto = new SdpCrypto(tag, parts[1], parts[2], parts.Length == 4 ? parts[3] : "");
            return true;
        }

        return false;
    }

    /// <summary>
    /// Master key and salt of the first inline key; false when the length is not that of the suite or it is no Base64. Padding that
    /// was left out is forgiven.
    /// </summary>
    public bool TryGetKey([NotNullWhen(true)] out byte[]? keyAndSalt)
    {
        keyAndSalt = null;
        var first = KeyParameters.Split(';')[0]["inline:".Length..];
        var bar = first.IndexOf('|');
        var text = bar < 0 ? first : first[..bar];
        text = text.TrimEnd('=');
        var octets = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), octets, out var length)) return false;
        if (length != KeyLengthOf(Suite)) return false;
        keyAndSalt = octets[..length];
        return true;
    }

    /// <summary>True when a session parameter demands something that we do not know or do not allow (RFC 4568 §6.3).</summary>
    public bool HasUnknownDemand => SessionParameters
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Any(p => p[0] != '-' && !p.StartsWith("WSH=", StringComparison.Ordinal));

    /// <summary>The value with the key in it, for the message only.</summary>
    public string ToAttributeValue() =>
        SessionParameters.Length == 0 ? $"{Tag} {Suite} {KeyParameters}" : $"{Tag} {Suite} {KeyParameters} {SessionParameters}";

    public override string ToString() => $"{Tag} {Suite} inline:(secret)";

    /// <summary>The lines of a stream that can be read, without those whose tag came before (RFC 4568 §5.1.1).</summary>
    internal static IReadOnlyList<SdpCrypto> Of(SdpMedia media)
    {
        var found = new List<SdpCrypto>();
        var tags = new HashSet<int>();
        foreach (var value in media.Values("crypto"))
            if (TryParse(value, out var crypto, out _) && tags.Add(crypto.Tag)) found.Add(crypto);
        return found;
    }
}
