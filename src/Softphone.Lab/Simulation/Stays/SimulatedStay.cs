using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>
/// Runs one <see cref="StayPlan"/>: two whole phones register; the network of one has its troubles, and after each the other calls it when the oracle
/// says that it has to be reachable again. In the end they leave nothing.
/// </summary>
internal sealed class SimulatedStay
{
    private static readonly TimeSpan Answered = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);
    private readonly StayPlan _plan;
    private readonly StayNet _net;
    private readonly StayPhone _phone;
    private readonly StayPhone _other;
    private string? _violation;
    private int _survived;
    private int _mostRegisters;

    public SimulatedStay(StayPlan plan, WorldMemory memory, Trace trace)
    {
        _plan = plan;
        _net = new StayNet(plan, memory, trace);
        _other = new StayPhone(_net.Other, "alice", SipTransports.UdpAndTcp, trace);
        _phone = new StayPhone(_net.Host, "bob", plan.Transports, trace);
    }

    private World World => _net.World;

    private Instant Now => World.Now;

    public StayReport Run()
    {
        _other.Register();
        _phone.Register(probes: true);
        if (!Until(() => _phone.IsRegistered && _other.IsRegistered, StayOracle.Registered(_plan))) Blame("not registered in time");
        Wait(StayOracle.Settled(_plan));
        if (_violation is null) Call("before all events");
        foreach (var happened in _plan.Events)
        {
            if (_violation is not null) break;
            if (happened.InCall) PassInCall(happened);
            else Pass(happened);
            if (_violation is null) _survived++;
        }

        var lasted = Now - Instant.Zero;
        Clear();
        return new StayReport(_plan)
        {
            Violation = _violation,
            Survived = _survived,
            MostRegisters = _mostRegisters,
            Lasted = lasted,
            Events = _phone.Events + _other.Events,
            Digest = (ulong)World.Counters.Sent * 0x9E3779B97F4A7C15 ^ (ulong)World.Counters.Delivered << 32 ^ (ulong)lasted.Ticks,
        };
    }

    private void Pass(StayEvent happened)
    {
        Wait(happened.Before);
        var (began, before) = (Now, _phone.Registers);
        Happen(happened);
        Wait(StayOracle.Reachable(_plan, happened));
        Count(happened, began, before);
        Call($"after {happened}");
    }

    private void PassInCall(StayEvent happened)
    {
        if (!Connect($"for {happened}")) return;
        Wait(happened.Before);
        var (began, before) = (Now, _phone.Registers);
        Happen(happened);
        var back = Now;
        if (!Hear(StayOracle.Heard(happened))) Blame($"not heard again after {happened}: {_phone.Ending} {_other.Ending}");
        var reachable = back + StayOracle.Reachable(_plan, happened);
        if (reachable > Now) Wait(reachable - Now);
        Count(happened, began, before);
        HangUp($"after {happened}");
        if (_violation is null) Call($"after the call of {happened}");
    }

    /// <summary>The other phone is none that is judged: it registers as soon as a server is back that may not know it.</summary>
    private void Happen(StayEvent happened)
    {
        _net.Happen(happened);
        if (happened.Kind is NetworkTrouble.ServerRestarted or NetworkTrouble.ServerRestartedWithMemory) _other.Renew();
    }

    /// <summary>The phone is called, answers, both hear each other, and nothing of it is left.</summary>
    private void Call(string when)
    {
        if (!Connect(when, isIn: true)) return;
        if (_net.Legs is { } fewest && _phone.Legs + _other.Legs is { } legs && legs > fewest) Blame($"a path over {legs} relays was taken where {fewest} would do, {when}");
        HangUp(when);
    }

    private bool Connect(string when, bool isIn = false)
    {
        var (from, to) = _plan.CallsOut && !isIn ? (_phone, _other) : (_other, _phone);
        from.Forget();
        to.Forget();
        from.Dial(to.User);
        if (!Until(() => _phone.IsTalking && _other.IsTalking || from.Ending is not null, Answered) || from.Ending is not null)
        {
            Blame($"{to.User} {(to.HasCall ? "rang and did not answer" : "did not ring")} {when}: {from.Ending}");
            return false;
        }

        if (Hear(TimeSpan.FromSeconds(4))) return true;
        Blame($"not heard {when}: {_phone.Ending} {_other.Ending}");
        return false;
    }

    private void HangUp(string when)
    {
        if (_violation is not null) return;
        _other.HangUp();
        if (!Until(() => _phone.Ending is not null && _other.Ending is not null, TimeSpan.FromSeconds(5))) Blame($"a call has not ended within 5 s {when}");
        else if ((_phone.Fault ?? _other.Fault) is { } fault) Blame($"a call ended by {fault} {when}");
    }

    /// <summary>Within this time both get what the other says, half a second of it.</summary>
    private bool Hear(TimeSpan within)
    {
        for (var limit = Now + within; ;)
        {
            var (ours, theirs) = (_phone.Heard(Now), _other.Heard(Now));
            Wait(Step);
            if (_phone.Heard(Now) >= ours + 20 && _other.Heard(Now) >= theirs + 20) return true;
            if (Now >= limit || _phone.Ending is not null || _other.Ending is not null) return false;
        }
    }

    private void Count(StayEvent happened, Instant since, int before)
    {
        var sent = _phone.Registers - before;
        _mostRegisters = Math.Max(_mostRegisters, sent);
        if (sent > StayOracle.MostRegisters(Now - since)) Blame($"{sent} REGISTERs for {happened}");
    }

    private void Clear()
    {
        _phone.ShutDown();
        _other.ShutDown();
        if (!Until(() => _phone.IsDown && _other.IsDown, TimeSpan.FromMinutes(1))) Blame("a phone has not shut down within a minute");
        if ((_phone.Machine.NextTimeout ?? _other.Machine.NextTimeout) is { } timer) Blame($"a phone has a timer left for {timer}");
        _phone.Machine.Dispose();
        _other.Machine.Dispose();
        Wait(TimeSpan.FromMinutes(61));
        if (_net.Remains is { } left) Blame(left);
        if (World.NextEventAt is { } next) Blame($"the world is not at rest: {next}");
    }

    private void Wait(TimeSpan time) => World.RunUntil(Now + time);

    private bool Until(Func<bool> done, TimeSpan time) => World.RunUntil(done, Now + time);

    private void Blame(string what) => _violation ??= $"{Now}: {what}";
}
