using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Softphone.Sip;

/// <summary>Which dialog a new INVITE takes the place of, named as the one who receives it knows it (RFC 3891 §6.1).</summary>
/// <param name="CallId">Its Call-ID.</param>
/// <param name="ToTag">The tag of the one who receives the INVITE.</param>
/// <param name="FromTag">The tag of its peer.</param>
/// <param name="IsEarlyOnly">Not once it is answered.</param>
public sealed record ReplacesHeader(string CallId, string ToTag, string FromTag, bool IsEarlyOnly = false)
{
    /// <summary>A longer one names no dialog of anybody's.</summary>
    private const int MostCharacters = 512;

    private static readonly SearchValues<char> NotInCallId = SearchValues.Create(" \t,;<>\"");

    public override string ToString() => $"{CallId};to-tag={ToTag};from-tag={FromTag}{(IsEarlyOnly ? ";early-only" : "")}";

    public static bool TryParse(string text, [NotNullWhen(true)] out ReplacesHeader? parsed)
    {
        parsed = null;
        var end = text.IndexOf(';', StringComparison.Ordinal);
        if (end <= 0 || text.Length > MostCharacters || !SipHeader.IsValidValue(text) || !Parameters.TryParse(text, end, out var parameters, out _)) return false;
        var callId = text[..end].Trim(' ', '\t');
        if (callId.Length == 0 || callId.AsSpan().ContainsAny(NotInCallId) || parameters["to-tag"] is not { Length: > 0 } to || parameters["from-tag"] is not { Length: > 0 } from) return false;
        parsed = new ReplacesHeader(callId, to, from, parameters.Has("early-only"));
        return true;
    }
}
