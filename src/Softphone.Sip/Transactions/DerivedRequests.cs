using System.Globalization;

namespace Softphone.Sip;

/// <summary>The two requests that a transaction makes from its INVITE: the ACK to a refusal, and the CANCEL.</summary>
internal static class DerivedRequests
{
    /// <summary>Same branch, Request-URI and Route; To as the response has it; the credentials of the INVITE (§17.1.1.3, §22.1).</summary>
    public static SipRequest AckFor(SipRequest invite, SipResponse response)
    {
        var ack = From(invite, SipMethod.Ack, response.Headers.Get(HeaderName.To));
        foreach (var name in (string[])[HeaderName.Authorization, HeaderName.ProxyAuthorization])
            foreach (var value in invite.Headers.GetAll(name)) ack.Headers.Add(name, value);
        return ack;
    }

    /// <summary>Same branch, Request-URI, number, To and Route; neither Require nor Proxy-Require (§9.1).</summary>
    public static SipRequest CancelFor(SipRequest invite, string? reason)
    {
        var cancel = From(invite, SipMethod.Cancel, invite.Headers.Get(HeaderName.To));
        if (reason is not null) cancel.Headers.Add(HeaderName.Reason, reason);
        return cancel;
    }

    private static SipRequest From(SipRequest invite, string method, string? to)
    {
        var made = new SipRequest(method, invite.RequestUri);
        if (invite.Headers.TryVia(out var via)) made.Headers.Add(HeaderName.Via, via.ToString());
        made.Headers.Add(HeaderName.MaxForwards, "70");
        foreach (var route in invite.Headers.GetAll(HeaderName.Route)) made.Headers.Add(HeaderName.Route, route);
        made.Headers.Add(HeaderName.From, invite.Headers.Get(HeaderName.From) ?? "");
        made.Headers.Add(HeaderName.To, to ?? "");
        made.Headers.Add(HeaderName.CallId, invite.Headers.CallId ?? "");
        invite.Headers.TryCSeq(out var cseq);
        made.Headers.Add(HeaderName.CSeq, string.Create(CultureInfo.InvariantCulture, $"{cseq.Number} {method}"));
        return made;
    }
}
