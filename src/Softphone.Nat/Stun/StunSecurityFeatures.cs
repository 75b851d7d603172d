namespace Softphone.Nat;

/// <summary>What a server promises in the cookie of its nonce (RFC 8489 §18.1; bit 0 is the least significant one, erratum 6290).</summary>
[Flags]
public enum StunSecurityFeatures
{
    None = 0,

    /// <summary>PASSWORD-ALGORITHMS stands beside the nonce.</summary>
    PasswordAlgorithms = 1,

    /// <summary>USERHASH may be sent in the place of USERNAME.</summary>
    UsernameAnonymity = 2,
}
