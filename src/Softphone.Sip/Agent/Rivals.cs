using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Of one request: the attempts that still run beside its latest one, and the places that were passed over. The first that answers is kept;
/// then the others are left to themselves (<see cref="Stray"/>), and of the dead places it is told by what they were replaced.
/// </summary>
internal sealed class Rivals(AgentCore core, Exchange exchange)
{
    private readonly List<Transaction> _running = [];
    private readonly List<(Flow Flow, Fault Why)> _passed = [];

    public bool Any => _running.Count > 0;

    /// <summary>Whether a failure says that nobody is there: a connection that was closed worked before, and what we ended says nothing.</summary>
    public static bool IsDead(FlowFailure failure) =>
        failure is { Fault: StreamFault.None, Error: PathError.Refused or PathError.TimedOut or PathError.Unreachable or PathError.TlsFailed };

    /// <summary>Tells that a place says nothing, the first time that another answers in its stead.</summary>
    public static void Tell(AgentCore core, Account? account, in Flow silent, Fault why, Address answered)
    {
        if (silent.Remote != answered && core.Targets.IsNews(silent)) core.Emit(new SipEvent.ServerSilent(account?.Id, silent.Remote, silent.Transport, answered, why));
    }

    /// <summary>Whether a place of this family is waited for.</summary>
    public bool Awaits(Instant now, bool isV4) =>
        _running.Exists(attempt => attempt.Flow.Remote.Ip.IsV4 == isV4 && now - attempt.BegunAt < TargetPace.Patience);

    public void Add(Transaction attempt) => _running.Add(attempt);

    public bool Remove(Transaction attempt) => _running.Remove(attempt);

    /// <summary>The newest of them.</summary>
    public Transaction Take()
    {
        var newest = _running[^1];
        _running.RemoveAt(_running.Count - 1);
        return newest;
    }

    /// <summary>Whoever was asked long enough ago and has said nothing is passed over; its answer would still count.</summary>
    public void PassSilent(Instant now)
    {
        foreach (var attempt in _running)
            if (now - attempt.BegunAt >= TargetPace.Patience) Pass(now, attempt.Flow, SipFaults.Silent(attempt.Flow));
    }

    public void Pass(Instant now, in Flow flow, Fault why)
    {
        core.Targets.NoteSilence(now, flow);
        _passed.Add((flow, why));
    }

    /// <summary>One attempt was answered.</summary>
    public void Settle(Instant now, Transaction answered)
    {
        foreach (var (flow, why) in _passed) Tell(core, exchange.Account, flow, why, answered.Flow.Remote);
        _passed.Clear();
        foreach (var other in _running) new Stray(core, exchange, other, answered.Flow.Remote).Start(now);
        _running.Clear();
    }

    /// <summary>Nobody wants an answer any more.</summary>
    public void Abandon()
    {
        foreach (var attempt in _running) core.Transactions.Abandon(attempt);
        _running.Clear();
    }
}
