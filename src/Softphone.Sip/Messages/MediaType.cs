namespace Softphone.Sip;

/// <summary>A Content-Type or one range of Accept: type and subtype in lower case, and parameters (RFC 3261 §20.15).</summary>
public sealed record MediaType(string Type, string Subtype)
{
    public const string ApplicationSdp = "application/sdp";

    public const string TextPlain = "text/plain";

    public Parameters Parameters { get; init; } = Parameters.Empty;

    /// <summary>"application/sdp".</summary>
    public string Essence => $"{Type}/{Subtype}";

    /// <summary>Whether this is the media type named, in any case.</summary>
    public bool Is(string essence) => Essence.Equals(essence, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a range of Accept takes the media type named: */*, type/* or the type itself.</summary>
    public bool Takes(string essence) =>
        (Type == "*" && Subtype == "*")
        || (Subtype == "*" && essence.StartsWith(Type + "/", StringComparison.OrdinalIgnoreCase))
        || Is(essence);

    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MediaType? parsed)
    {
        parsed = null;
        if (text is null) return false;
        var end = text.IndexOf(';', StringComparison.Ordinal);
        var essence = end < 0 ? text : text[..end];
        var slash = essence.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return false;
        var type = essence[..slash].Trim(' ', '\t').ToLowerInvariant();
        var subtype = essence[(slash + 1)..].Trim(' ', '\t').ToLowerInvariant();
        if (!Grammar.IsToken(type.AsSpan()) || !Grammar.IsToken(subtype.AsSpan())) return false;
        var parameters = Parameters.Empty;
        if (end >= 0 && !Parameters.TryParse(text, end, out parameters, out _)) return false;
        parsed = new MediaType(type, subtype) { Parameters = parameters };
        return true;
    }

    public override string ToString() => Essence + Parameters;
}
