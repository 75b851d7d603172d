namespace Softphone.Tui;

/// <summary>Reads what the ladder and the message screen show out of a message's text, in which secrets are masked already.</summary>
internal static class MessageText
{
    /// <summary>The value of a header in its first line, whatever form its name has; empty when there is none.</summary>
    /// <param name="text">The message.</param>
    /// <param name="name">The long name.</param>
    public static ReadOnlySpan<char> Header(ReadOnlySpan<char> text, ReadOnlySpan<char> name)
    {
        foreach (var range in text.Split('\n'))
        {
            var line = text[range].TrimEnd('\r');
            if (line.IsEmpty) break;
            var colon = line.IndexOf(':');
            if (colon > 0 && line[..colon].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return line[(colon + 1)..].Trim();
        }

        return [];
    }

    /// <summary>What follows the headers; empty when nothing does.</summary>
    public static ReadOnlySpan<char> Body(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf("\r\n\r\n");
        return end < 0 ? [] : text[(end + 4)..];
    }

    public static bool IsRequest(string startLine) => !startLine.StartsWith("SIP/2.0 ", StringComparison.OrdinalIgnoreCase);

    /// <summary>"INVITE" of a request, "200 OK" of a response.</summary>
    public static string NameOf(string startLine)
    {
        if (!IsRequest(startLine)) return startLine["SIP/2.0 ".Length..];
        var space = startLine.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? startLine : startLine[..space];
    }

    /// <summary>The status of a response; 0 of a request.</summary>
    public static int StatusOf(string startLine) =>
        !IsRequest(startLine) && startLine.Length >= 11 && int.TryParse(startLine.AsSpan(8, 3), out var status) ? status : 0;

    /// <summary>The method that a message is of, by its CSeq.</summary>
    public static string MethodOf(ReadOnlySpan<char> text)
    {
        var sequence = Header(text, "CSeq");
        var space = sequence.LastIndexOf(' ');
        return space < 0 ? "" : sequence[(space + 1)..].ToString();
    }

    /// <summary>What a reader of a ladder wants to know of the rest: its description, who is referred to, which package, why it ended.</summary>
    public static string Details(string text)
    {
        var details = new List<string>();
        var type = Header(text, "Content-Type");
        var body = Body(text);
        if (type.StartsWith("application/sdp", StringComparison.OrdinalIgnoreCase)) details.Add(Description(body));
        else if (type.StartsWith("message/sipfrag", StringComparison.OrdinalIgnoreCase)) details.Add(FirstLine(body).ToString());
        else if (!type.IsEmpty && Header(text, "Info-Package") is { IsEmpty: false } package) details.Add(package.ToString() + Trickled(body));
        else if (!type.IsEmpty) details.Add(type.ToString());
        Add(details, text, "Refer-To", "to ");
        Add(details, text, "Event", "");
        if (!Header(text, "Replaces").IsEmpty) details.Add("replaces a call");
        Add(details, text, "Reason", "");
        Add(details, text, "Warning", "");
        return string.Join(", ", details);
    }

    private static void Add(List<string> details, string text, string header, string before)
    {
        if (Header(text, header) is { IsEmpty: false } value) details.Add(before + value.ToString());
    }

    /// <summary>What a fragment of trickle ICE brings (RFC 8840).</summary>
    private static string Trickled(ReadOnlySpan<char> fragment)
    {
        var candidates = fragment.Count("a=candidate:");
        var end = fragment.Contains("a=end-of-candidates", StringComparison.Ordinal) ? ", the last" : "";
        return candidates == 0 ? end.Length == 0 ? "" : ", no more cand." : $" {candidates} cand.{end}";
    }

    private static string Description(ReadOnlySpan<char> sdp)
    {
        var candidates = sdp.Count("\na=candidate:");
        var hold = sdp.Contains("a=sendonly", StringComparison.Ordinal) ? " hold" : sdp.Contains("a=inactive", StringComparison.Ordinal) ? " inactive"
            : sdp.Contains("a=recvonly", StringComparison.Ordinal) ? " held" : "";
        return candidates == 0 ? $"sdp{hold}" : $"sdp{hold} {candidates} cand.";
    }

    private static ReadOnlySpan<char> FirstLine(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }
}
