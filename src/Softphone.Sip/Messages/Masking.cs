using System.Text;
using System.Text.RegularExpressions;

namespace Softphone.Sip;

/// <summary>Takes the secrets out of a message that a person or a log will see. The message itself stays as it is.</summary>
internal static partial class Masking
{
    private const string Hidden = "***";
    private static readonly string[] KeyMethods = ["=clear:", "=base64:", "=uri:"];

    public static string Mask(SipMessage message)
    {
        var text = new StringBuilder().Append(MaskUris(message.StartLine)).Append("\r\n");
        foreach (var header in message.Headers) text.Append(header.Name).Append(": ").Append(MaskHeader(header)).Append("\r\n");
        return text.Append("\r\n").Append(MaskBody(message)).ToString();
    }

    /// <summary>Takes the passwords out of the URIs in a text (RFC 3261 §19.1.1).</summary>
    public static string MaskUris(string text) => MayHoldPassword(text) ? UriPassword().Replace(text, "$1" + Hidden + "@") : text;

    /// <summary>A password stands between the colon behind "sip" and an @, with a second colon before it: most headers have none.</summary>
    private static bool MayHoldPassword(ReadOnlySpan<char> text) => text.LastIndexOf('@') is var at and > 0 && text[..at].Count(':') >= 2;

    private static string MaskHeader(SipHeader header)
    {
        switch (header.Name)
        {
            case HeaderName.Authorization or HeaderName.ProxyAuthorization:
                if (header.Value.StartsWith("Digest", StringComparison.OrdinalIgnoreCase)) return DigestResponse().Replace(header.Value, "$1" + Hidden);
                var space = header.Value.IndexOf(' ', StringComparison.Ordinal);
                return space < 0 ? Hidden : header.Value[..space] + " " + Hidden;
            case HeaderName.AuthenticationInfo or HeaderName.ProxyAuthenticationInfo:
                return DigestResponse().Replace(header.Value, "$1" + Hidden);
            default:
                return MaskUris(header.Value);
        }
    }

    private static string MaskBody(SipMessage message)
    {
        var body = message.Body.Span;
        if (body.Contains((byte)0)) return $"[{body.Length} octets]";
        var text = Encoding.UTF8.GetString(body);
        // What has none of the words has none of the secrets: a search costs little beside the expression.
        if (text.Contains("inline:", StringComparison.OrdinalIgnoreCase)) text = CryptoKey().Replace(text, "$1" + Hidden);
        if (KeyMethods.Any(method => text.Contains(method, StringComparison.OrdinalIgnoreCase))) text = LineKey().Replace(text, "$1" + Hidden);
        if (text.Contains("a=ice-pwd:", StringComparison.OrdinalIgnoreCase)) text = IcePassword().Replace(text, "$1" + Hidden);
        return text.Length > 0 && message.Headers.Get(HeaderName.ContentType) is { } type ? MaskKeys(type, text) : text;
    }

    /// <summary>Keys that somebody pressed may be a PIN: as an INFO tells them (application/dtmf-relay, application/dtmf and their kin), and KPML (RFC 4730 §5.4).</summary>
    private static string MaskKeys(string type, string body)
    {
        if (type.StartsWith("application/dtmf-relay", StringComparison.OrdinalIgnoreCase) || type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)) return Signal().Replace(body, "$1" + Hidden);
        if (type.StartsWith("application/kpml-response", StringComparison.OrdinalIgnoreCase)) return Digits().Replace(body, "$1" + Hidden + "$2");
        return type.StartsWith("application/dtmf", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/vnd.nortelnetworks.digits", StringComparison.OrdinalIgnoreCase) ? Hidden : body;
    }

    [GeneratedRegex("""((?:^|[\s,])(?:response|rspauth)\s*=\s*)(?:"(?:[^"\\]|\\.)*"?|[^\s,"]+)""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex DigestResponse();

    [GeneratedRegex("""(inline:)[^|;\s]+""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex CryptoKey();

    [GeneratedRegex("""(\bk=(?:clear|base64|uri):)[^\r\n]+""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex LineKey();

    [GeneratedRegex("""(\bsips?:[^\s:@<>"]*:)[^\s@<>"]*@""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex UriPassword();

    [GeneratedRegex("""((?:^|\n)[ \t]*Signal[ \t]*=[ \t]*)[^\r\n]+""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Signal();

    [GeneratedRegex("""(\bdigits\s*=\s*["'])[^"']*(["'])""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Digits();

    [GeneratedRegex("""(a=ice-pwd:)[^\r\n]+""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex IcePassword();
}
