namespace Softphone.Media;

/// <summary>
/// A protection of RTP and RTCP by the name that SDP gives it (RFC 4568 §6.2, RFC 6188 §7, RFC 7714 §14.1), with what it wants of a key and
/// adds to a packet.
/// </summary>
public sealed class SrtpSuite
{
    private SrtpSuite(string name, int keyLength, int saltLength, int tagLength, bool isAead)
    {
        Name = name;
        KeyLength = keyLength;
        SaltLength = saltLength;
        TagLength = tagLength;
        IsAead = isAead;
    }

    public static SrtpSuite AesCm128Tag80 { get; } = new("AES_CM_128_HMAC_SHA1_80", 16, 14, 10, false);

    public static SrtpSuite AesCm128Tag32 { get; } = new("AES_CM_128_HMAC_SHA1_32", 16, 14, 4, false);

    public static SrtpSuite AesCm256Tag80 { get; } = new("AES_256_CM_HMAC_SHA1_80", 32, 14, 10, false);

    public static SrtpSuite AesCm256Tag32 { get; } = new("AES_256_CM_HMAC_SHA1_32", 32, 14, 4, false);

    public static SrtpSuite AeadAes128Gcm { get; } = new("AEAD_AES_128_GCM", 16, 12, 16, true);

    public static SrtpSuite AeadAes256Gcm { get; } = new("AEAD_AES_256_GCM", 32, 12, 16, true);

    /// <summary>All that there are; the first is the one that every implementation has (RFC 4568 §6.2).</summary>
    public static IReadOnlyList<SrtpSuite> All { get; } = [AesCm128Tag80, AesCm128Tag32, AesCm256Tag80, AesCm256Tag32, AeadAes128Gcm, AeadAes256Gcm];

    /// <summary>The most that any suite adds to a packet: the tag, the index of RTCP and the longest MKI.</summary>
    public const int MostOverhead = 16 + 4 + SrtpKey.MostMki;

    public string Name { get; }

    /// <summary>Octets of the master key, and of the session key of the cipher.</summary>
    public int KeyLength { get; }

    /// <summary>Octets of the master salt.</summary>
    public int SaltLength { get; }

    /// <summary>Octets of the tag of RTP.</summary>
    public int TagLength { get; }

    /// <summary>Octets of the tag of RTCP: never the short one (RFC 4568 §6.2.2, RFC 6188 §7).</summary>
    public int RtcpTagLength => IsAead ? TagLength : 10;

    /// <summary>One algorithm encrypts and authenticates (RFC 7714).</summary>
    public bool IsAead { get; }

    /// <summary>Null for a suite that is not known.</summary>
    public static SrtpSuite? Of(string name) => All.FirstOrDefault(s => s.Name == name);

    public override string ToString() => Name;
}
