using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Softphone.Core;

namespace Softphone.Sip;

public sealed partial record SipUri
{
    private static readonly SearchValues<char> Unsafe =
        SearchValues.Create("\0\x01\x02\x03\x04\x05\x06\a\b\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f \"<>\x7f");

    private static readonly SearchValues<char> HostChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    private static readonly SearchValues<char> SchemeChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    private static readonly SearchValues<char> UserChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()&=+$,;?/");

    /// <summary>Reads a URI of our own making or from a profile.</summary>
    /// <exception cref="FormatException">It is no URI.</exception>
    public static SipUri Parse(string text) =>
        TryParse(text, out var uri, out var error) ? uri : throw new FormatException($"not a SIP URI: {text} ({error})");

    /// <summary>Reads a URI without angle brackets. Nothing in it may be a space, a control character, a quote or a bracket.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SipUri? uri, out ParseError error)
    {
        uri = null;
        error = default;
        var bad = text.AsSpan().IndexOfAny(Unsafe);
        if (bad >= 0) return Fail("character that no URI holds", bad, out error);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !char.IsAsciiLetter(text[0]) || text.AsSpan(0, colon).ContainsAnyExcept(SchemeChars))
            return Fail("no scheme", 0, out error);
        var scheme = text[..colon].ToLowerInvariant();
        var rest = text.AsSpan(colon + 1);
        if (rest.IsEmpty) return Fail("nothing after the scheme", colon, out error);
        return scheme switch
        {
            "sip" or "sips" => TryParseSip(scheme, rest, colon + 1, out uri, out error),
            "tel" => TryParseTel(rest, colon + 1, out uri, out error),
            _ => Succeed(new SipUri { Scheme = scheme, Opaque = rest.ToString() }, out uri),
        };
    }

    /// <summary>Text that is no URI, kept so that the request it stands in can be answered.</summary>
    internal static SipUri Broken(string text) => new() { Scheme = "", Opaque = text };

    /// <summary>Resolves %XX as UTF-8; an escape that is not two hex digits stays as it is, and %00 is a character like any other.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('%')) return text;
        var octets = new byte[SipText.Count(text)];
        var length = SipText.Encode(text, octets);
        var to = 0;
        for (var i = 0; i < length; i++)
        {
            if (octets[i] == '%' && i + 2 < length && char.IsAsciiHexDigit((char)octets[i + 1]) && char.IsAsciiHexDigit((char)octets[i + 2]))
            {
                octets[to++] = (byte)(Hex(octets[i + 1]) << 4 | Hex(octets[i + 2]));
                i += 2;
            }
            else
            {
                octets[to++] = octets[i];
            }
        }

        return Encoding.UTF8.GetString(octets, 0, to);
    }

    /// <summary>Escapes what may not stand unescaped in a user part (§25.1); non-ASCII goes as UTF-8.</summary>
    public static string EscapeUser(string user)
    {
        if (!user.AsSpan().ContainsAnyExcept(UserChars)) return user;
        var escaped = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(user))
        {
            if (UserChars.Contains((char)octet)) escaped.Append((char)octet);
            else escaped.Append('%').Append(octet.ToString("X2"));
        }

        return escaped.ToString();
    }

    /// <summary>Reads host and optional port, as in a URI or a sent-by: an IPv6 address only within brackets (RFC 5118 §4.5).</summary>
    internal static bool TryHostPort(ReadOnlySpan<char> text, out string host, out ushort? port)
    {
        host = "";
        port = null;
        ReadOnlySpan<char> rest;
        if (text is ['[', ..])
        {
            var close = text.IndexOf(']');
            if (close < 0 || !text[1..close].Contains(':') || !IpAddress.TryParse(text[1..close], out _)) return false;
            host = text[1..close].ToString();
            rest = text[(close + 1)..];
        }
        else
        {
            var colon = text.IndexOf(':');
            var name = colon < 0 ? text : text[..colon];
            if (name.IsEmpty || name.ContainsAnyExcept(HostChars)) return false;
            host = name.ToString();
            rest = colon < 0 ? default : text[colon..];
        }

        if (rest.IsEmpty) return true;
        if (rest[0] != ':' || !Grammar.TryNumber(rest[1..], out var number) || number > ushort.MaxValue) return false;
        port = (ushort)number;
        return true;
    }

    private static bool TryParseSip(string scheme, ReadOnlySpan<char> rest, int offset, out SipUri? uri, out ParseError error)
    {
        uri = null;
        string? user = null;
        string? password = null;
        // The user part may hold ; ? / & and more (RFC 3261 §25.1, user-unreserved), so the @ is looked for before anything else.
        var at = rest.IndexOf('@');
        if (at >= 0)
        {
            var info = rest[..at];
            var colon = info.IndexOf(':');
            if (colon >= 0) password = info[(colon + 1)..].ToString();
            var name = colon >= 0 ? info[..colon] : info;
            if (name.IsEmpty) return Fail("empty user", offset, out error);
            user = name.ToString();
            rest = rest[(at + 1)..];
            offset += at + 1;
        }

        var headers = "";
        var question = rest.IndexOf('?');
        if (question >= 0)
        {
            headers = rest[(question + 1)..].ToString();
            rest = rest[..question];
        }

        var parameters = Parameters.Empty;
        var semicolon = rest.IndexOf(';');
        if (semicolon >= 0)
        {
            if (!Parameters.TryParseUri(rest[(semicolon + 1)..], out parameters)) return Fail("empty URI parameter", offset + semicolon, out error);
            rest = rest[..semicolon];
        }

        if (!TryHostPort(rest, out var host, out var port)) return Fail("bad host or port", offset, out error);
        error = default;
        return Succeed(
            new SipUri
            {
                Scheme = scheme,
                User = user,
                Password = password,
                Host = host,
                Port = port,
                Parameters = parameters,
                Headers = headers,
            },
            out uri);
    }

    private static bool TryParseTel(ReadOnlySpan<char> rest, int offset, out SipUri? uri, out ParseError error)
    {
        uri = null;
        var parameters = Parameters.Empty;
        var semicolon = rest.IndexOf(';');
        if (semicolon == 0) return Fail("tel URI without a number", offset, out error);
        if (semicolon > 0)
        {
            if (!Parameters.TryParseUri(rest[(semicolon + 1)..], out parameters)) return Fail("empty URI parameter", offset + semicolon, out error);
            rest = rest[..semicolon];
        }

        error = default;
        return Succeed(new SipUri { Scheme = "tel", User = rest.ToString(), Parameters = parameters }, out uri);
    }

    private static bool Succeed(SipUri parsed, out SipUri? uri)
    {
        uri = parsed;
        return true;
    }

    private static bool Fail(string what, int at, out ParseError error)
    {
        error = new ParseError(what, at);
        return false;
    }

    private static int Hex(byte digit) => Convert.ToInt32(((char)digit).ToString(), 16);
}
