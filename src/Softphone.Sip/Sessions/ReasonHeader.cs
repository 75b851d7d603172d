using System.Globalization;

namespace Softphone.Sip;

/// <summary>Why a CANCEL or BYE was sent (RFC 3326), or a call refused (RFC 6432).</summary>
/// <param name="Protocol">"SIP" or "Q.850".</param>
/// <param name="Cause">A SIP status or a Q.850 cause; 0 when none is given.</param>
/// <param name="Text">For a person; may be empty.</param>
internal readonly record struct ReasonHeader(string Protocol, int Cause, string Text)
{
    /// <summary>More are not looked at: there is one for each protocol (RFC 3326 §2).</summary>
    private const int Most = 8;

    /// <summary>Another phone took the call: it was not missed.</summary>
    public bool IsElsewhere => Cause == 200 && IsSip;

    public bool IsTelephony => Protocol?.Equals("Q.850", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>What it says to a person: its text, else what its cause means; empty where neither is known.</summary>
    public string Words => Text is { Length: > 0 } ? Text
        : IsTelephony ? OfTelephony(Cause)
        : IsSip && Cause is >= 300 and < 700 ? ReasonPhrase.Of(Cause)
        : "";

    private bool IsSip => Protocol?.Equals("SIP", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The one that tells a person most: another phone took it, else the first with words; default when none can be read.</summary>
    public static ReasonHeader Of(SipMessage message)
    {
        ReasonHeader best = default;
        foreach (var text in message.Headers.GetList(HeaderName.Reason).Take(Most))
        {
            if (!TryParse(text, out var reason)) continue;
            if (reason.IsElsewhere) return reason;
            if (best.Protocol is null || (best.Words.Length == 0 && reason.Words.Length > 0)) best = reason;
        }

        return best.Protocol is null ? new ReasonHeader("", 0, "") : best;
    }

    public static bool TryParse(string text, out ReasonHeader reason)
    {
        reason = default;
        var end = text.IndexOf(';', StringComparison.Ordinal);
        var protocol = (end < 0 ? text : text[..end]).Trim(' ', '\t');
        var parameters = Parameters.Empty;
        if (!Grammar.IsToken(protocol) || (end >= 0 && !Parameters.TryParse(text, end, out parameters, out _))) return false;
        reason = new ReasonHeader(protocol, int.TryParse(parameters["cause"], NumberStyles.None, CultureInfo.InvariantCulture, out var cause) ? cause : 0, parameters["text"] ?? "");
        return true;
    }

    /// <summary>The causes that telephone networks give most (ITU-T Q.850 §2.2.7), in our words.</summary>
    private static string OfTelephony(int cause) => cause switch
    {
        1 => "the number is not in use",
        2 or 3 => "there is no way to that number",
        16 => "",
        17 => "busy",
        18 or 19 => "nobody answers",
        20 => "the phone cannot be reached",
        21 => "refused",
        22 => "the number has changed",
        27 => "the line is out of order",
        28 => "the number is not complete",
        34 => "no line is free",
        38 => "the telephone network is out of order",
        41 => "a failure of the telephone network, for a moment",
        42 => "the telephone network is overloaded",
        50 or 57 => "the line may not do that",
        58 or 65 or 79 => "the telephone network cannot do that",
        88 => "the other end cannot take such a call",
        102 => "the telephone network did not answer in time",
        127 => "the telephone network does not say why",
        > 0 => $"telephone network cause {cause}",
        _ => "",
    };
}
