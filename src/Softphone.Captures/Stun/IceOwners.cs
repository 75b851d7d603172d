using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>Sorts checks by the credentials in their USERNAME, and finds the calls that described those.</summary>
internal static class IceOwners
{
    /// <summary>Gives calls their ICE; what nobody described is returned.</summary>
    public static IReadOnlyList<IceReading> Assign(IReadOnlyList<CapturedDialog> dialogs, StunTable stun, IReadOnlyList<MediaStream> streams, Vantage vantage)
    {
        var ways = streams.SelectMany(s => new[] { (s.From, s.To), (s.To, s.From) }).ToHashSet();
        bool Carries(Address a, Address b) => ways.Contains((a, b));
        var checks = stun.Exchanges.Where(e => e.IsCheck).GroupBy(e => Names(e.Username)).ToDictionary(g => g.Key, g => (IReadOnlyList<StunExchange>)[.. g]);
        var known = new HashSet<(string, string)>();
        foreach (var dialog in dialogs.Where(d => d.Kind == SipDialogKind.Call))
        {
            var (callers, callees) = (Described(dialog, Party.Caller), Described(dialog, Party.Callee));
            if (callers.Count == 0 || callees.Count == 0) continue;
            var ours = Ours(callers, callees, vantage);
            var readings = new List<IceReading>();
            foreach (var caller in callers)
                foreach (var callee in callees)
                {
                    var key = Names($"{caller.Ufrag}:{callee.Ufrag}");
                    var isLast = caller == callers[^1] && callee == callees[^1];
                    if ((!checks.ContainsKey(key) && !isLast) || !known.Add(key)) continue;
                    var (own, other) = ours == Party.Caller ? (caller, callee) : (callee, caller);
                    readings.Add(IceReader.Read(stun, checks.GetValueOrDefault(key) ?? [], own.Ufrag, other.Ufrag, own, other, ours, Carries));
                }

            dialog.Ice = [.. readings.OrderBy(r => r.Began)];
        }

        return [.. checks.Where(c => !known.Contains(c.Key)).Select(c =>
        {
            // Whoever sent the first check is the one that it is told of.
            var names = c.Value[0].Username.Split(':', 2);
            return IceReader.Read(stun, c.Value, names[1], names[0], null, null, null, Carries);
        }).OrderBy(r => r.Began)];
    }

    /// <summary>The same for checks of both directions.</summary>
    private static (string, string) Names(string username)
    {
        var names = username.Split(':', 2);
        return string.CompareOrdinal(names[0], names[1]) < 0 ? (names[0], names[1]) : (names[1], names[0]);
    }

    /// <summary>What a side said of its ICE, each pair of credentials once, with all candidates that were told of it.</summary>
    private static List<SdpIce> Described(CapturedDialog dialog, Party by)
    {
        const int most = 16;
        var found = new List<SdpIce>();
        var hops = dialog.Call.Descriptions.Where(d => d.By == by).Select(d => (d.Message.From, d.Message.To)).ToHashSet();
        // An answer that is sent again while it rings may have candidates that were not there before, and INFO brings those that were late (RFC 8840 §4.3).
        foreach (var message in dialog.Messages)
        {
            if (!hops.Contains((message.From, message.To)) || dialog.Call.SenderOf(message) != by) continue;
            var (ice, ufrag, candidates) = message switch
            {
                { Sdp: { Audio: { } audio } sdp } when sdp.IceOf(audio) is { } told => (told, told.Ufrag, told.Candidates),
                { Fragment: { } fragment } => ((SdpIce?)null, fragment.Ufrag, fragment.Candidates),
                _ => (null, "", []),
            };
            var at = ufrag.Length == 0 ? -1 : found.FindIndex(f => f.Ufrag == ufrag);
            if (at < 0 && ice is not null && found.Count < most) found.Add(ice);
            else if (at >= 0) found[at] = found[at] with { Candidates = [.. found[at].Candidates.Union(candidates).Take(128)] };
        }

        return found;
    }

    /// <summary>The side at which the capture was taken; the caller's where it was neither.</summary>
    private static Party Ours(List<SdpIce> callers, List<SdpIce> callees, Vantage vantage)
    {
        bool IsHere(List<SdpIce> side) => side.Exists(i => i.Candidates.Any(c => c.Type == SdpCandidateType.Host && vantage.Is(c.Address.Ip)));
        return !IsHere(callers) && IsHere(callees) ? Party.Callee : Party.Caller;
    }
}
