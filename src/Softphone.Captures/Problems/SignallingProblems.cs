using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>Requests that nobody answered, that were refused, whose credentials were, or that were sent again.</summary>
internal static class SignallingProblems
{
    private static readonly string[] Mandatory = [HeaderName.Via, HeaderName.From, HeaderName.To, HeaderName.CallId, HeaderName.CSeq];

    /// <summary>T1 of RFC 3261 is half a second: whoever has waited for so long has sent twice.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static IEnumerable<Problem> Of(CapturedDialog dialog, IReadOnlyList<SipExchange> exchanges, CaptureFacts facts)
    {
        var told = new HashSet<ProblemKind>();
        var found = Credentials(dialog, exchanges)
            .Concat(NoAnswers(dialog, exchanges, facts))
            .Concat(Refusals(dialog, exchanges))
            .Concat(Acknowledgements(dialog, exchanges, facts))
            .Concat(Repeats(dialog, exchanges))
            .Concat(Malformed(dialog));
        foreach (var problem in found)
        {
            // What was refused for its credentials was refused.
            if (problem.Kind == ProblemKind.Refused && told.Contains(ProblemKind.WrongCredentials)) continue;
            if (problem.Kind == ProblemKind.Retransmitted && told.Overlaps([ProblemKind.NoAnswer, ProblemKind.AckMissing])) continue;
            if (told.Add(problem.Kind)) yield return problem;
        }
    }

    /// <summary>A request that answers a challenge of this moment and is challenged again: the password, or the user, is not what the server has.</summary>
    private static IEnumerable<Problem> Credentials(CapturedDialog dialog, IReadOnlyList<SipExchange> exchanges)
    {
        SipExchange? refused = null;
        var count = 0;
        var nonces = new HashSet<string>(StringComparer.Ordinal);
        foreach (var exchange in exchanges)
        {
            if (exchange.Final is not { } final) continue;
            var headers = exchange.Request.Value.Headers;
            var credentials = headers.GetAll(HeaderName.Authorization).Concat(headers.GetAll(HeaderName.ProxyAuthorization)).ToList();
            var isStale = Challenges(final).Any(c => c.Contains("stale=true", StringComparison.OrdinalIgnoreCase));
            if (final.Status is 401 or 407 && !isStale && credentials.Any(c => nonces.Contains(Field(c, "nonce"))))
            {
                refused ??= exchange;
                count++;
            }
            else if (final.Status == 403 && credentials.Count > 0 && exchange.Request.Is(SipMethod.Register))
            {
                refused = exchange;
                count++;
            }
            else if (final.Status is >= 200 and < 300 && exchange.Request.Method == refused?.Request.Method)
            {
                refused = null;
            }

            if (final.Status is 401 or 407) foreach (var challenge in Challenges(final)) nonces.Add(Field(challenge, "nonce"));
        }

        if (refused?.Final is not { } answer) yield break;
        var realm = Challenges(answer).Select(c => Field(c, "realm")).FirstOrDefault(r => r.Length > 0) ?? "";
        var user = refused.Request.Value.Headers.GetAll(HeaderName.Authorization).Concat(refused.Request.Value.Headers.GetAll(HeaderName.ProxyAuthorization)).Select(c => Field(c, "username")).FirstOrDefault(u => u.Length > 0) ?? "";
        yield return new Problem(
            ProblemKind.WrongCredentials, Severity.Failure, answer.At, dialog.Number,
            $"SIP: {refused.Request.To} does not take the credentials of {user} for {refused.Request.Method}{(realm.Length > 0 ? $" (realm {realm})" : "")}: {answer.Label}, {ProblemFinder.Times(count)}",
            "check user name and password; the user name of authentication may differ from the number");
    }

    private static IEnumerable<Problem> NoAnswers(CapturedDialog dialog, IReadOnlyList<SipExchange> exchanges, CaptureFacts facts)
    {
        foreach (var exchange in exchanges)
        {
            var request = exchange.Request;
            if (exchange.Responses.Count > 0 || (exchange.Sends == 1 && facts.Ended - request.At < Patience)) continue;
            // Another server of the same name may have answered the same request.
            if (exchanges.Any(e => e != exchange && e.Request.Method == request.Method && e.Request.From == request.From && e.Responses.Count > 0 && e.Request.At >= request.At)) continue;
            var over = exchange.LastSent - request.At;
            yield return new Problem(
                ProblemKind.NoAnswer, request.Method is SipMethod.Invite or SipMethod.Register or SipMethod.Message ? Severity.Failure : Severity.Trouble, request.At, dialog.Number,
                $"SIP: nobody at {request.To} answered {request.Method} from {request.From}, sent {ProblemFinder.Times(exchange.Sends)}{(exchange.Sends > 1 ? $" over {Seconds(over)}" : "")}",
                "see whether it arrives there (a capture at that side), and whether a firewall lets the answer back");
            yield break;
        }
    }

    private static IEnumerable<Problem> Refusals(CapturedDialog dialog, IReadOnlyList<SipExchange> exchanges)
    {
        if (dialog.Kind == SipDialogKind.Call)
        {
            if (dialog.Call.Refusal is { Status: >= 400 } refusal && dialog.Call.Cancel is null) yield return Refused(dialog, refusal, "the call");
            foreach (var exchange in exchanges)
                if (exchange.Request.ToTag.Length > 0 && exchange.Final is { Status: >= 400 and not (401 or 407 or 491 or 487) } later)
                    yield return Refused(dialog, later, exchange.Request.Method) with { Severity = exchange.Request.Is(SipMethod.Bye) ? Severity.Oddity : Severity.Trouble };
            yield break;
        }

        if (exchanges.LastOrDefault(e => e.Final is not null)?.Final is not { Status: >= 400 } last) yield break;
        // A server that says no to OPTIONS is there, which is what was asked; one that does not know an event need not (RFC 6665 §8.3.2).
        yield return Refused(dialog, last, last.Method) with { Severity = dialog.Kind is SipDialogKind.Registration or SipDialogKind.Message ? Severity.Failure : dialog.Kind == SipDialogKind.Options || last.Status == 489 ? Severity.Oddity : Severity.Trouble };
    }

    private static Problem Refused(CapturedDialog dialog, CapturedMessage response, string what)
    {
        var warning = response.Value.Headers.Get(HeaderName.Warning) ?? response.Value.Headers.Get(HeaderName.Reason);
        var isMedia = response.Status is 488 or 606 && response.Is(SipMethod.Invite);
        var offered = isMedia && dialog.Call.Descriptions.LastOrDefault(d => d.IsOffer && d.At <= response.At)?.Sent.Audio is { } audio ? $"; offered were {SdpCodecs.Describe(SdpCodecs.Of(audio))} by {audio.Protocol}" : "";
        return new Problem(
            isMedia ? ProblemKind.SdpMismatch : ProblemKind.Refused, Severity.Failure, response.At, dialog.Number,
            $"SIP: {response.From} refused {what}{(what == "the call" ? $" to {dialog.To}" : "")}: {response.Status} {(response.Value as SipResponse)?.Reason}{(warning is null ? "" : $" ({warning})")}{offered}",
            Advice(response.Status));
    }

    private static string Advice(int status) => status switch
    {
        401 or 407 => "the request was challenged and not sent again with credentials: give the account a password",
        403 => "the server knows the request and will not have it: see the rights of the account there",
        404 or 604 => "nobody of that name is known there: see the number, and the domain behind @",
        408 or 480 => "the one who was called is not registered, or did not answer in time",
        486 or 600 => "the one who was called is busy",
        488 or 606 => "let both sides have a codec in common, and the same of plain RTP and SRTP",
        503 => "the server is overloaded or has no way on: see its trunks",
        _ => "",
    };

    private static IEnumerable<Problem> Acknowledgements(CapturedDialog dialog, IReadOnlyList<SipExchange> exchanges, CaptureFacts facts)
    {
        if (dialog.Kind != SipDialogKind.Call || dialog.Call.Answer is not { } answer || dialog.Call.Ack is not null) yield break;
        var repeats = exchanges.Where(e => e.Request.Is(SipMethod.Invite) && e.Final is { Status: < 300 }).Select(e => e.FinalRepeats).DefaultIfEmpty().Max();
        if (repeats < 2 && (facts.Ended - answer.At < Patience || dialog.Call.Bye is not null)) yield break;
        if (repeats < 1) yield break;
        var contact = answer.Value.Headers.TryContact(out var target) ? target.Uri.ToString() : "its Contact";
        yield return new Problem(
            ProblemKind.AckMissing, Severity.Failure, answer.At, dialog.Number,
            $"SIP: {answer.From} answered the call and sent its 200 again {ProblemFinder.Times(repeats)}, since no ACK came",
            $"ACK goes to {contact}, or by Record-Route: see whether the caller can reach that, and whether something rewrote it");
    }

    private static IEnumerable<Problem> Repeats(CapturedDialog dialog, IReadOnlyList<SipExchange> exchanges)
    {
        const int many = 2;
        var worst = exchanges.Where(e => e.Sends > 1 && e.Responses.Count > 0).MaxBy(e => e.Sends);
        if (worst is not null)
            yield return new Problem(
                ProblemKind.Retransmitted, worst.Sends > many ? Severity.Trouble : Severity.Oddity, worst.Request.At, dialog.Number,
                $"SIP: {worst.Request.From} sent {worst.Request.Method} {ProblemFinder.Times(worst.Sends)} to {worst.Request.To} before {worst.Responses[0].Label} came after {Seconds(worst.Responses[0].At - worst.Request.At)}",
                "packets are lost on the way, or the server is slow");
        var again = exchanges.Where(e => e is { Sends: 1, FinalRepeats: > 0 } && e.Final?.Status < 300).MaxBy(e => e.FinalRepeats);
        if (worst is null && again is not null)
            yield return new Problem(
                ProblemKind.Retransmitted, again.FinalRepeats >= many ? Severity.Trouble : Severity.Oddity, again.Final!.At, dialog.Number,
                $"SIP: {again.Final.From} sent {again.Final.Label} again {ProblemFinder.Times(again.FinalRepeats)}: {(again.Request.Is(SipMethod.Invite) ? "the ACK came late, or did not arrive" : "it did not arrive")}");
    }

    /// <summary>What RFC 3261 §8.1.1 and §8.2.6 want in every message, and what else the reader had to overlook.</summary>
    private static IEnumerable<Problem> Malformed(CapturedDialog dialog)
    {
        foreach (var message in dialog.Messages)
        {
            var missing = Mandatory.Where(name => !message.Value.Headers.Has(name)).ToList();
            var flaw = missing.Count > 0 ? $"lacks {string.Join(", ", missing)}" : message.Value.Flaw?.ToString();
            if (flaw is null) continue;
            yield return new Problem(ProblemKind.Malformed, Severity.Trouble, message.At, dialog.Number, $"SIP: {message.Label} of {message.From} is malformed: {flaw}", "another program may throw it away, or answer 400");
            yield break;
        }
    }

    private static IEnumerable<string> Challenges(CapturedMessage response) =>
        response.Value.Headers.GetAll(HeaderName.WwwAuthenticate).Concat(response.Value.Headers.GetAll(HeaderName.ProxyAuthenticate));

    /// <summary>The value of a field of a challenge or of credentials; empty without.</summary>
    private static string Field(string header, string name)
    {
        var at = header.IndexOf(name + "=", StringComparison.OrdinalIgnoreCase);
        // cnonce ends with nonce.
        while (at > 0 && char.IsAsciiLetter(header[at - 1])) at = header.IndexOf(name + "=", at + 1, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return "";
        var value = header.AsSpan(at + name.Length + 1).TrimStart();
        if (value.StartsWith("\"")) return value[1..] is var rest && rest.IndexOf('"') is >= 0 and var end ? rest[..end].ToString() : rest.ToString();
        var stop = value.IndexOfAny(", ");
        return (stop < 0 ? value : value[..stop]).ToString();
    }

    private static string Seconds(TimeSpan time) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
