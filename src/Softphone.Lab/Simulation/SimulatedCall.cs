using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>
/// Runs one call of a simulation from its plan: the world, the two sides, what goes wrong, the end, and the verdict of the oracle. What it
/// returns depends on the plan alone.
/// </summary>
internal sealed class SimulatedCall
{
    private const int MostSteps = 2_000_000;
    private static readonly TimeSpan ForTheEnd = TimeSpan.FromSeconds(60);

    private readonly long _index;
    private readonly CallPlan _plan;
    private readonly bool _isLossless;
    private readonly TimeSpan _forTheWindow;
    private readonly SimulatedNet _net;
    private CallPlan _now;
    private readonly SimulatedParty _a;
    private readonly SimulatedParty _b;
    private string? _violation;
    private bool _isOver;
    private bool _isAborted;
    private int _down;
    private int _windows;

    public SimulatedCall(long index, CallPlan plan, WireWatch watchA, WireWatch watchB, WorldMemory memory, Trace trace)
    {
        _index = index;
        _plan = _now = plan;
        _isLossless = plan.IsLossless;
        _forTheWindow = TimeSpan.FromMilliseconds(20 * SimulatedParty.WindowFrames + 200 + 2 * plan.Lines.Sum(l => (l.Delay + l.Jitter).TotalMilliseconds));
        _net = new SimulatedNet(plan, memory, trace);
        var chance = _net.World.NewEntropy();
        _a = new SimulatedParty(_net, _net.A, plan, true, watchA, Line(_net.A, _net.B), trace);
        _b = new SimulatedParty(_net, _net.B, plan, false, watchB, Line(_net.B, _net.A), trace);
        (_a.Peer, _b.Peer) = (_b, _a);

        SignalLine Line(VirtualHost from, VirtualHost to) => new(from, to, chance, plan.SignalDelay, plan.SignalLoss, () => _down == 0);
    }

    private World World => _net.World;

    private Instant Now => World.Now;

    public CallReport Run()
    {
        if (_plan.AbortAt is { } abort)
        {
            World.Schedule(Instant.Zero + abort, () =>
            {
                _isAborted |= !_isOver;
                HangUp();
            });
        }

        _a.Begin(Now);
        Until(() => _isOver || (_a.IsTalking && _b.IsTalking && _a.HasPath && _b.HasPath) || _a.Failure is not null || _b.Failure is not null, ForTheCall);
        var connected = _a.HasPath && _b.HasPath;
        var report = new CallReport(_index, _plan)
        {
            Connected = connected,
            ConnectedAfter = connected ? Now - Instant.Zero : null,
        };
        if (connected && !_isOver)
        {
            // Media flows as soon as a check was answered; where packets are lost, all that is sure is what comes after nomination, and of
            // two seconds one: lines that lose a tenth each lose nearly half of a second once in a million calls.
            report = report with { Heard = !_isLossless || IsHeard() };
            Until(() => _isOver || (_a.Transport.State == IceState.Completed && _b.Transport.State == IceState.Completed), TimeSpan.FromSeconds(45));
            report = report with { Legs = _a.SelectedLegs + _b.SelectedLegs, Heard = report.Heard && (_isLossless || _isOver || IsHeard() || IsHeard()) };
            if (!_isOver) Inspect();
        }

        var told = (_a.Told, _b.Told);
        var recovered = true;
        foreach (var disturbance in _plan.Disturbances)
        {
            if (_isOver || !recovered || !connected) break;
            _now = _now.After(disturbance);
            recovered &= Survives(disturbance);
        }

        HangUp();
        var lasted = Now - Instant.Zero;
        Clear();
        return Judge(told, report with
        {
            Aborted = _isAborted,
            Recovered = recovered,
            Restarts = _a.Restarts + _b.Restarts,
            Events = _a.Events + _b.Events,
            Lasted = lasted,
        });
    }

    private TimeSpan ForTheCall => TimeSpan.FromSeconds(_isLossless && _plan.SignalLoss == 0 ? 75 : 120);

    private CallReport Judge((CandidateKinds A, CandidateKinds B) told, CallReport report)
    {
        var best = PathOracle.Judge(_plan, _net.Topology, told.A, told.B, out var isExact);
        var possible = isExact && best is null ? new PathOracle(_plan, _net.Topology) { LetsLearnedIn = true }.Best(CandidateKinds.All, CandidateKinds.All) : best;
        var after = _plan.Disturbances.Count == 0 ? null : PathOracle.Judge(_now, _now == _plan ? _net.Topology : new Topology(_now), _a.Told, _b.Told, out _);
        report = report with
        {
            FewestLegs = isExact ? best : null,
            MustConnect = best is not null && !_isAborted,
            MustRecover = after is not null && !_isAborted && report.Connected,
        };
        if (report.MustConnect && !report.Connected) Blame("there was a path and the call did not find it");
        else if (report.Connected && possible is null && isExact) Blame("the call found a path that there was not");
        else if (report.MustConnect && !report.Heard) Blame($"of {_a.Sent} and {_b.Sent} packets {_b.Heard} and {_a.Heard} arrived");
        else if (report.MustRecover && !report.Recovered) Blame("the call did not recover though a path was there");
        else if (_plan.IsClean && report.Legs is { } legs && report.FewestLegs is { } fewest && legs > fewest && !_plan.A.NominatesAtOnce)
            Blame($"a path over {legs} relays was taken where {fewest} would do");
        return report with { Violation = _violation };
    }

    /// <summary>Both sides send a second of voice; with nothing lost on the way all of it must arrive.</summary>
    private bool IsHeard()
    {
        _windows++;
        _a.OpenWindow(Now, _windows);
        _b.OpenWindow(Now, _windows);
        _a.Host.Settle();
        _b.Host.Settle();
        Until(() => _isOver, _forTheWindow);
        if (_isOver) return true;
        var least = _isLossless ? 1.0 : 0.6;
        return _a.Sent > 0 && _b.Sent > 0 && _b.Heard >= least * _a.Sent && _a.Heard >= least * _b.Sent;
    }

    private bool Survives(Disturbance disturbance)
    {
        var host = disturbance.OfCaller ? _net.A : _net.B;
        switch (disturbance.Kind)
        {
            case DisturbanceKind.Outage:
                SetUp(host, false);
                Until(() => _isOver, disturbance.Lasts);
                SetUp(host, true);
                break;
            case DisturbanceKind.Rebinding:
                _a.MayLoop = _b.MayLoop = true;
                if (_net.GatewaysOf(_now, disturbance.OfCaller) is { Count: > 0 } gateways) gateways[disturbance.Gateway % gateways.Count].Rebind();
                break;
            case DisturbanceKind.ServerRestart:
                _net.RestartServers();
                break;
            case DisturbanceKind.InterfaceSwap:
                _net.Swap(_now, disturbance.OfCaller, disturbance.Lasts);
                Until(() => _isOver, disturbance.Lasts + TimeSpan.FromSeconds(1));
                break;
            case DisturbanceKind.Suspend:
                host.Suspend(disturbance.Lasts);
                Until(() => _isOver, disturbance.Lasts + TimeSpan.FromSeconds(1));
                break;
        }

        for (var tries = 0; tries < 12 && !_isOver; tries++)
        {
            if (_a.Failure is not null || _b.Failure is not null) return false;
            if (IsHeard()) return true;
            Until(() => _isOver, TimeSpan.FromSeconds(8));
        }

        return _isOver;
    }

    private void SetUp(VirtualHost host, bool isUp)
    {
        _down += isUp ? -1 : 1;
        foreach (var line in host.Interfaces)
            if (!line.Address.IsLoopback) host.SetUp(line.Address, isUp);
    }

    private void HangUp()
    {
        if (_isOver) return;
        _isOver = true;
        // Who sleeps cannot hang up.
        if ((_plan.HangingUp != HangingUp.Callee || _net.B.IsSuspended) && !_net.A.IsSuspended) Close(_a);
        if ((_plan.HangingUp != HangingUp.Caller || _net.A.IsSuspended) && !_net.B.IsSuspended) Close(_b);

        void Close(SimulatedParty party)
        {
            party.SayBye();
            party.OnBye(Now);
            party.Host.Settle();
        }
    }

    /// <summary>After the end nothing may be left anywhere: no socket, timer, event or allocation.</summary>
    private void Clear()
    {
        Until(() => _a.IsClosed && _b.IsClosed, ForTheEnd);
        if (!_a.IsClosed || !_b.IsClosed) Blame("a side has not closed within a minute");
        if (_a.Transport.NextTimeout is { } timer) Blame($"the caller has a timer left for {timer}");
        if (_b.Transport.NextTimeout is { } other) Blame($"the callee has a timer left for {other}");
        if (_net.A.OpenSockets + _net.B.OpenSockets > 0) Blame($"{_net.A.OpenSockets} and {_net.B.OpenSockets} sockets left");
        Until(() => false, TimeSpan.FromMinutes(61));
        foreach (var (_, machine) in _net.Servers)
        {
            if (machine.Turn.Allocations + machine.Turn.Reservations > 0) Blame($"{machine.Turn.Allocations} allocations and {machine.Turn.Reservations} reservations left");
            if (machine.NextTimeout is { } left) Blame($"a server has a timer left for {left}");
        }

        if (World.NextEventAt is { } next) Blame($"the world is not at rest: {next}");
        _violation ??= _a.Violation is { } ofA ? $"caller: {ofA}" : _b.Violation is { } ofB ? $"callee: {ofB}" : null;
    }

    /// <summary>What must hold of every check list.</summary>
    private void Inspect()
    {
        foreach (var party in new[] { _a, _b })
        {
            if (party.Transport.Snapshot() is not { } ice) continue;
            if (ice.Pairs.Count > 100) Blame($"{ice.Pairs.Count} pairs");
            for (var i = 0; i < ice.Pairs.Count; i++)
            {
                var pair = ice.Pairs[i];
                if (i > 0 && pair.Priority > ice.Pairs[i - 1].Priority) Blame("the check list is not in order");
                if (!pair.Local.Address.IsValid || !pair.Remote.Address.IsValid) Blame("a pair lacks an end");
                if (pair.IsSelected && (!pair.IsValid || !pair.IsNominated)) Blame("a pair is selected that is not valid or not nominated");
                if (pair.Component > ice.Components) Blame($"a pair of component {pair.Component} of {ice.Components}");
            }
        }
    }

    private void Until(Func<bool> done, TimeSpan time)
    {
        var steps = 0;
        var isDone = World.RunUntil(() => done() || ++steps > MostSteps, Now + time);
        if (isDone && steps > MostSteps) Blame("the world does not come to rest");
    }

    private void Blame(string what) => _violation ??= $"{Now}: {what}";
}
