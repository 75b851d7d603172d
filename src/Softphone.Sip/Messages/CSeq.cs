using Softphone.Core;

namespace Softphone.Sip;

/// <summary>The number of a request within its dialog and its method (RFC 3261 §20.16).</summary>
/// <param name="Number">At most 2^31-1 (§8.1.1.5).</param>
/// <param name="Method">The method, with its case.</param>
public readonly record struct CSeq(uint Number, string Method)
{
    public const uint Max = int.MaxValue;

    public static bool TryParse(string text, out CSeq cseq, out ParseError error)
    {
        cseq = default;
        error = new ParseError("CSeq is not a number below 2^31 and a method", 0);
        var end = 0;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        if (!Grammar.TryNumber(text.AsSpan(0, end), out var number) || number > Max) return false;
        var start = Grammar.SkipSpace(text, end);
        var method = text[start..];
        if (start == end || !Grammar.IsToken(method)) return false;
        cseq = new CSeq(number, method);
        error = default;
        return true;
    }

    public override string ToString() => $"{Number} {Method}";
}
