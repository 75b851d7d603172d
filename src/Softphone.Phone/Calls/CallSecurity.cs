namespace Softphone.Phone;

/// <summary>Where the keys of encrypted media came from.</summary>
public enum SrtpKeying
{
    /// <summary>There are none: plain RTP.</summary>
    None,

    /// <summary>From the descriptions (RFC 4568).</summary>
    Sdes,

    /// <summary>From a handshake on the way of media (RFC 5764).</summary>
    Dtls,
}

/// <summary>Whether others can hear a call.</summary>
/// <param name="Keying">Where the keys came from.</param>
/// <param name="Suite">"AES_CM_128_HMAC_SHA1_80"; empty for plain RTP.</param>
/// <param name="IsWeakened">It was encrypted, and the peer ended that while the call went on.</param>
public sealed record CallSecurity(SrtpKeying Keying, string Suite, bool IsWeakened)
{
    public static CallSecurity Plain { get; } = new(SrtpKeying.None, "", false);

    public bool IsSecured => Keying != SrtpKeying.None;

    /// <summary>"sdes"; empty for plain RTP.</summary>
    public string By => Keying == SrtpKeying.None ? "" : Keying.ToString().ToLowerInvariant();
}
