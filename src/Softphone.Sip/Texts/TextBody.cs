using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Softphone.Sip;

/// <summary>The body of a MESSAGE as plain text (RFC 3428 §7, RFC 3261 §7.4): UTF-8, and Latin-1 where it says so.</summary>
public static class TextBody
{
    /// <summary>What we write.</summary>
    public const string ContentType = "text/plain;charset=UTF-8";

    /// <summary>Octets of the longest text, ours and others'.</summary>
    public const int MostOctets = 8192;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads it; false when it is of another type, charset or encoding, or no text of that charset: 415.</summary>
    public static bool TryRead(SipMessage message, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var headers = message.Headers;
        if (headers.Get(HeaderName.ContentEncoding) is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)) return false;
        if (message.Body.IsEmpty && !headers.Has(HeaderName.ContentType))
        {
            text = "";
            return true;
        }

        if (headers.ContentType is not { } type || !type.Is(MediaType.TextPlain)) return false;
        switch (type.Parameters["charset"]?.Trim('"').ToLowerInvariant())
        {
            case null or "utf-8" or "us-ascii":
                return TryUtf8(message.Body.Span, out text);
            case "iso-8859-1":
                text = Encoding.Latin1.GetString(message.Body.Span);
                return true;
            default:
                return false;
        }
    }

    private static bool TryUtf8(ReadOnlySpan<byte> body, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!System.Text.Unicode.Utf8.IsValid(body)) return false;
        text = Strict.GetString(body);
        return true;
    }
}
