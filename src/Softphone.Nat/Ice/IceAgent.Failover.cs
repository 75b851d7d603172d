using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// When the nominated pair stops working: it is suspected, missed, lost. Other pairs of its list are tried again at once, and media goes
/// by one that has just been proved, for until a restart nothing better is known (RFC 8445 §12.1, RFC 7675 §5.1). No other pair is
/// nominated: that takes the restart (RFC 8445 §8.1.1), which the owner is asked for.
/// </summary>
public sealed partial class IceAgent
{
    /// <summary>Checks missed in a row before a restart is asked for: about ten seconds.</summary>
    private const int MostMissed = 2;

    /// <summary>A pair is checked out of turn no more often than consent is (RFC 7675 §5.1).</summary>
    private static readonly TimeSpan BetweenSuspicions = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A socket or relay of ours is gone with its interface or its server: its pairs fail at once, and nobody waits for consent to run out.
    /// </summary>
    public void PathGone(Instant now, PathId path, string why)
    {
        if (_dead) return;
        RemoveLocal(path);
        Abandon(now, p => p.Local.Path == path, why);
    }

    /// <summary>Our candidates of this path are not offered or tried any more; pairs of it stay as they are.</summary>
    public void RemoveLocal(PathId path)
    {
        _local.RemoveAll(c => c.Path == path);
        foreach (var pair in _generation.Checklist.Pairs)
            if (pair.Local.Path == path) pair.IsDropped |= !pair.IsNominated;
    }

    /// <summary>The connection of a pair that carries nothing yet could not be made, or is gone: no check of it comes back.</summary>
    private void EndStream(Instant now, Pair pair)
    {
        if (pair.Check is { } check) Forget(check);
        pair.IsQueued = pair.IsNominating = false;
        Lose(now, pair, pair.Failure);
        Settle(now);
    }

    /// <summary>
    /// Something says that the nominated pair may not work any more: the peer looks for other ways, or a send failed. One check tells.
    /// </summary>
    private void Suspect(Instant now, int component)
    {
        var state = _components[component - 1];
        if (state.Selected is not { Check: null } pair || state.TroubleSince is not null || pair.Generation != _generation) return;
        if (state.SuspectedAt is { } last && now - last < BetweenSuspicions) return;
        state.SuspectedAt = now;
        Enqueue(now, pair, "is it still there?");
    }

    /// <summary>The first consent check that misses its answer makes us look around, the next one makes us ask for a restart.</summary>
    private void Miss(Instant now, int component)
    {
        var state = _components[component - 1];
        if (state.Consent is not { } check || !_checks.ContainsKey(check.Id) || check.Pair != state.Path) return;
        if (check.Pair != state.Selected)
        {
            // The stand-in does not answer either: back to whatever does.
            check.Pair.ProvenAt = null;
            return;
        }

        state.Missed++;
        Trouble(now, component, check.FirstSent);
        if (state.Missed >= MostMissed) GiveUpOn(now, component);
    }

    /// <summary>
    /// Two checks of consent missed, or three sends of the check that followed the first: once for each time of trouble. While media of the
    /// peer still comes this way it is likely loss, or the peer's to notice, and nobody waits for reports: twice the patience.
    /// </summary>
    private void GiveUpOn(Instant now, int component)
    {
        var state = _components[component - 1];
        var isUrgent = component == 1 && !(state.Selected!.HeardAt is { } heard && now - heard < Silence);
        if (state.IsGivenUp || (!isUrgent && state.Missed < 2 * MostMissed)) return;
        state.IsGivenUp = true;
        AskForRestart($"the peer does not answer on {state.Selected!.Remote.Address} any more");
    }

    private void Trouble(Instant now, int component, Instant since)
    {
        var state = _components[component - 1];
        if (state.TroubleSince is not null || state.Selected is not { } pair) return;
        state.TroubleSince = state.FreshFrom = since;
        if (_trace.IsOn) _trace.Emit(new IceTrace.PathDoubted(now, _source, pair.Id, component));
        _events.Enqueue(new IceEvent.PathDoubted(component));
        if (pair.Generation != _generation) return;
        if (!state.IsLost && pair.Check is null) Enqueue(now, pair, "no answer to a check of consent");
        Revive(now, component);
    }

    /// <summary>Whatever once worked, or was never tried, is tried again; what has just been proved is left alone.</summary>
    private void Revive(Instant now, int component)
    {
        var state = _components[component - 1];
        foreach (var pair in _generation.Checklist.Pairs)
        {
            if (pair.Component != component || pair == state.Selected || IsFresh(state, pair) || !IsOurs(pair.Local.Path)) continue;
            if (pair.State == PairState.Failed && pair.Answers == 0 && pair.Received == 0) continue;
            pair.IsDropped = false;
            if (pair.State is PairState.Frozen or PairState.Waiting && pair.Received == 0) continue;
            pair.ValidSince = null;
            if (pair.Check is null) Enqueue(now, pair, "another path is needed");
        }
    }

    private bool IsOurs(PathId path)
    {
        foreach (var local in _local)
            if (local.Path == path) return true;
        return false;
    }

    /// <summary>
    /// Proved since the trouble began; where our end of the nominated path is gone, any pair that the peer's consent still covers will do
    /// (RFC 7675 §5.1).
    /// </summary>
    private bool IsFresh(Component state, Pair pair) => pair.IsValid && pair.ProvenAt is { } at && at >= state.FreshFrom && IsOurs(pair.Local.Path);

    /// <summary>What media of a component goes by.</summary>
    private Pair? PathOf(int component)
    {
        // DEVIATION: RFC 8445 §12.1 sends on the nominated pair only. While it does not answer, a valid pair that does is better than
        // silence (IceFailoverTests.Nominated_Silent_MediaGoesByTheOtherPairThatAnswers_AndBackOnceItAnswersAgain).
        var state = _components[component - 1];
        if (state.Selected is not { } selected)
        {
            // A restart before anything was nominated: what carried media goes on doing so until the new list has something (RFC 8445 §9).
            return BestValid(_generation, component, null) ?? (_previous is { } last ? BestValid(last, component, null) : null);
        }

        if (state.TroubleSince is null) return selected;
        var other = BestValid(_generation, component, selected.Generation == _generation ? state : null);
        if (other is null && selected.Generation != _generation) other = BestValid(selected.Generation, component, state);
        return other ?? (state.IsLost ? null : selected);
    }

    private Pair? BestValid(Generation generation, int component, Component? state)
    {
        Pair? best = null;
        foreach (var pair in generation.Checklist.Pairs)
        {
            if (pair.Component != component || !pair.IsValid || (state is not null && (pair == state.Selected || !IsFresh(state, pair)))) continue;
            if (best is null || pair.IsBetterThan(best)) best = pair;
        }

        return best;
    }

    /// <summary>
    /// The stand-in differs from the nominated pair by an address of the peer only that was never signalled: the NAT of the peer has given
    /// it a new one, and for the peer this is still the pair that was nominated. It takes the nomination over, and no restart is needed.
    /// </summary>
    // DEVIATION: RFC 8445 §8.1.1 knows no change of the nominated pair without a restart
    // (RestartTests.NatRebinds_PeerSeesTheNewAddress_AndFollowsItWithoutARestart).
    private bool IsSameForThePeer(Component state, Pair stand) =>
        state is { Selected: { } old, IsLost: false } && old.Generation == stand.Generation && old.Local.Path == stand.Local.Path
        && stand.Remote.Type == CandidateType.PeerReflexive && stand.BornAt > state.SelectedAt;

    private void AskForRestart(string reason) => _events.Enqueue(new IceEvent.RestartNeeded(reason));

    /// <summary>A clock that jumped slept: the peer may have stopped sending to us long ago, and our bindings are gone (RFC 7675 §5.1).</summary>
    private void NoticeSleep(Instant now)
    {
        var slept = _lastTick is { } last && now - last > LongestNap;
        _lastTick = now;
        if (!slept) return;
        for (var c = 1; c <= _used; c++)
        {
            var (selected, path) = (_components[c - 1].Selected, _components[c - 1].Path);
            if (path is null) continue;
            LosePath(now, path, "this machine slept");
            if (selected != path) LosePath(now, selected, "this machine slept");
        }
    }
}
