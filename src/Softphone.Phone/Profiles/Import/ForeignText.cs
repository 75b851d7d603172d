using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>What files of other phones have in common.</summary>
internal static class ForeignText
{
    private const int Longest = 60;

    /// <summary>A word of the file that may be shown: cleaned and short.</summary>
    public static string Shown(string text) => PlainText.Clean(text, Longest);

    public static IEnumerable<string> Lines(string text)
    {
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } line) yield return line.Trim();
    }

    /// <summary>"key=value", or with another divider; spaces around both and quotes around the value go.</summary>
    public static bool TryPair(string line, out string key, out string value, char divider = '=')
    {
        var at = line.IndexOf(divider);
        (key, value) = at <= 0 ? ("", "") : (line[..at].Trim(), Unquote(line[(at + 1)..]));
        return at > 0;
    }

    public static string Unquote(string text)
    {
        text = text.Trim();
        return text.Length >= 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;
    }

    /// <summary>A server as a SIP URI: it may be one already, in brackets or not, or a host with or without a port.</summary>
    public static string? Server(string? text, string? transport = null)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        text = Unquote(text).Trim('<', '>');
        if (!text.StartsWith("sip", StringComparison.OrdinalIgnoreCase) || !text.Contains(':')) text = $"sip:{text}";
        if (!SipUri.TryParse(text, out var uri, out _) || !uri.IsSip) return null;
        var asked = uri.TransportName ?? transport;
        var bare = new SipUri { Scheme = uri.Scheme, Host = uri.Host, Port = uri.Port };
        return (asked is "udp" or "tcp" or "tls" && !uri.IsSips ? bare.WithParameter("transport", asked) : bare).ToString();
    }

    /// <summary>"Name &lt;sip:user@host&gt;", or the address alone.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">Its display name; empty without one.</param>
    /// <param name="uri">The address.</param>
    /// <param name="rest">What stands behind the bracket.</param>
    public static bool TryAddress(string text, out string name, [NotNullWhen(true)] out SipUri? uri, out string rest)
    {
        (name, rest) = ("", "");
        var open = text.IndexOf('<');
        var close = text.IndexOf('>', Math.Max(open, 0));
        if (open < 0 || close < open) return SipUri.TryParse(text.Trim(), out uri, out _) && uri.IsSip;
        name = Unquote(text[..open]);
        rest = text[(close + 1)..];
        return SipUri.TryParse(text[(open + 1)..close].Trim(), out uri, out _) && uri.IsSip;
    }
}
