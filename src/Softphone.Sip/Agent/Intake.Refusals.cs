using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What a request is refused with before anything rings (RFC 3261 §8.2.1–8.2.3).</summary>
internal sealed partial class Intake
{
    private static readonly string[] Served = AgentCore.Allow.Split(", ");

    private SipResponse? RefusalOf(SipRequest request)
    {
        if (!Served.Contains(request.Method))
            return With(core.Response(request, SipMethod.IsKnown(request.Method) ? 405 : 501), HeaderName.Allow, AgentCore.Allow);
        if (!request.RequestUri.IsSip && !request.RequestUri.IsTel) return core.Response(request, 416);
        var unknown = request.Headers.Require.Where(tag => !core.Understands(tag)).ToList();
        if (unknown.Count > 0) return With(core.Response(request, 420), HeaderName.Unsupported, string.Join(", ", unknown));
        if (request.Method is not (SipMethod.Invite or SipMethod.Update)) return null;
        if (request.Headers.TryValue(HeaderName.SessionExpires, out var asked, out _) && Grammar.TryNumber(asked, out var seconds) && seconds < Session.LeastInterval
            && request.Headers.Supported.Contains("timer", StringComparer.OrdinalIgnoreCase))
            return With(core.Response(request, 422), HeaderName.MinSE, Session.LeastInterval.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (MessageBody.FindSdp(request, out _) == MessageBody.Finding.Unsupported)
        {
            var isEncoded = request.Headers.Has(HeaderName.ContentEncoding);
            return With(core.Response(request, 415), isEncoded ? HeaderName.AcceptEncoding : HeaderName.Accept, isEncoded ? "identity" : MediaType.ApplicationSdp);
        }

        var accept = request.Headers.GetList(HeaderName.Accept);
        var takesSdp = accept.Count == 0 || accept.Any(range => MediaType.TryParse(range, out var type) && type.Takes(MediaType.ApplicationSdp));
        return takesSdp ? null : core.Response(request, 406);
    }

    private void Respond(Instant now, Transaction transaction, int status) =>
        core.Transactions.Respond(now, transaction, core.Response(transaction.Request, status));

    /// <summary>Answers without keeping anything: what is broken is not worth a transaction. An ACK is never answered.</summary>
    private void RefuseStateless(Instant now, in Flow flow, SipRequest request, int status, string? reason)
    {
        if (request.Method == SipMethod.Ack || !request.Headers.TryVia(out var via) || !_unsolicited.Take(now, flow.Remote.Ip, request.Octets))
        {
            core.Transport.Drop(now, flow, reason ?? "broken request");
            return;
        }

        var response = core.Response(request, status, reason);
        core.Transport.Send(now, ResponseRoute.Of(via, flow), response, response.ToArray());
    }

    private static SipResponse With(SipResponse response, string name, string value)
    {
        response.Headers.Add(name, value);
        return response;
    }
}
