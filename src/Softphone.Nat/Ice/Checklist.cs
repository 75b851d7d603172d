using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// The pairs of one stream, best priority first, with at most one for each base and remote address. It knows the states of RFC 8445
/// §6.1.2.6 and who is next; it sends nothing.
/// </summary>
internal sealed class Checklist(int bound)
{
    private readonly List<Pair> _pairs = [];
    private readonly Dictionary<(PathId Path, Address Remote), Pair> _byTuple = [];

    public List<Pair> Pairs => _pairs;

    public Pair? Find(PathId path, Address remote) => _byTuple.GetValueOrDefault((path, remote));

    /// <summary>
    /// Puts the pair where its priority belongs. When the list is full the worst pair that proved nothing goes, of the component that
    /// has most (RFC 8445 §6.1.2.5).
    /// </summary>
    /// <returns>The pair that had to go, which may be the new one; null when there was room.</returns>
    public Pair? Add(Pair pair)
    {
        var at = _pairs.Count;
        while (at > 0 && Precedes(pair, _pairs[at - 1])) at--;
        _pairs.Insert(at, pair);
        _byTuple[(pair.Local.Path, pair.Remote.Address)] = pair;
        if (_pairs.Count <= bound) return null;
        var crowded = 0;
        foreach (var other in _pairs) crowded += other.Component == 1 ? 1 : -1;
        var from = crowded > 0 ? 1 : 2;
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            var worst = _pairs[i];
            if (worst.Component != from && crowded != 0 || worst.IsValid || worst.IsNominated) continue;
            Remove(worst);
            return worst;
        }

        Remove(pair);
        return pair;
    }

    public void Remove(Pair pair)
    {
        _pairs.Remove(pair);
        _byTuple.Remove((pair.Local.Path, pair.Remote.Address));
    }

    /// <summary>Priorities have changed with the role.</summary>
    public void Resort() => _pairs.Sort(static (a, b) => Precedes(a, b) ? -1 : Precedes(b, a) ? 1 : 0);

    /// <summary>
    /// One pair of each foundation becomes Waiting: that of the lowest component, and of those the best; the rest stays Frozen
    /// (RFC 8445 §6.1.2.6).
    /// </summary>
    public IEnumerable<Pair> InitialWaiting()
    {
        foreach (var group in _pairs.GroupBy(p => p.Foundation))
            yield return group.OrderBy(p => p.Component).ThenByDescending(p => p.Priority).First();
    }

    /// <summary>
    /// What a pair that joins a running list starts as: Waiting when none of its foundation stands above it, when its foundation has
    /// succeeded, or when nobody tries it; else Frozen (RFC 8838 §12).
    /// </summary>
    public PairState StateOfNewcomer(Pair pair)
    {
        var (busy, topmost) = (false, true);
        foreach (var other in _pairs)
        {
            if (other == pair || other.Foundation != pair.Foundation) continue;
            if (other.State == PairState.Succeeded) return PairState.Waiting;
            busy |= IsActive(other);
            topmost &= pair.Component != other.Component ? pair.Component < other.Component : pair.Priority >= other.Priority;
        }

        return busy && !topmost ? PairState.Frozen : PairState.Waiting;
    }

    /// <summary>A frozen pair whose foundation nobody tries (RFC 8445 §6.1.4.2, first step), best first.</summary>
    public Pair? NextToUnfreeze()
    {
        foreach (var pair in _pairs)
            if (pair is { State: PairState.Frozen, IsDropped: false } && !IsTried(pair.Foundation)) return pair;
        return null;
    }

    /// <summary>
    /// The best Waiting pair, of equal ones that of the lowest component (RFC 8445 §6.1.4.2); one that is to be sent again waits for
    /// those that were never sent.
    /// </summary>
    public Pair? NextWaiting()
    {
        Pair? again = null;
        foreach (var pair in _pairs)
        {
            if (pair is not { State: PairState.Waiting, IsDropped: false, IsQueued: false }) continue;
            if (pair.Sent == 0) return pair;
            again ??= pair;
        }

        return again;
    }

    /// <summary>Waiting and In-Progress pairs: N of the retransmission timeout (RFC 8445 §14.3).</summary>
    public int CountActive()
    {
        var n = 0;
        foreach (var pair in _pairs)
            if (IsActive(pair)) n++;
        return n;
    }

    private static bool IsActive(Pair pair) => pair is { IsDropped: false, State: PairState.Waiting or PairState.InProgress };

    private static bool Precedes(Pair a, Pair b) =>
        a.Priority != b.Priority ? a.Priority > b.Priority : a.Component != b.Component ? a.Component < b.Component : a.Id < b.Id;

    private bool IsTried((string, string) foundation)
    {
        foreach (var pair in _pairs)
            if (IsActive(pair) && pair.Foundation == foundation) return true;
        return false;
    }
}
