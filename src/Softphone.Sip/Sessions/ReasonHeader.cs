namespace Softphone.Sip;

/// <summary>Why a CANCEL or BYE was sent (RFC 3326).</summary>
/// <param name="Protocol">"SIP" or "Q.850".</param>
/// <param name="Cause">A SIP status or a Q.850 cause; 0 when none is given.</param>
/// <param name="Text">For a person; may be empty.</param>
internal readonly record struct ReasonHeader(string Protocol, int Cause, string Text)
{
    /// <summary>Another phone took the call: it was not missed.</summary>
    public bool IsElsewhere => Cause == 200 && Protocol.Equals("SIP", StringComparison.OrdinalIgnoreCase);

    /// <summary>The first Reason; default when there is none that can be read.</summary>
    public static ReasonHeader Of(SipMessage message)
    {
        if (!message.Headers.TryValue(HeaderName.Reason, out var protocol, out var parameters)) return default;
        return new ReasonHeader(protocol, int.TryParse(parameters["cause"], out var cause) ? cause : 0, parameters["text"] ?? "");
    }
}
