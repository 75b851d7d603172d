using System.Security.Cryptography;
using System.Text;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What a request is refused with before anything rings (RFC 3261 §8.2.1–8.2.3).</summary>
internal sealed partial class Intake
{
    private static readonly string[] Served = AgentCore.Allow.Split(',');

    private string? _tagSecret;

    private SipResponse? RefusalOf(SipRequest request)
    {
        if (!Served.Contains(request.Method))
            return With(core.Response(request, SipMethod.IsKnown(request.Method) ? 405 : 501), HeaderName.Allow, AgentCore.Allow);
        if (!request.RequestUri.IsSip && !request.RequestUri.IsTel) return core.Response(request, 416);
        var unknown = request.Headers.Require.Where(tag => !core.Understands(tag)).ToList();
        if (unknown.Count > 0) return With(core.Response(request, 420), HeaderName.Unsupported, string.Join(", ", unknown));
        if (request.Method is not (SipMethod.Invite or SipMethod.Update or SipMethod.Prack)) return null;
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
        if (request.Method == SipMethod.Ack || !request.Headers.Has(HeaderName.Via) || !_unsolicited.Take(now, flow.Remote.Ip, request.Octets))
        {
            core.Transport.Unread.Note(now, flow.Remote, $"{request.Method} with a {(reason ?? "broken head")}");
            core.Transport.Drop(now, flow, reason ?? "broken request");
            return;
        }

        var refusal = core.Response(request, status, reason);
        // A Via that cannot be read says nothing of where answers are wanted: then where it came from (RFC 4475 §3.1.2.1).
        if (request.Headers.TryVia(out var via)) AnswerStateless(now, flow, via, refusal);
        else core.Transport.Send(now, flow, refusal, refusal.ToArray());
    }

    /// <summary>A call that asks for what we do not have, by somebody who may call us: a person wants to know why nothing rang.</summary>
    private void Refuse(Instant now, in Flow flow, Transaction transaction, SipRequest invite, Account? account, SipResponse refusal)
    {
        invite.Headers.TryFrom(out var from);
        if (refusal.Headers.Get(HeaderName.Unsupported) is not null)
            _refused.Count(now, flow, invite, CallRefusal.Lacking, Asserted(flow, invite, account) ?? from!, refusal.Status, demands: OptionTags.Describe(invite.Headers.Require.Where(tag => !core.Understands(tag))));
        core.Transactions.Respond(now, transaction, refusal);
    }

    /// <summary>A call that does not ring: counted, told of now and then, and answered at no cost.</summary>
    private void TurnAway(Instant now, in Flow flow, SipRequest invite, CallRefusal why, int status)
    {
        invite.Headers.TryVia(out var via);
        invite.Headers.TryFrom(out var from);
        _refused.Count(now, flow, invite, why, from!, status);
        AnswerStateless(now, flow, via!, core.Response(invite, status, toTag: StatelessTag(invite, via!)));
    }

    /// <summary>One call too many. One that a server of ours sends is a call that a person misses: it is told, once however often it is repeated.</summary>
    private void TurnAwayBusy(Instant now, in Flow flow, SipRequest invite, Account? account)
    {
        if (account?.Servers.IsFrom(flow.Remote.Ip) != true)
        {
            TurnAway(now, flow, invite, CallRefusal.Busy, 486);
            return;
        }

        if (core.Transactions.StartServer(now, invite, flow, null) is not { } transaction) return;
        invite.Headers.TryFrom(out var from);
        _refused.Count(now, flow, invite, CallRefusal.Busy, Asserted(flow, invite, account) ?? from!, 486, isMissed: true);
        Respond(now, transaction, 486);
    }

    /// <summary>
    /// A call that its account turns away before anything is opened for it: each that comes by our server is told, for somebody may have been wanted. Only
    /// such a one learns where the person is to be reached (302, RFC 3261 §21.3.3).
    /// </summary>
    private bool Divert(Instant now, in Flow flow, SipRequest invite, Account account)
    {
        var isByServer = account.Servers.IsFrom(flow.Remote.Ip);
        if (account.Diversion.Of(isByServer, core.IsBusy) is not { } diverted) return false;
        if (core.Transactions.StartServer(now, invite, flow, null) is not { } transaction) return true;
        invite.Headers.TryFrom(out var from);
        var why = diverted.Target is null ? CallRefusal.DoNotDisturb : CallRefusal.Forwarded;
        _refused.Count(now, flow, invite, why, Asserted(flow, invite, account) ?? from!, diverted.Status, isMissed: isByServer, forwarded: diverted.Target);
        var answer = core.Response(invite, diverted.Status);
        if (diverted.Target is { } target) answer.Headers.Add(HeaderName.Contact, new NameAddr(target).ToString());
        core.Transactions.Respond(now, transaction, answer);
        return true;
    }

    private void AnswerStateless(Instant now, in Flow flow, Via via, SipResponse response) =>
        core.Transport.Send(now, ResponseRoute.Of(via, flow), response, response.ToArray());

    /// <summary>A To tag that a repetition of the request gets again, though nothing of the first is kept (§8.2.7).</summary>
    private string StatelessTag(SipRequest request, Via via)
    {
        _tagSecret ??= core.NewTag();
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{_tagSecret} {request.Headers.CallId} {via.Branch}")), 0, 8);
    }

    private static SipResponse With(SipResponse response, string name, string value)
    {
        response.Headers.Add(name, value);
        return response;
    }
}
