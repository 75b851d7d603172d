namespace Softphone.Nat;

/// <summary>How long the texts of a message may be, in octets of UTF-8 (RFC 8489 §14.3, §14.8–14.10, §14.14).</summary>
internal static class StunText
{
    public const int LongestUsername = 508;
    public const int LongestText = 763;

    public static int LongestOf(ushort type) => type switch
    {
        StunAttributeType.Username => LongestUsername,
        StunAttributeType.Realm or StunAttributeType.Nonce or StunAttributeType.Software => LongestText,
        _ => ushort.MaxValue,
    };
}
