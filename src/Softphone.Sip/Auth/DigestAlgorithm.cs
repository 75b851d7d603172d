namespace Softphone.Sip;

/// <summary>The digest algorithms that a challenge may name (RFC 7616 §3.3, RFC 8760 §2). Absent means MD5.</summary>
public enum DigestAlgorithm
{
    Md5,
    Md5Sess,
    Sha256,
    Sha256Sess,
}
