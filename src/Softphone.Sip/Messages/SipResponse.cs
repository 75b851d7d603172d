namespace Softphone.Sip;

/// <summary>A response (RFC 3261 §7.2).</summary>
public sealed class SipResponse : SipMessage
{
    /// <exception cref="ArgumentException">The status is not in 100..699 or the reason holds a line break.</exception>
    public SipResponse(int status, string? reason = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        reason ??= ReasonPhrase.Of(status);
        if (!SipHeader.IsValidValue(reason)) throw new ArgumentException("a line break in the reason phrase", nameof(reason));
        Status = status;
        Reason = reason;
    }

    /// <summary>100 to 699.</summary>
    public int Status { get; }

    /// <summary>The reason phrase, for a person; may be empty.</summary>
    public string Reason { get; }

    public bool IsProvisional => Status < 200;

    /// <summary>The number of a provisional response that wants to be acknowledged (RFC 3262 §4); null for any other.</summary>
    public uint? ReliableNumber => Status is > 100 and < 200 && Headers.RSeq is > 0 and var number && Headers.Lists(HeaderName.Require, OptionTags.Prack) ? number : null;

    public bool IsSuccess => Status is >= 200 and < 300;

    public override string StartLine => $"SIP/2.0 {Status} {Reason}";

    /// <summary>
    /// The response to a request: Vias, From, To, Call-ID and CSeq copied, every Record-Route in order where the response may
    /// make a dialog, Timestamp into a 100 (RFC 3261 §8.2.6, §12.1.1). What the request lacks is left out, so a broken request
    /// can be answered too.
    /// </summary>
    /// <param name="request">The request answered.</param>
    /// <param name="status">100 to 699.</param>
    /// <param name="reason">The usual phrase when null.</param>
    /// <param name="toTag">Added to To unless To has one already or the status is 100.</param>
    public static SipResponse For(SipRequest request, int status, string? reason = null, string? toTag = null)
    {
        var response = new SipResponse(status, reason);
        var makesDialog = status is > 100 and < 300 && request.Method is SipMethod.Invite or SipMethod.Subscribe or SipMethod.Refer or SipMethod.Notify;
        foreach (var header in request.Headers)
        {
            switch (header.Name)
            {
                case HeaderName.Via or HeaderName.From or HeaderName.CallId or HeaderName.CSeq:
                case HeaderName.RecordRoute when makesDialog:
                case HeaderName.Timestamp when status == 100:
                    response.Headers.Add(header);
                    break;
                case HeaderName.To:
                    var tagged = toTag is not null && status != 100 && NameAddr.TryParse(header.Value, out var to, out _) && to.Tag is null;
                    response.Headers.Add(HeaderName.To, tagged ? $"{header.Value};tag={toTag}" : header.Value);
                    break;
            }
        }

        return response;
    }
}
