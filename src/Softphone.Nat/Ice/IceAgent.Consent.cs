using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Consent freshness (RFC 7675), which is keepalive too (RFC 8445 §11).</summary>
public sealed partial class IceAgent
{
    /// <summary>The peer answers on the path of the first component: its consent is fresh, and no check of it is missed.</summary>
    public bool IsPathAnswered => _components[0] is { Path: { } path } state && (state.TroubleSince is null || path != state.Selected);

    private void StartConsent(Instant now, int component)
    {
        _timers.Set(Expiry(component), now + _options.ConsentLifetime);
        SetNextConsent(now, component);
    }

    private void StopConsent(int component)
    {
        _timers.Cancel(Expiry(component));
        _timers.Cancel(NextConsent(component));
        _timers.Cancel(Missed(component));
        var state = _components[component - 1];
        if (state.Consent is { } check) _checks.Remove(check.Id);
        state.Consent = null;
    }

    /// <summary>Every 5 s times 0.8 to 1.2, so that agents do not march in step (RFC 7675 §5.1).</summary>
    private void SetNextConsent(Instant now, int component) =>
        _timers.Set(NextConsent(component), now + TimeSpan.FromMilliseconds(4000 + _entropy.NextInt(2001)));

    private void SendConsent(Instant now, int component)
    {
        var state = _components[component - 1];
        if (state.Path is not { } pair) return;
        SetNextConsent(now, component);
        var check = state.Consent;
        if (check?.Pair != pair) check = new Check(pair) { IsConsent = true };
        _checks.Remove(check.Id);
        Span<byte> buffer = stackalloc byte[Check.LongestRequest];
        var request = Write(check, buffer);
        check.FirstSent = now;
        check.Attempts = 1;
        _checks[check.Id] = check;
        state.Consent = check;
        pair.Sent++;
        _transmits.Enqueue(pair.Local.Path, pair.Remote.Address, request);
        _timers.Set(Missed(component), now + Longer(ShortestRto, 2 * (pair.Rtt ?? TimeSpan.Zero)));
    }

    private void Consented(Instant now, Check check, in Datagram datagram, int code, Address mapped)
    {
        var pair = check.Pair;
        var component = pair.Component;
        if (_components[component - 1].Path != pair || datagram.Path != pair.Local.Path || datagram.Remote != pair.Remote.Address) return;
        _checks.Remove(check.Id);
        _timers.Cancel(Missed(component));
        if (code == StunErrorCode.Forbidden)
        {
            LosePath(now, pair, "the peer took its consent back");
            return;
        }

        if (code == StunErrorCode.RoleConflict) Conflict(now, check);
        if (code != 0) return;
        pair.Rtt = now - check.FirstSent;
        if (pair.Seen is { } seen && seen.Address != mapped) pair.Seen = SeenAs(now, pair, mapped, check.Priority);
        Prove(now, pair);
    }

    /// <summary>The peer has just answered on this pair, which is its consent too.</summary>
    private void Prove(Instant now, Pair pair)
    {
        pair.ProvenAt = now;
        var state = _components[pair.Component - 1];
        if (state.Path == pair) _timers.Set(Expiry(pair.Component), now + _options.ConsentLifetime);
        if (state.Selected != pair || state.IsLost) return;
        state.Recover();
    }

    /// <summary>Sending on the path in use stops at once; only a restart brings it back (RFC 7675 §5.1).</summary>
    private void LosePath(Instant now, Pair? pair, string why, Instant? freshFrom = null)
    {
        if (pair is null) return;
        var component = pair.Component;
        var state = _components[component - 1];
        if (pair.Check is { } check) Forget(check);
        pair.IsQueued = false;
        if (pair == state.Path) StopConsent(component);
        Lose(now, pair, why);
        if (pair == state.Selected)
        {
            state.IsLost = true;
            if (state.TroubleSince is null || freshFrom is not null) state.FreshFrom = freshFrom ?? now;
            state.TroubleSince ??= now;
            if (pair.Generation == _generation) Revive(now, component);
        }

        AskForRestart(why);
        if (PathOf(component) is not null) return;
        _events.Enqueue(new IceEvent.ConsentLost(component, new Fault(
            Layer.Ice, $"{why} ({pair.Remote.Address}, component {component})", "the connection is being set up anew; check the network")));
    }

    private static Due Expiry(int component) => new(component == 1 ? Work.Expiry1 : Work.Expiry2);

    private static Due Missed(int component) => new(component == 1 ? Work.Missed1 : Work.Missed2);

    private static Due NextConsent(int component) => new(component == 1 ? Work.Consent1 : Work.Consent2);
}
