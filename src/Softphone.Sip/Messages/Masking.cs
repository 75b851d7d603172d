using System.Text;
using System.Text.RegularExpressions;

namespace Softphone.Sip;

/// <summary>Takes the secrets out of a message that a person or a log will see (F10). The message itself stays as it is.</summary>
internal static partial class Masking
{
    private const string Hidden = "***";
    private static readonly string[] KeyMethods = ["=clear:", "=base64:", "=uri:"];

    public static string Mask(SipMessage message)
    {
        var text = new StringBuilder().Append(MaskUris(message.StartLine)).Append("\r\n");
        foreach (var header in message.Headers) text.Append(header.Name).Append(": ").Append(MaskHeader(header)).Append("\r\n");
        return text.Append("\r\n").Append(MaskBody(message.Body.Span)).ToString();
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

    private static string MaskBody(ReadOnlySpan<byte> body)
    {
        if (body.Contains((byte)0)) return $"[{body.Length} octets]";
        var text = Encoding.UTF8.GetString(body);
        // What has none of the words has none of the secrets: a search costs little beside the expression.
        if (text.Contains("inline:", StringComparison.OrdinalIgnoreCase)) text = CryptoKey().Replace(text, "$1" + Hidden);
        if (KeyMethods.Any(method => text.Contains(method, StringComparison.OrdinalIgnoreCase))) text = LineKey().Replace(text, "$1" + Hidden);
        if (text.Contains("a=ice-pwd:", StringComparison.OrdinalIgnoreCase)) text = IcePassword().Replace(text, "$1" + Hidden);
        return text;
    }

    [GeneratedRegex("""((?:^|[\s,])(?:response|rspauth)\s*=\s*)(?:"(?:[^"\\]|\\.)*"?|[^\s,"]+)""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex DigestResponse();

    [GeneratedRegex("""(inline:)[^|;\s]+""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex CryptoKey();

    [GeneratedRegex("""(\bk=(?:clear|base64|uri):)[^\r\n]+""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex LineKey();

    [GeneratedRegex("""(\bsips?:[^\s:@<>"]*:)[^\s@<>"]*@""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex UriPassword();

    [GeneratedRegex("""(a=ice-pwd:)[^\r\n]+""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex IcePassword();
}
