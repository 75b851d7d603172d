using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Which pair of a component the controlling agent nominates, and when: a pure function of the pairs (RFC 8445 §8.1.1 leaves the
/// criterion to us). Ranking is by relay legs, then priority: a check from a relay advertises a peer-reflexive priority, so priority
/// alone would let an early relay outrank a direct path.
/// </summary>
internal static class Nomination
{
    private const int HopefulHold = 4;

    /// <summary>Checks that the peer may have to send before the one that we wait for.</summary>
    private const int StrayTurns = 3;
    private static readonly TimeSpan ShortestHold = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ShortestRelayHold = TimeSpan.FromMilliseconds(350);
    private static readonly TimeSpan SlowestRtt = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan UnknownRtt = TimeSpan.FromMilliseconds(100);

    /// <summary>What the decision is: now, later, or nothing to choose from.</summary>
    public readonly record struct Decision(Pair? Pair, Instant? At, string Reason);

    /// <summary>
    /// Fewer relay legs first, then the host that the peer's description names, for another one may be a relay that it left out; then the better
    /// priority, then the older pair.
    /// </summary>
    public static bool IsBetter(Pair pair, Pair other) =>
        pair.RelayLegs != other.RelayLegs ? pair.RelayLegs < other.RelayLegs
        : pair.Remote.IsAtUnknownHost != other.Remote.IsAtUnknownHost ? other.Remote.IsAtUnknownHost
        : pair.Priority != other.Priority ? pair.Priority > other.Priority : pair.Id < other.Id;

    /// <param name="pairs">The check list.</param>
    /// <param name="component">Of which component.</param>
    /// <param name="alike">The pair chosen for the component before, which this one should resemble; null when there is none.</param>
    /// <param name="policy">When.</param>
    /// <param name="now">The time.</param>
    /// <param name="ta">Pacing in effect.</param>
    /// <param name="rto">Retransmission timeout in effect.</param>
    /// <param name="enough">Relay legs of a pair that nothing better is waited for: it worked before the restart. -1 when there is none.</param>
    public static Decision Decide(
        List<Pair> pairs, int component, Pair? alike, NominationPolicy policy, Instant now, TimeSpan ta, TimeSpan rto, int enough = -1)
    {
        Pair? best = null;
        Pair? earliest = null;
        Pair? same = null;
        foreach (var pair in pairs)
        {
            if (pair.Component != component || pair.ValidSince is not { } since || pair.State == PairState.Failed) continue;
            if (best is null || pair.IsBetterThan(best)) best = pair;
            if (earliest?.ValidSince is not { } first || since < first) earliest = pair;
            if (alike is not null && pair.Foundation == alike.Foundation && (same is null || pair.IsBetterThan(same))) same = pair;
        }

        if (best is null || earliest is null) return default;
        if (policy == NominationPolicy.Immediate) return First(pairs, component, earliest, alike, now, rto);
        if (best.RelayLegs <= enough) return new Decision(best, now, "what was restarted for works");
        if (same is not null && same.RelayLegs == best.RelayLegs) return new Decision(same, now, "same foundations as the other component");

        var hopes = 0;
        var unsent = 0;
        Instant? strayed = null;
        var start = best.RelayLegs == 0 ? best.ValidSince!.Value : earliest.ValidSince!.Value;
        foreach (var pair in pairs)
        {
            if (pair.Component != component) continue;
            if (pair.RelayLegs < best.RelayLegs && pair.StrayedAt is { } at && (strayed is not { } last || at > last)) strayed = at;
            if (!pair.IsUnresolved || !pair.IsBetterThan(best)) continue;
            hopes++;
            if (pair.State != PairState.InProgress) unsent++;

            // The peer has just come that way, and our check is about to follow it.
            if (best.RelayLegs > 0 && pair is { IsQueued: true, Received: > 0 }) start = now;

            // The peer's NAT may let our check in only after the peer has sent one itself, and ours lets its check in only from now on:
            // the one that comes through is sent one RTO after its last, at most.
            if (best.RelayLegs > 0 && pair.Check is { } check && check.FirstSent > start) start = check.FirstSent;
        }

        var rtt = best.Rtt ?? UnknownRtt;

        // Our check got there, and the answer came from a port that the peer's NAT made for it: the peer's own check comes from there next.
        if (strayed + (StrayTurns * ta + 2 * rtt) is { } soon && soon > now) return new Decision(null, soon, "");
        if (hopes == 0) return new Decision(best, now, "nothing better is left to try");
        // The second check of a better pair leaves one RTO after its first, and its answer takes its time, which may be more than the relay's.
        // Where the check had to be repeated nobody knows which sending was answered: the line may be as slow as the first would make it.
        var slow = best.Rtt is null && best.AnsweredAfter < SlowestRtt ? best.AnsweredAfter : TimeSpan.Zero;
        var answer = Longer(ShortestHold, Longer(slow, 2 * rtt));
        var hold = best.RelayLegs == 0 ? answer : Longer(ShortestRelayHold, rto + answer);

        // Where the other component found a more direct way, this one's is most likely only late.
        if (alike is not null && alike.RelayLegs < best.RelayLegs) hold *= HopefulHold;
        var due = start + hold + unsent * ta;
        return due <= now ? new Decision(best, now, $"held for {hold.TotalMilliseconds:0} ms, nothing better came") : new Decision(null, due, "");
    }

    /// <summary>
    /// The first valid pair; but what carries media for one component most likely does for the other, so where only a pair with more
    /// relay legs than the other component's is valid, pairs like it get the time of one lost packet.
    /// </summary>
    private static Decision First(List<Pair> pairs, int component, Pair earliest, Pair? alike, Instant now, TimeSpan rto)
    {
        if (alike is null || earliest.RelayLegs <= alike.RelayLegs) return new Decision(earliest, now, "first valid pair");
        Pair? first = null;
        var isHopeful = false;
        foreach (var pair in pairs)
        {
            if (pair.Component != component || pair.RelayLegs > alike.RelayLegs) continue;
            isHopeful |= pair.IsUnresolved;
            if (pair.ValidSince is { } since && pair.State != PairState.Failed && (first?.ValidSince is not { } other || since < other)) first = pair;
        }

        if (first is not null) return new Decision(first, now, "first valid pair like the other component's");
        var due = earliest.ValidSince!.Value + rto + 2 * (earliest.Rtt ?? UnknownRtt);
        return isHopeful && due > now ? new Decision(null, due, "") : new Decision(earliest, now, "nothing like the other component's pair came");
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
