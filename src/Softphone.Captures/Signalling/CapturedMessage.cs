using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>A SIP message as it was seen at one place of the wire.</summary>
/// <param name="Number">Its place in the capture, from 1.</param>
/// <param name="At">When.</param>
/// <param name="Transport">UDP, TCP, or TLS that was decrypted.</param>
/// <param name="From">Who sent it there.</param>
/// <param name="To">To whom.</param>
/// <param name="Value">The message.</param>
/// <param name="IsRepeat">The same was seen before on this hop: a retransmission.</param>
public sealed record CapturedMessage(int Number, Instant At, Transport Transport, Address From, Address To, SipMessage Value, bool IsRepeat)
{
    /// <summary>Of a response; 0 for a request.</summary>
    public int Status => (Value as SipResponse)?.Status ?? 0;

    public bool IsRequest => Value is SipRequest;

    /// <summary>Of a response that of its request; empty where it does not say.</summary>
    public string Method { get; } = Value is SipRequest request ? request.Method : Value.Headers.TryCSeq(out var cseq) ? cseq.Method : "";

    /// <summary>0 where there is none.</summary>
    public uint CSeq { get; } = Value.Headers.TryCSeq(out var cseq) ? cseq.Number : 0;

    public string FromTag { get; } = Value.Headers.TryFrom(out var from) ? from.Tag ?? "" : "";

    public string ToTag { get; } = Value.Headers.TryTo(out var to) ? to.Tag ?? "" : "";

    /// <summary>The description that it brings; null when there is none that can be read.</summary>
    public SessionDescription? Sdp { get; } =
        MessageBody.FindSdp(Value, out var body) == MessageBody.Finding.Sdp && SessionDescription.TryParse(body.Span, out var sdp, out _) ? sdp : null;

    /// <summary>Candidates that it tells outside of offer and answer (RFC 8840); null when it has none.</summary>
    public SdpFragment? Fragment { get; } =
        Value is SipRequest { Method: SipMethod.Info } && Value.Headers.Get(HeaderName.ContentType)?.StartsWith(SdpFragment.ContentType, StringComparison.OrdinalIgnoreCase) == true
        && SdpFragment.TryParse(Value.Body.Span, out var fragment, out _) ? fragment : null;

    /// <summary>"INVITE", "200 OK (REGISTER)".</summary>
    public string Label => Value is SipResponse response
        ? $"{response.Status} {response.Reason}{(Method is SipMethod.Invite or "" ? "" : $" ({Method})")}"
        : Method;

    /// <summary>The message, secrets masked.</summary>
    public string Text => Value.ToMaskedString();

    public bool Is(string method) => Method == method;
}
