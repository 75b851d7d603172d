namespace Softphone.Nat;

/// <summary>How the long-term key is made of the password (RFC 8489 §18.5).</summary>
public enum StunPasswordAlgorithm : ushort
{
    None = 0,
    Md5 = 1,
    Sha256 = 2,
}
