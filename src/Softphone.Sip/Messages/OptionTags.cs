namespace Softphone.Sip;

/// <summary>Extensions of SIP that others demand and this version does not have, for a person.</summary>
internal static class OptionTags
{
    public const string Prack = "100rel";

    /// <summary>Each with what it is, where that is known.</summary>
    public static string Describe(IEnumerable<string> tags) => string.Join(", ", tags.Select(tag => tag.ToLowerInvariant() switch
    {
        Prack => "100rel (provisional answers that are acknowledged by PRACK, RFC 3262)",
        "precondition" => "precondition (resources reserved before it rings, RFC 3312)",
        "sec-agree" => "sec-agree (security mechanisms agreed upon, RFC 3329)",
        "outbound" => "outbound (several flows to the registrar, RFC 5626)",
        "gruu" => "gruu (globally routable contacts, RFC 5627)",
        "recipient-list-invite" or "multiple-refer" => $"{tag} (lists of recipients)",
        _ => tag,
    }));
}
