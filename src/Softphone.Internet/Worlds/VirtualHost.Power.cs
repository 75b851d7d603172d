using Softphone.Core;

namespace Softphone.Internet;

/// <summary>Suspend, resume and loss of power.</summary>
public sealed partial class VirtualHost
{
    private readonly Queue<Action> _atResume = [];

    /// <summary>True while the host sleeps: its machine is not advanced, and datagrams to it are dropped.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>
    /// Puts the host to sleep. What its machine wanted to send stays with it; streams wait, as their senders would repeat what is not
    /// acknowledged.
    /// </summary>
    public void Suspend()
    {
        if (IsSuspended) return;
        Settle();
        IsSuspended = true;
        _wakeAt = null;
        _world.WakeUp(this, null);
    }

    /// <summary>Sleeps for a time; then the machine is advanced once, over the whole of it.</summary>
    public void Suspend(TimeSpan time)
    {
        Suspend();
        _world.Schedule(_world.Now + time, Resume);
    }

    /// <summary>Wakes the host: its clock has counted the sleep, so the machine sees one jump of time.</summary>
    public void Resume()
    {
        if (!IsSuspended) return;
        IsSuspended = false;
        _machine?.Advance(_world.Now);
        Settle();
        while (!IsSuspended && _atResume.TryDequeue(out var missed)) missed();
    }

    /// <summary>
    /// Takes the machine away as when the power goes: sockets are gone without a word, and a peer of a connection learns of it when it
    /// next sends and is answered by a reset.
    /// </summary>
    public void Crash()
    {
        TakeMachine();
        IsSuspended = false;
        _atResume.Clear();
        foreach (var end in _streams.Values.ToList()) Forget(end);
        _sockets.Clear();
        _bound.Clear();
    }

    private void MissAsleep(Packet packet)
    {
        if (packet.IsStream) _atResume.Enqueue(() => Deliver(packet));
        else _world.Drop(packet, DropReason.Asleep, Name);
    }

    private void WhenAwake(Action act)
    {
        if (IsSuspended) _atResume.Enqueue(act);
        else act();
    }
}
