using Softphone.Sip;

namespace Softphone.Tui;

/// <summary>What a ladder says of a message beside its name, out of its text in which secrets are masked already.</summary>
internal static class MessageText
{
    /// <summary>What a reader of a ladder wants to know of the rest: its description, who is referred to, which package, why it ended.</summary>
    public static string Details(string text)
    {
        var details = new List<string>();
        var type = MaskedText.Header(text, "Content-Type");
        var body = MaskedText.Body(text);
        if (type.StartsWith("application/sdp", StringComparison.OrdinalIgnoreCase)) details.Add(Description(body));
        else if (type.StartsWith("message/sipfrag", StringComparison.OrdinalIgnoreCase)) details.Add(FirstLine(body).ToString());
        else if (!type.IsEmpty && MaskedText.Header(text, "Info-Package") is { IsEmpty: false } package) details.Add(package.ToString() + Trickled(body));
        else if (!type.IsEmpty) details.Add(type.ToString());
        Add(details, text, "Refer-To", "to ");
        Add(details, text, "Event", "");
        if (!MaskedText.Header(text, "Replaces").IsEmpty) details.Add("replaces a call");
        Add(details, text, "Reason", "");
        Add(details, text, "Warning", "");
        return string.Join(", ", details);
    }

    private static void Add(List<string> details, string text, string header, string before)
    {
        if (MaskedText.Header(text, header) is { IsEmpty: false } value) details.Add(before + value.ToString());
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
