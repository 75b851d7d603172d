using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Octets to a message. It rejects only what cannot be framed (no start line, a status that is none); a request with a lesser
/// flaw is handed over with <see cref="SipMessage.Flaw"/> set so that 400 can be sent, a response with one is dropped
/// (RFC 3261 §18.3, RFC 4475). Input of any kind neither throws nor reserves more than its own size.
/// </summary>
public static class SipParser
{
    /// <summary>Headers past this many are a flaw.</summary>
    public const int MaxHeaders = 256;

    /// <summary>The longest header, folds included.</summary>
    public const int MaxHeaderOctets = 8192;

    private static ReadOnlySpan<byte> BlankLine => "\r\n\r\n"u8;

    /// <summary>
    /// Reads the one message of a datagram. Without Content-Length the body is the rest; octets past Content-Length are noise; a
    /// Content-Length past the end is a flaw (§18.3).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out SipMessage? message, out ParseError error)
    {
        message = null;
        var start = 0;
        while (start < datagram.Length && datagram[start] is (byte)'\r' or (byte)'\n') start++;
        if (start == datagram.Length)
        {
            error = new ParseError("no message", 0);
            return false;
        }

        var octets = datagram[start..].ToArray();
        var blank = octets.AsSpan().IndexOf(BlankLine);
        var headLength = blank < 0 ? octets.Length : blank + 2;
        if (!TryParseHead(octets.AsMemory(0, headLength), out var parsed, out error)) return false;
        var body = blank < 0 ? default : octets.AsMemory(blank + BlankLine.Length);
        if (blank < 0) parsed.Flaw ??= new ParseError(
            octets.AsSpan().IndexOf("\n\n"u8) >= 0 ? "its lines end with LF in place of CRLF" : "no blank line after the headers", headLength);
        switch (ReadContentLength(parsed.Headers, out var declared))
        {
            case ContentLengthState.Bad:
                parsed.Flaw ??= new ParseError("Content-Length is not one number");
                break;
            case ContentLengthState.Good when declared > body.Length:
                parsed.Flaw ??= new ParseError($"Content-Length {declared} but {body.Length} octets came");
                break;
            case ContentLengthState.Good:
                body = body[..(int)declared];
                break;
        }

        parsed.Body = body;
        parsed.Octets = datagram.Length;
        if (parsed is SipResponse && parsed.Flaw is { } flaw)
        {
            error = flaw;
            return false;
        }

        message = parsed;
        return true;
    }

    internal enum ContentLengthState
    {
        Absent,
        Good,
        Bad,
    }

    /// <summary>Content-Length must come once, as digits: the sign, a second value or a word would move the end of the message.</summary>
    internal static ContentLengthState ReadContentLength(SipHeaders headers, out uint length)
    {
        length = 0;
        return headers.CountOf(HeaderName.ContentLength) switch
        {
            0 => ContentLengthState.Absent,
            1 when Grammar.TryNumber(headers.Get(HeaderName.ContentLength), out length) => ContentLengthState.Good,
            _ => ContentLengthState.Bad,
        };
    }

    /// <summary>Reads start line and headers, the blank line not included. The message keeps slices of the memory.</summary>
    internal static bool TryParseHead(ReadOnlyMemory<byte> head, [NotNullWhen(true)] out SipMessage? message, out ParseError error)
    {
        var at = LineEnd(head.Span, 0, folds: false);
        var line = head.Span[..TrimLineBreak(head.Span[..at])];
        if (!TryParseStartLine(line, out message, out error)) return false;
        if (ReadHeaders(head, at, message.Headers) is { } flaw) message.Flaw ??= flaw;
        return true;
    }

    /// <summary>The headers of a body part; those that are none are left out.</summary>
    internal static SipHeaders ParseHeaders(ReadOnlyMemory<byte> head)
    {
        var headers = new SipHeaders();
        ReadHeaders(head, 0, headers);
        return headers;
    }

    private static ParseError? ReadHeaders(ReadOnlyMemory<byte> head, int at, SipHeaders into)
    {
        ParseError? flaw = null;
        while (at < head.Length)
        {
            var end = LineEnd(head.Span, at, folds: true);
            if (ReadHeader(head[at..end], into) is { } what) flaw ??= new ParseError(what, at);
            at = end;
        }

        return flaw;
    }

    private static bool TryParseStartLine(ReadOnlySpan<byte> line, [NotNullWhen(true)] out SipMessage? message, out ParseError error)
    {
        message = null;
        if (line.Length > MaxHeaderOctets)
        {
            error = new ParseError("start line too long", 0);
            return false;
        }

        return IsSipVersionStart(line) ? TryParseStatusLine(line, out message, out error) : TryParseRequestLine(line, out message, out error);
    }

    private static bool TryParseStatusLine(ReadOnlySpan<byte> line, out SipMessage? message, out ParseError error)
    {
        message = null;
        error = new ParseError("not a status line of SIP/2.0", 0);
        if (!IsVersion2(line[..Math.Min(7, line.Length)]) || line.Length < 11 || line[7] != ' ') return false;
        var code = line.Slice(8, 3);
        if (code.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (line.Length > 11 && line[11] != ' ')) return false;
        var status = (code[0] - '0') * 100 + (code[1] - '0') * 10 + code[2] - '0';
        if (status is < 100 or > 699) return false;
        message = new SipResponse(status, line.Length > 12 ? SipText.Decode(line[12..]) : "");
        error = default;
        return true;
    }

    private static bool TryParseRequestLine(ReadOnlySpan<byte> line, out SipMessage? message, out ParseError error)
    {
        message = null;
        error = new ParseError("neither a request line nor a status line", 0);
        var trimmed = line.TrimEnd(" \t\r\n"u8);
        var first = trimmed.IndexOf((byte)' ');
        var last = trimmed.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first || !Grammar.IsToken(trimmed[..first]) || !IsSipVersion(trimmed[(last + 1)..])) return false;
        var target = SipText.Decode(trimmed[(first + 1)..last]);
        var uri = SipUri.TryParse(target, out var parsed, out _) ? parsed : SipUri.Broken(target);
        var version = trimmed[(last + 1)..];
        var method = trimmed[..first];
        message = new SipRequest(SipMethod.Intern(method) ?? SipText.Decode(method), uri)
        {
            Version = IsVersion2(version) ? "SIP/2.0" : SipText.Decode(version),
        };
        if (trimmed.Length != line.Length) message.Flaw = new ParseError("space after the SIP version", trimmed.Length);
        error = default;
        return true;
    }

    private static string? ReadHeader(ReadOnlyMemory<byte> line, SipHeaders into)
    {
        var span = line.Span;
        var colon = span.IndexOf((byte)':');
        var name = colon < 0 ? default : span[..colon].TrimEnd(" \t"u8);
        if (!Grammar.IsToken(name)) return "header without a name";
        if (line.Length > MaxHeaderOctets) return "header too long";
        if (into.Count == MaxHeaders) return "too many headers";
        Span<char> text = stackalloc char[64];
        string? known = null;
        if (name.Length <= text.Length)
        {
            var length = System.Text.Encoding.ASCII.GetChars(name, text);
            known = HeaderName.Canonical(text[..length]);
        }

        var start = colon + 1;
        var end = span.Length;
        while (start < end && IsBlank(span[start])) start++;
        while (end > start && IsBlank(span[end - 1])) end--;
        into.AddParsed(new SipHeader(known ?? SipText.Decode(name), line, line[start..end]));
        return null;
    }

    /// <summary>The end of the line that starts here, its CRLF included; a line that goes on after SP or HTAB is one line when folds count.</summary>
    private static int LineEnd(ReadOnlySpan<byte> head, int at, bool folds)
    {
        while (true)
        {
            var found = head[at..].IndexOf("\r\n"u8);
            if (found < 0) return head.Length;
            at += found + 2;
            if (!folds || at >= head.Length || head[at] is not ((byte)' ' or (byte)'\t')) return at;
        }
    }

    private static int TrimLineBreak(ReadOnlySpan<byte> line) => line.EndsWith("\r\n"u8) ? line.Length - 2 : line.Length;

    private static bool IsBlank(byte octet) => octet is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static bool IsSipVersionStart(ReadOnlySpan<byte> text) =>
        text.Length >= 4 && (text[0] | 0x20) == 's' && (text[1] | 0x20) == 'i' && (text[2] | 0x20) == 'p' && text[3] == '/';

    private static bool IsSipVersion(ReadOnlySpan<byte> text) =>
        IsSipVersionStart(text) && text.Length > 4 && !text[4..].ContainsAnyExceptInRange((byte)'.', (byte)'9');

    private static bool IsVersion2(ReadOnlySpan<byte> text) => text.Length == 7 && IsSipVersionStart(text) && text[4..].SequenceEqual("2.0"u8);
}
