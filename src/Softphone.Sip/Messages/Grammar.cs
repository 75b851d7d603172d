using System.Buffers;
using System.Text;

namespace Softphone.Sip;

/// <summary>The lexical rules that every header shares: tokens, quoted strings, white space and comma lists (RFC 3261 §25.1).</summary>
internal static class Grammar
{
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~");

    private static readonly SearchValues<byte> TokenOctets =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~"u8);

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenChars);

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenOctets);

    public static bool HasLineBreak(ReadOnlySpan<char> text) => text.ContainsAny('\r', '\n');

    public static bool IsSpace(char c) => c is ' ' or '\t';

    /// <summary>The first position at or after <paramref name="at"/> that is not white space.</summary>
    public static int SkipSpace(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && IsSpace(text[at])) at++;
        return at;
    }

    /// <summary>The length of the token at the start of the text; 0 when there is none.</summary>
    public static int TokenLength(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(TokenChars);
        return end < 0 ? text.Length : end;
    }

    /// <summary>The length of the quoted string at the start of the text, quotes included; -1 when it does not close.</summary>
    public static int QuotedLength(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') return i + 1;
        }

        return -1;
    }

    /// <summary>The meaning of a value that may be a quoted string: quotes taken off and quoted pairs resolved.</summary>
    public static string Unquote(string text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"') return text;
        var inner = text.AsSpan(1, text.Length - 2);
        if (!inner.Contains('\\')) return inner.ToString();
        var plain = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '\\' && i + 1 < inner.Length) i++;
            plain.Append(inner[i]);
        }

        return plain.ToString();
    }

    /// <summary>A quoted string that means the text. Line breaks, which no quoting can carry, become spaces.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\');
            quoted.Append(c is '\r' or '\n' ? ' ' : c);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>
    /// Cuts a list at its commas, but not within quotes or angle brackets (RFC 3261 §7.3.1). White space around an element goes;
    /// an empty element stays, for its reader to judge.
    /// </summary>
    public static void SplitList(string value, List<string> into)
    {
        if (!value.Contains(','))
        {
            into.Add(value.Trim(' ', '\t'));
            return;
        }

        var start = 0;
        var inBrackets = false;
        for (var i = 0; i < value.Length; i++)
        {
            switch (value[i])
            {
                case '"' when !inBrackets:
                    var quoted = QuotedLength(value.AsSpan(i));
                    i = quoted < 0 ? value.Length : i + quoted - 1;
                    break;
                case '<':
                    inBrackets = true;
                    break;
                case '>':
                    inBrackets = false;
                    break;
                case ',' when !inBrackets:
                    into.Add(value[start..i].Trim(' ', '\t'));
                    start = i + 1;
                    break;
            }
        }

        into.Add(value[start..].Trim(' ', '\t'));
    }

    /// <summary>Reads 1*DIGIT; a number too large for a uint is uint.MaxValue.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out uint value)
    {
        value = 0;
        if (text.IsEmpty) return false;
        ulong sum = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
            sum = Math.Min(sum * 10 + (ulong)(c - '0'), uint.MaxValue);
        }

        value = (uint)sum;
        return true;
    }
}
