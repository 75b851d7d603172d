namespace Softphone.Sip;

/// <summary>Extensions of SIP by their tags: those that the agent itself has, and what others demand, for a person.</summary>
internal static class OptionTags
{
    public const string Prack = "100rel";

    /// <summary>A branch that is over says so (RFC 6228).</summary>
    public const string Terminated = "199";

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
