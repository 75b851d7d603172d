using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Keepalives on the flows that a registration holds: a double CRLF on a stream, which wants a CRLF back within 10 s (RFC 5626
/// §4.4.1), a CRLF on UDP, which no one answers.
/// DEVIATION: a missing pong is a failure only on a connection that has answered one before, since many servers that never
/// announce outbound swallow the ping.
/// </summary>
internal sealed partial class TransportLayer
{
    private static readonly TimeSpan PongLimit = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Flow, int> _kept = [];
    private readonly TimerTable<(Flow Flow, FlowTimer Timer)> _timers = new();

    public Instant? NextTimeout => _timers.Next;

    /// <summary>Keeps a flow alive until it is released as often, or fails.</summary>
    public void Keep(Instant now, in Flow flow)
    {
        _kept[flow] = _kept.GetValueOrDefault(flow) + 1;
        if (_timers.DueOf((flow, FlowTimer.Ping)) is null) ArmPing(now, flow);
    }

    public void Release(in Flow flow)
    {
        if (!_kept.TryGetValue(flow, out var count)) return;
        if (count > 1) _kept[flow] = count - 1;
        else Forget(flow);
    }

    public void Advance(Instant now)
    {
        while (_timers.TryExpire(now, out var timer))
        {
            if (timer.Timer == FlowTimer.Pong) FailUnanswered(now, timer.Flow);
            else if (timer.Timer == FlowTimer.Ping) Ping(now, timer.Flow);
            else GiveUpWaiting(now, timer.Flow);
        }
    }

    private void Ping(Instant now, in Flow flow)
    {
        if (Find(flow.Path) is null) return;
        if (flow.IsReliable)
        {
            _out.Enqueue(flow.Path, flow.Remote, "\r\n\r\n"u8, StreamUse.Existing);
            _timers.Set((flow, FlowTimer.Pong), now + PongLimit);
        }
        else
        {
            _out.Enqueue(flow.Path, flow.Remote, "\r\n"u8);
        }

        ArmPing(now, flow);
    }

    private void ArmPing(Instant now, in Flow flow)
    {
        var mean = flow.IsReliable ? options.StreamKeepalive : options.UdpKeepalive;
        if (mean > TimeSpan.Zero) _timers.Set((flow, FlowTimer.Ping), now + mean * (0.8 + 0.4 * entropy.NextDouble()));
    }

    private bool TakePong(in Flow flow) => _timers.Cancel((flow, FlowTimer.Pong));

    private void FailUnanswered(Instant now, in Flow flow)
    {
        if (_connections.Find(flow) is not { HasPonged: true }) return;
        Close(now, flow, new FlowFailure(PathError.TimedOut));
    }

    private void Forget(in Flow flow)
    {
        _kept.Remove(flow);
        _timers.Cancel((flow, FlowTimer.Ping));
        _timers.Cancel((flow, FlowTimer.Pong));
        _timers.Cancel((flow, FlowTimer.Message));
    }
}
