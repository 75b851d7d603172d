using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>
/// Two parties in a call of their own making: both send RTP every 20 ms, and whoever asks for a restart gets its offer and the answer
/// carried, 50 ms each way, one exchange at a time, to a party that is awake.
/// </summary>
internal sealed class RestartingPair
{
    private static readonly TimeSpan Signalling = TimeSpan.FromMilliseconds(50);
    private readonly TransportPair _pair;
    private bool _isBusy;

    public RestartingPair(TransportPair pair)
    {
        _pair = pair;
        pair.Left.Happened = e => On(pair.Left, pair.Right, e);
        pair.Right.Happened = e => On(pair.Right, pair.Left, e);
        pair.Left.Host.InterfacesChanged = _ => pair.Left.Do((t, now) => t.NetworkChanged(now));
        pair.Right.Host.InterfacesChanged = _ => pair.Right.Do((t, now) => t.NetworkChanged(now));
        pair.Complete();
        Frame();
        pair.Run(5);
        Mark();
    }

    public List<(Instant At, string Who, string Reason)> Asked { get; } = [];

    public int Restarts { get; private set; }

    /// <summary>False leaves every wish for a restart unheard.</summary>
    public bool Signals { get; set; } = true;

    public Instant MarkedAt { get; private set; }

    private World World => _pair.World;

    public void Mark()
    {
        MarkedAt = World.Now;
        _pair.Left.Mark();
        _pair.Right.Mark();
        Asked.Clear();
    }

    /// <summary>True when both sides heard each other within the time, and go on doing so: of fifty packets so many come.</summary>
    public bool Recovers(double seconds, int least = 40)
    {
        _pair.Run(seconds);
        var (left, right) = (_pair.Left.Received[1], _pair.Right.Received[1]);
        _pair.Run(1);
        return _pair.Left.Received[1] - left > least && _pair.Right.Received[1] - right > least;
    }

    public string Report() =>
        $"gaps {_pair.Left.Gap.TotalMilliseconds} and {_pair.Right.Gap.TotalMilliseconds} ms; {string.Join("; ", Asked.Select(a => $"{(a.At - MarkedAt).TotalSeconds:0.00} {a.Who}: {a.Reason}"))}\n"
        + string.Join('\n', _pair.Left.Trace.Entries.Concat(_pair.Right.Trace.Entries).Where(e => e.At >= MarkedAt).OrderBy(e => e.At.Nanoseconds).Select(e => e.ToString()));

    private void Frame()
    {
        if (!_pair.Left.Host.IsSuspended) _pair.Left.Send(1, TransportPair.Rtp);
        if (!_pair.Right.Host.IsSuspended) _pair.Right.Send(1, TransportPair.Rtp);
        World.At(World.Now + TimeSpan.FromMilliseconds(20), Frame);
    }

    private void On(TransportParty from, TransportParty to, MediaTransportEvent happened)
    {
        if (happened is MediaTransportEvent.RestartNeeded needed)
        {
            Asked.Add((World.Now, from.User, needed.Reason));
            World.At(World.Now, () => Restart(from, to));
        }
    }

    public void Restart(TransportParty from, TransportParty to)
    {
        if (_isBusy || !Signals) return;
        if (from.Host.IsSuspended || to.Host.IsSuspended)
        {
            World.At(World.Now + TimeSpan.FromSeconds(1), () => Restart(from, to));
            return;
        }

        _isBusy = true;
        Restarts++;
        var gathered = from.Events.Count(e => e is MediaTransportEvent.Gathered);
        from.Do((t, now) => t.Restart(now));
        When(() => from.Events.Count(e => e is MediaTransportEvent.Gathered) > gathered, () =>
        {
            to.Do((t, now) => t.SetRemote(now, TransportPair.Describe(from.Transport.Local!)));
            When(() => to.Transport.MayAnswer, () =>
            {
                from.Do((t, now) => t.SetRemote(now, TransportPair.Describe(to.Transport.Local!) with { IsAnswer = true }));
                _isBusy = false;
            });
        });
    }

    /// <summary>As soon as it holds, the message is on its way.</summary>
    private void When(Func<bool> holds, Action arrived)
    {
        if (holds()) World.At(World.Now + Signalling, arrived);
        else World.At(World.Now + TimeSpan.FromMilliseconds(5), () => When(holds, arrived));
    }
}
