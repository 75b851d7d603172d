namespace Softphone.Sip;

/// <summary>
/// The <c>scheme name=value, name=value</c> grammar of challenges and credentials (RFC 7235 §2.1, RFC 3261 §25.1). Quoted values
/// are held without their quotes but otherwise as written, since that is what both sides hash.
/// </summary>
internal sealed class DigestFields(string scheme)
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    public string Scheme { get; } = scheme;

    public bool IsDigest => Scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase);

    /// <summary>The value; null when absent. The first of a name counts.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Reads a header value that should hold one challenge but may hold several; what makes no sense is skipped.</summary>
    public static List<DigestFields> Parse(string value)
    {
        var all = new List<DigestFields>();
        var at = 0;
        while (at < value.Length)
        {
            at = Grammar.SkipSpace(value, at);
            var length = Grammar.TokenLength(value.AsSpan(at));
            if (length == 0)
            {
                at = NextComma(value, at);
                continue;
            }

            var word = value.Substring(at, length);
            var after = Grammar.SkipSpace(value, at + length);
            if (after < value.Length && value[after] == '=')
            {
                at = ReadValue(value, after + 1, out var text);
                if (all.Count == 0) all.Add(new DigestFields(""));
                all[^1]._values.TryAdd(word, text);
                at = NextComma(value, at);
            }
            else
            {
                // A word that no = follows names the scheme of the next challenge.
                all.Add(new DigestFields(word));
                at = after > at + length ? after : NextComma(value, after);
            }
        }

        return all;
    }

    private static int ReadValue(string value, int at, out string text)
    {
        at = Grammar.SkipSpace(value, at);
        if (at < value.Length && value[at] == '"')
        {
            var length = Grammar.QuotedLength(value.AsSpan(at));
            if (length < 0) length = value.Length - at + 1;
            text = value.Substring(at + 1, length - 2);
            return Math.Min(value.Length, at + length);
        }

        var end = value.IndexOf(',', at);
        if (end < 0) end = value.Length;
        text = value[at..end].TrimEnd(' ', '\t');
        return end;
    }

    private static int NextComma(string value, int at)
    {
        var comma = at >= value.Length ? -1 : value.IndexOf(',', at);
        return comma < 0 ? value.Length : comma + 1;
    }
}
