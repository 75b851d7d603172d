using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// An address with an optional display name and header parameters: From, To, Contact, Route, Record-Route, Refer-To and their
/// kin (RFC 3261 §20.10, §25.1). Without angle brackets every <c>;parameter</c> belongs to the header, never to the URI.
/// </summary>
public sealed record NameAddr(SipUri Uri)
{
    private static readonly SearchValues<char> NotInBareName = SearchValues.Create("\"<>,;\\");

    /// <summary>The display name as a person reads it, without quotes; null when there is none.</summary>
    public string? DisplayName { get; init; }

    public Parameters Parameters { get; init; } = Parameters.Empty;

    /// <summary>The tag (§19.3); null when absent.</summary>
    public string? Tag => Parameters["tag"];

    /// <summary>The lifetime of a Contact in seconds (§20.10), at most 2^32-1; null when absent or not a number.</summary>
    public uint? Expires => Grammar.TryNumber(Parameters["expires"], out var seconds) ? seconds : null;

    /// <summary>The preference of a Contact in thousandths, 0 to 1000; 1000 when absent or malformed (§20.10).</summary>
    public int Q =>
        decimal.TryParse(Parameters["q"], System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var q)
        && q <= 1 ? (int)(q * 1000) : 1000;

    /// <summary>For a route: whether its URI says <c>;lr</c> (§16.12).</summary>
    public bool IsLoose => Uri.IsLoose;

    public NameAddr WithTag(string tag) => this with { Parameters = Parameters.With("tag", tag) };

    /// <summary>With one header parameter set.</summary>
    public NameAddr WithParameter(string name, string? value = null) => this with { Parameters = Parameters.With(name, value) };

    /// <summary>The address in angle brackets, the display name quoted unless it is tokens (RFC 3261 §25.1, display-name).</summary>
    public override string ToString() => DisplayName switch
    {
        null or "" => $"<{Uri}>{Parameters}",
        var name when IsTokens(name) => $"{name} <{Uri}>{Parameters}",
        var name => $"{Grammar.Quote(name)} <{Uri}>{Parameters}",
    };

    public static NameAddr Parse(string text) =>
        TryParse(text, out var parsed, out var error) ? parsed : throw new FormatException($"not an address: {text} ({error})");

    public static bool TryParse(string text, [NotNullWhen(true)] out NameAddr? parsed, out ParseError error)
    {
        parsed = null;
        string? name = null;
        var at = Grammar.SkipSpace(text, 0);
        if (at < text.Length && text[at] == '"')
        {
            var length = Grammar.QuotedLength(text.AsSpan(at));
            if (length < 0) return Fail("display name does not close", at, out error);
            name = Grammar.Unquote(text.Substring(at, length));
            at = Grammar.SkipSpace(text, at + length);
            if (at >= text.Length || text[at] != '<') return Fail("no address after the display name", at, out error);
        }

        var open = text.IndexOf('<', at);
        // "sip:a@b;x=<y>" is broken whichever way it is read; only a name may stand before the bracket.
        if (open < 0) return TryParseBare(text, at, out parsed, out error);
        if (open > at)
        {
            name = text[at..open].TrimEnd(' ', '\t');
            if (name.AsSpan().ContainsAny(NotInBareName)) return Fail("display name must be quoted", at, out error);
        }

        var close = text.IndexOf('>', open);
        if (close < 0) return Fail("address without >", open, out error);
        if (!SipUri.TryParse(text[(open + 1)..close], out var uri, out error)) return false;
        if (!Parameters.TryParse(text, close + 1, out var parameters, out error)) return false;
        parsed = new NameAddr(uri) { DisplayName = string.IsNullOrEmpty(name) ? null : name, Parameters = parameters };
        return true;
    }

    /// <summary>
    /// An entry of a header that lists routes, which the grammar knows in angle brackets only (§25.1, RFC 3327 §4, RFC 3608 §5). In one without,
    /// the parameters are the URI's: <c>lr</c> means something nowhere else.
    /// </summary>
    public static bool TryParseRoute(string text, [NotNullWhen(true)] out NameAddr? parsed, out ParseError error)
    {
        if (text.Contains('<')) return TryParse(text, out parsed, out error);
        parsed = SipUri.TryParse(text.Trim(' ', '\t'), out var uri, out error) ? new NameAddr(uri) : null;
        return parsed is not null;
    }

    private static bool TryParseBare(string text, int at, out NameAddr? parsed, out ParseError error)
    {
        parsed = null;
        var end = text.IndexOf(';', at);
        if (end < 0) end = text.Length;
        var address = text[at..end].TrimEnd(' ', '\t');
        if (address.AsSpan().ContainsAny(",?")) return Fail("a URI with , or ? must stand in angle brackets", at, out error);
        if (!SipUri.TryParse(address, out var uri, out error)) return false;
        if (!Parameters.TryParse(text, end, out var parameters, out error)) return false;
        parsed = new NameAddr(uri) { Parameters = parameters };
        return true;
    }

    private static bool IsTokens(string name)
    {
        if (name[0] == ' ' || name[^1] == ' ') return false;
        foreach (var word in name.AsSpan().Split(' '))
            if (!Grammar.IsToken(name.AsSpan()[word])) return false;
        return true;
    }

    private static bool Fail(string what, int at, out ParseError error)
    {
        error = new ParseError(what, at);
        return false;
    }
}
