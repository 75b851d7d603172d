namespace Softphone.Sip;

/// <summary>
/// Whether a request is fit to be processed, and if not, what it is owed (RFC 3261 §8.1.1, §8.2.2, RFC 4475). It judges the
/// message alone: which methods, schemes and extensions are supported is for the core to say.
/// </summary>
public static class SipValidator
{
    /// <summary>The status and reason owed; null when the request is sound. An ACK is never answered, whatever this says (§17).</summary>
    public static (int Status, string Reason)? Check(SipRequest request)
    {
        var headers = request.Headers;
        if (request.Version != "SIP/2.0") return (505, ReasonPhrase.Of(505));
        if (request.Flaw is { } flaw) return Bad(flaw.What);
        foreach (var name in HeaderName.Singletons)
            if (headers.CountOf(name) > 1) return Bad($"More Than One {name}");
        if (!headers.TryVias(out _)) return Fault(headers, HeaderName.Via);
        if (!headers.TryTo(out var to)) return Fault(headers, HeaderName.To);
        if (!headers.TryFrom(out var from)) return Fault(headers, HeaderName.From);
        if (string.IsNullOrEmpty(headers.CallId)) return Fault(headers, HeaderName.CallId);
        if (!headers.TryCSeq(out var cseq)) return Fault(headers, HeaderName.CSeq);
        if (cseq.Method != request.Method) return SipMethod.IsKnown(request.Method) ? Bad("CSeq Method Differs") : (501, ReasonPhrase.Of(501));
        if (headers.Has(HeaderName.MaxForwards) && headers.MaxForwards is null) return Fault(headers, HeaderName.MaxForwards);
        return CheckTarget(request.RequestUri) ?? CheckContact(request, from, to) ?? CheckBody(headers);
    }

    private static (int Status, string Reason)? CheckTarget(SipUri uri)
    {
        if (uri.Scheme.Length == 0) return Bad("Malformed Request-URI");
        return uri.Headers.Length > 0 ? Bad("Headers in Request-URI") : null;
    }

    private static (int Status, string Reason)? CheckContact(SipRequest request, NameAddr from, NameAddr to)
    {
        var headers = request.Headers;
        var isStar = request.Method == SipMethod.Register && headers.ContactIsStar;
        if (!isStar && !headers.TryContacts(out _)) return Fault(headers, HeaderName.Contact);
        // A client of RFC 2543, told by the missing From tag, may leave Contact out of an INVITE (RFC 4475 §3.4.1). Within a dialog it is a SHOULD:
        // the peer stays where it was (§12.2.1.1).
        var needsContact = request.Method == SipMethod.Invite && from.Tag is not null && to.Tag is null;
        if (needsContact && !headers.Has(HeaderName.Contact)) return Fault(headers, HeaderName.Contact);
        if (!headers.TryAddresses(HeaderName.Route, out _)) return Fault(headers, HeaderName.Route);
        return headers.TryAddresses(HeaderName.RecordRoute, out _) ? null : Fault(headers, HeaderName.RecordRoute);
    }

    private static (int Status, string Reason)? CheckBody(SipHeaders headers) =>
        headers.Has(HeaderName.ContentType) && headers.ContentType is null ? Fault(headers, HeaderName.ContentType) : null;

    private static (int Status, string Reason) Fault(SipHeaders headers, string name) =>
        Bad(headers.Has(name) ? $"Malformed {name}" : $"Missing {name}");

    private static (int Status, string Reason) Bad(string what) => (400, $"Bad Request ({what})");
}
