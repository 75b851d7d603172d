using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Which reliable provisional response a PRACK acknowledges (RFC 3262 §7.2).</summary>
/// <param name="Number">Its RSeq.</param>
/// <param name="CSeq">The number of the request that it answers.</param>
/// <param name="Method">The method of that request.</param>
public readonly record struct RAck(uint Number, uint CSeq, string Method)
{
    public static bool TryParse(string text, out RAck parsed, out ParseError error)
    {
        parsed = default;
        error = default;
        var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 3) return Fail("RAck is two numbers and a method", out error);
        if (!TryNumber(words[0], out var number) || number == 0) return Fail("RAck without the number of a response", out error);
        if (!TryNumber(words[1], out var cseq)) return Fail("RAck without the number of a request", out error);
        if (!Grammar.IsToken(words[2])) return Fail("the method in RAck is no token", out error);
        parsed = new RAck(number, cseq, words[2]);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {CSeq} {Method}");

    private static bool TryNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool Fail(string what, out ParseError error)
    {
        error = new ParseError(what, 0);
        return false;
    }
}
