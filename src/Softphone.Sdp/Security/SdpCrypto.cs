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
    private const string Inline = "inline:";
    private const int MostKeys = 16;

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
        else if (!parts[2].StartsWith(Inline, StringComparison.OrdinalIgnoreCase))
            error = new ParseError("only inline keys are known");
        else
        {
            crypto = new SdpCrypto(tag, parts[1], parts[2], parts.Length == 4 ? parts[3] : "");
            return true;
        }

        return false;
    }

    /// <summary>A line of ours with a key by chance.</summary>
    /// <exception cref="ArgumentException">The suite is not known.</exception>
    public static SdpCrypto Create(int tag, string suite, IEntropy entropy)
    {
        if (KeyLengthOf(suite) is not (> 0 and var length)) throw new ArgumentException($"{suite} is no suite that is known");
        var octets = new byte[length];
        entropy.Fill(octets);
        return new SdpCrypto(tag, suite, "inline:" + Convert.ToBase64String(octets));
    }

    /// <summary>
    /// The keys of the line in their order (RFC 4568 §6.1). False when one of them has not the length that the suite wants, is no Base64
    /// (padding that was left out is forgiven) or has an impossible lifetime, or when several are not told apart by MKIs of one length.
    /// </summary>
    public bool TryGetKeys(out IReadOnlyList<SdpKey> keys)
    {
        keys = [];
        var parts = KeyParameters.Split(';');
        if (parts.Length > MostKeys) return false;
        var found = new List<SdpKey>(parts.Length);
        foreach (var part in parts)
        {
            if (!part.StartsWith(Inline, StringComparison.OrdinalIgnoreCase)) return false;
            if (!SdpKey.TryParse(part[Inline.Length..], KeyLengthOf(Suite), out var key)) return false;
            if (found.Count > 0 && (key.Mki.Length == 0 || key.Mki.Length != found[0].Mki.Length || found.Any(k => k.Mki.AsSpan().SequenceEqual(key.Mki)))) return false;
            found.Add(key);
        }

        keys = found;
        return true;
    }

    /// <summary>
    /// True when a session parameter demands something that we do not know or do not allow (RFC 4568 §6.3): every packet is encrypted and
    /// authenticated here, and keys are derived once.
    /// </summary>
    public bool HasUnknownDemand => SessionParameters
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Any(p => p[0] != '-' && p != "KDR=0" && !p.StartsWith("WSH=", StringComparison.Ordinal));

    /// <summary>The same key in another line: a peer that sends our own back would have both sides encrypt with one keystream.</summary>
    internal bool SharesKeyWith(SdpCrypto other) =>
        TryGetKeys(out var ours) && other.TryGetKeys(out var theirs) && ours.Any(o => theirs.Any(t => t.KeyAndSalt.AsSpan().SequenceEqual(o.KeyAndSalt)));

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
