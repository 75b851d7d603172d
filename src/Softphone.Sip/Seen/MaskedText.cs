namespace Softphone.Sip;

/// <summary>
/// Reads values out of the text of a <see cref="SipTrace.Message"/>: its secrets are masked, its headers have their long names, each on a line of
/// its own. For lists, ladders and filters a glance is enough, and nothing in such a text can make it fail.
/// </summary>
public static class MaskedText
{
    private const string Version = "SIP/2.0 ";

    /// <summary>The value of a header in its first line; empty when there is none.</summary>
    /// <param name="text">The message.</param>
    /// <param name="name">The long name, in any case.</param>
    public static ReadOnlySpan<char> Header(ReadOnlySpan<char> text, scoped ReadOnlySpan<char> name)
    {
        var rest = text;
        while (TryLine(ref rest, out var line))
            if (ValueOf(line, name, out var value)) return value;
        return [];
    }

    /// <summary>Whether a list header has elements and all of them hold this text.</summary>
    public static bool AllHold(ReadOnlySpan<char> text, ReadOnlySpan<char> name, ReadOnlySpan<char> wanted)
    {
        var some = false;
        var rest = text;
        while (TryLine(ref rest, out var line))
        {
            if (!ValueOf(line, name, out var value)) continue;
            foreach (var range in value.Split(','))
            {
                if (!value[range].Contains(wanted, StringComparison.OrdinalIgnoreCase)) return false;
                some = true;
            }
        }

        return some;
    }

    /// <summary>What follows the headers; empty when nothing does.</summary>
    public static ReadOnlySpan<char> Body(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf("\r\n\r\n");
        return end < 0 ? [] : text[(end + 4)..];
    }

    public static bool IsRequest(string startLine) => !startLine.StartsWith(Version, StringComparison.OrdinalIgnoreCase);

    /// <summary>"INVITE" of a request, "200 OK" of a response.</summary>
    public static string NameOf(string startLine)
    {
        if (!IsRequest(startLine)) return startLine[Version.Length..];
        var space = startLine.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? startLine : startLine[..space];
    }

    /// <summary>The status of a response; 0 of a request.</summary>
    public static int StatusOf(string startLine) =>
        !IsRequest(startLine) && startLine.Length >= 11 && int.TryParse(startLine.AsSpan(8, 3), System.Globalization.NumberStyles.None, null, out var status) ? status : 0;

    /// <summary>The method that a message is of, by its CSeq; empty when that has none.</summary>
    public static string MethodOf(ReadOnlySpan<char> text)
    {
        var sequence = Header(text, HeaderName.CSeq);
        var space = sequence.LastIndexOf(' ');
        return space < 0 ? "" : sequence[(space + 1)..].ToString();
    }

    /// <summary>The address in From or To as a person reads it: "bob@example.com" of "Bob &lt;sip:bob@example.com&gt;;tag=1".</summary>
    public static string AddressOf(ReadOnlySpan<char> value)
    {
        if (value.LastIndexOf('<') is >= 0 and var open)
        {
            value = value[(open + 1)..];
            if (value.IndexOf('>') is >= 0 and var close) value = value[..close];
        }

        if (value.IndexOf(';') is >= 0 and var end) value = value[..end];
        value = value.Trim();
        foreach (var scheme in (ReadOnlySpan<string>)["sip:", "sips:"])
            if (value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return value[scheme.Length..].ToString();
        return value.ToString();
    }

    private static bool TryLine(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> line)
    {
        var end = rest.IndexOf('\n');
        line = (end < 0 ? rest : rest[..end]).TrimEnd('\r');
        rest = end < 0 ? [] : rest[(end + 1)..];
        return !line.IsEmpty;
    }

    private static bool ValueOf(ReadOnlySpan<char> line, scoped ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        value = [];
        var colon = line.IndexOf(':');
        if (colon <= 0 || !line[..colon].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return false;
        value = line[(colon + 1)..].Trim();
        return true;
    }
}
