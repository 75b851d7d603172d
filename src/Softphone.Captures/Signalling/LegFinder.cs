using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>
/// Finds dialogs that are legs of one call. A Session-ID says it (RFC 7989). Else a host that was called a moment ago calls on, and the two have a user of From or To, or the session of their descriptions,
/// in common: so a B2BUA shows itself.
/// </summary>
internal static class LegFinder
{
    private const int MostBefore = 200;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    public static void Link(IReadOnlyList<CapturedDialog> dialogs)
    {
        var bySession = new Dictionary<string, CapturedDialog>(StringComparer.Ordinal);
        var called = new Dictionary<IpAddress, List<CapturedDialog>>();
        foreach (var dialog in dialogs)
        {
            if (dialog.Kind != SipDialogKind.Call || dialog.Call.Invite is not { } invite) continue;
            foreach (var session in Sessions(dialog))
                if (!bySession.TryAdd(session, dialog)) Join(bySession[session], dialog);
            if (called.TryGetValue(invite.From.Ip, out var before))
                if (before.TakeLast(MostBefore).LastOrDefault(d => IsLeg(d, dialog)) is { } first) Join(first, dialog);
            if (!called.TryGetValue(invite.To.Ip, out var list)) called[invite.To.Ip] = list = [];
            list.Add(dialog);
        }
    }

    private static void Join(CapturedDialog a, CapturedDialog b)
    {
        a.Link(b.Number);
        b.Link(a.Number);
    }

    private static bool IsLeg(CapturedDialog first, CapturedDialog second)
    {
        var (a, b) = (first.Call.Invite!, second.Call.Invite!);
        if (first == second || b.At < a.At || b.At - a.At > Soon || (first.State is DialogState.Ended or DialogState.Refused or DialogState.Cancelled && first.Ended < b.At)) return false;
        if (a.Sdp?.Origin is { } origin && origin.SessionId == b.Sdp?.Origin.SessionId && origin.SessionId.Length > 3) return true;
        return Users(a, to: true).Any(u => Users(b, to: true).Contains(u)) || Users(a, to: false).Any(u => Users(b, to: false).Contains(u));
    }

    private static List<string> Users(CapturedMessage invite, bool to)
    {
        var users = new List<string>();
        if (!to && invite.Value.Headers.TryFrom(out var from)) users.Add(from.Uri.DisplayUser);
        if (to && invite.Value.Headers.TryTo(out var target)) users.Add(target.Uri.DisplayUser);
        if (to && invite.Value is SipRequest request) users.Add(request.RequestUri.DisplayUser);
        users.RemoveAll(u => u.Length == 0 || u.Equals("anonymous", StringComparison.OrdinalIgnoreCase));
        return users;
    }

    /// <summary>The identifiers of both ends (RFC 7989 §5); one of zeros says that it is not known yet.</summary>
    private static IEnumerable<string> Sessions(CapturedDialog dialog)
    {
        foreach (var message in dialog.Messages.Take(16))
        {
            if (!message.Value.Headers.TryValue("Session-ID", out var own, out var parameters)) continue;
            foreach (var id in new[] { own, parameters["remote"] ?? "" })
                if (id.Length == 32 && id.AsSpan().ContainsAnyExcept('0')) yield return id.ToLowerInvariant();
        }
    }
}
