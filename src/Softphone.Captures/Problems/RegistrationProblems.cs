using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>Bindings that ran out.</summary>
internal static class RegistrationProblems
{
    public static IEnumerable<Problem> Of(CapturedDialog dialog, IReadOnlyList<SipExchange> exchanges, CaptureFacts facts)
    {
        if (exchanges.LastOrDefault(e => e.Request.Is(SipMethod.Register)) is not { Final: { Status: >= 200 and < 300 } granted } last) yield break;
        if (Granted(last.Request, granted) is not { } seconds || seconds == 0) yield break;
        var over = facts.Ended - granted.At - TimeSpan.FromSeconds(seconds);
        if (over <= TimeSpan.Zero) yield break;
        yield return new Problem(
            ProblemKind.RegistrationExpired, Severity.Trouble, granted.At + TimeSpan.FromSeconds(seconds), dialog.Number,
            $"SIP: the registration of {ProblemFinder.UserOf(dialog.To)} at {last.Request.To} was granted for {seconds} s and not renewed: it has been over for {over.TotalSeconds:0} s at the end of the capture",
            "calls to it are lost from then on: see why the phone does not register again before that");
    }

    /// <summary>What the registrar gave our binding: at the Contact, else in Expires (RFC 3261 §10.2.4). Null where nothing says, or the request took the binding away.</summary>
    private static uint? Granted(CapturedMessage request, CapturedMessage response)
    {
        var headers = response.Value.Headers;
        if (!request.Value.Headers.TryContact(out var own)) return null;
        if ((own.Expires ?? request.Value.Headers.Expires) == 0) return null;
        headers.TryContacts(out var bindings);
        var ours = bindings.FirstOrDefault(b => b.Uri.Host == own.Uri.Host && b.Uri.EffectivePort == own.Uri.EffectivePort) ?? (bindings.Count == 1 ? bindings[0] : null);
        return ours?.Expires ?? headers.Expires ?? own.Expires ?? request.Value.Headers.Expires;
    }
}
