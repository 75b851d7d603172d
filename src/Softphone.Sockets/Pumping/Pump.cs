using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Softphone.Sockets;

/// <summary>
/// The real-socket shell: one thread that owns a machine and its sockets. It receives, advances, drains what the machine sends, and
/// after each input lets the owner drain the events. Nothing in the machine is locked, because nothing else may touch it: other
/// threads <see cref="Post"/>. In steady state it allocates nothing for a packet.
/// </summary>
public sealed partial class Pump : INetwork, IDisposable
{
    // A wait is measured by the monotonic clock, which stands still in suspend, but timers by the clock that does not: never sleep
    // so long that a laptop that wakes would be late by more than this.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>A socket whose handling throws so often is closed.</summary>
    private const int MostFaults = 16;

    /// <summary>How long deferred sockets may hold a turn: a fraction of the 20 ms between two packets of a call.</summary>
    private static readonly TimeSpan DeferredShare = TimeSpan.FromMilliseconds(2);

    /// <summary>How long the end waits for the thread, which never keeps a process.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly PumpOptions _options;
    private readonly Poller _poller;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Queue<PathFailure> _failures = [];
    private readonly TimerTable<Pollable> _deadlines = new();
    private readonly byte[] _sendBuffer = new byte[Limits.Datagram];
    private readonly Respite _respite = new();
    private readonly Lock _gate = new();
    private IMachine? _machine;
    private Action<Instant>? _drained;
    private Thread? _thread;
    private ExceptionDispatchInfo? _aborted;
    private volatile bool _stopping;
    private Instant _deferredUntil;
    private int _firstDeferred;

    /// <summary>Nothing more is taken; what was taken has run, or runs yet. Under the gate.</summary>
    private bool _isClosed;

    public Pump(PumpOptions? options = null)
    {
        _options = options ?? PumpOptions.Default;
        _poller = Poller.Create(_options.HasManySockets);
    }

    /// <summary>The time of the clock that the machine lives by. May be read from any thread.</summary>
    public Instant Now => BootClock.Now;

    /// <summary>True on the thread that owns the machine.</summary>
    public bool IsPumpThread => Thread.CurrentThread == _thread;

    internal byte[] ReceiveBuffer { get; } = new byte[1 << 16];

    /// <summary>
    /// Starts the thread. Sockets may have been opened before. From now on the machine belongs to the pump thread.
    /// </summary>
    /// <param name="machine">What to drive.</param>
    /// <param name="drained">
    /// Called on the pump thread after each input has been given and its messages sent: take all events here. It may give the machine
    /// further inputs and open and close sockets.
    /// </param>
    public void Start(IMachine machine, Action<Instant>? drained = null)
    {
        if (_thread is not null) throw new InvalidOperationException("the pump runs already");
        ObjectDisposedException.ThrowIf(_stopping, this);
        _machine = machine;
        _drained = drained;
        _thread = new Thread(Run) { IsBackground = true, Name = _options.Name };
        _thread.Start();
    }

    /// <summary>
    /// Runs the action on the pump thread, in the order of the posts, and then drains. May be called from any thread.
    /// </summary>
    /// <returns>
    /// True: it runs, at the latest as the pump ends, when sockets are still open; in a pump that is never started it does not. False: the pump
    /// has ended, or was told to, and the action does not run.
    /// </returns>
    public bool Post(Action action)
    {
        lock (_gate)
        {
            if (_isClosed || _stopping) return false;
            _posted.Enqueue(action);
        }

        _poller.Wake();
        return true;
    }

    /// <summary>Ends the thread and closes every socket. Actions that were posted before still run.</summary>
    public void Dispose() => End(EndLimit);

    /// <summary>The same, waiting no longer than a limit for an action that hangs on the pump's thread.</summary>
    /// <returns>False when the thread has not ended: the machine is still its own.</returns>
    public bool End(TimeSpan limit)
    {
        _stopping = true;
        _poller.Wake();
        if (_thread is not null) return IsPumpThread || _thread.Join(limit);
        _poller.Dispose();
        return true;
    }

    internal void Take(in Datagram datagram)
    {
        try
        {
            _machine!.Receive(datagram);
        }
        catch (Exception e) when (_options.Faulted is not null)
        {
            Fault("a packet", e);
        }

        Drain(datagram.At);
    }

    /// <summary>
    /// Notes a failure. The machine is told in the next turn, so that one that answers a failure by sending again to the same place
    /// cannot hold the thread.
    /// </summary>
    internal void Report(PathId path, Address remote, PathError error, Fault? why = null)
    {
        if (_failures.Count < 4096) _failures.Enqueue(new PathFailure(Now, path, remote, error, why));
    }

    /// <summary>Brings an exception of a task into the loop, as if it had been thrown there.</summary>
    internal void Abort(Exception e)
    {
        _aborted ??= ExceptionDispatchInfo.Capture(e);
        _poller.Wake();
    }

    private void Run()
    {
        SynchronizationContext.SetSynchronizationContext(new PumpContext(this));
        try
        {
            Drain(Now);
            while (!_stopping) Turn();
        }
        catch (Exception e) when (_options.Crashed is not null)
        {
            _stopping = true;
            _options.Crashed(e);
        }
        finally
        {
            _stopping = true;
            RunLast();
            _poller.Dispose();
        }
    }

    /// <summary>What was taken before the end runs, whatever it does: its owner was promised that.</summary>
    private void RunLast()
    {
        lock (_gate) _isClosed = true;
        while (_posted.TryDequeue(out var action))
        {
            try
            {
                action();
                SendAll();
            }
            catch (Exception e)
            {
                _options.Faulted?.Invoke(new PumpFault("a command at the end", e));
            }
        }
    }

    private void Turn()
    {
        _poller.Wait(LongestSleep());
        TakeAborted();
        for (var n = _posted.Count; n > 0 && !_stopping && _posted.TryDequeue(out var action); n--)
        {
            Do(action);
            Drain(Now);
        }

        foreach (var item in _poller.Ready)
        {
            if (_stopping) return;
            if (!item.IsClosed && !item.IsDeferred) Serve(item);
        }

        for (var n = _failures.Count; n > 0 && _failures.TryDequeue(out var failure); n--)
        {
            Tell(failure);
            Drain(failure.At);
        }

        var now = Now;
        while (_deadlines.TryExpire(now, out var item)) Remind(item);
        if (Due() is { } due && due <= now)
        {
            Advance(now);
            Drain(now);
        }

        ServeDeferred();
    }

    private void TakeAborted()
    {
        if (_aborted is not { } aborted) return;
        if (_options.Faulted is null) aborted.Throw();
        _aborted = null;
        Fault("a connection", aborted.SourceException);
    }

    private void Do(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (_options.Faulted is not null)
        {
            Fault("a command", e);
        }
    }

    private void Serve(Pollable item)
    {
        try
        {
            item.OnReady(item.Found);
        }
        catch (Exception e) when (_options.Faulted is not null)
        {
            Fault("a socket", e);
            // It stays ready, and would throw at every turn.
            if (++item.Faults >= MostFaults) Unwatch(item);
        }
    }

    private void Tell(in PathFailure failure)
    {
        try
        {
            _machine!.Fail(failure);
        }
        catch (Exception e) when (_options.Faulted is not null)
        {
            Fault("a failure of a path", e);
        }
    }

    private void Remind(Pollable item)
    {
        try
        {
            item.OnDeadline();
        }
        catch (Exception e) when (_options.Faulted is not null)
        {
            Fault("a deadline of a socket", e);
        }
    }

    private void Advance(Instant now)
    {
        try
        {
            _machine!.Advance(now);
            _respite.Worked();
        }
        catch (Exception e) when (_options.Faulted is not null)
        {
            _respite.Failed(now);
            Fault("a timer", e);
        }
    }

    /// <summary>
    /// Signalling comes after media and after the clock, and holds the turn for a moment only: what it leaves is found ready again by the
    /// next wait, behind the packets of calls that have come meanwhile.
    /// </summary>
    private void ServeDeferred()
    {
        var ready = _poller.Ready;
        _deferredUntil = Now + DeferredShare;
        for (var i = 0; i < ready.Count && !_stopping; i++)
        {
            var item = ready[(_firstDeferred + i) % ready.Count];
            if (!item.IsDeferred || item.IsClosed) continue;
            Serve(item);
            if (MayGoOn(item)) continue;
            // The next turn begins with one that was not reached in this.
            _firstDeferred = (_firstDeferred + i + 1) % ready.Count;
            return;
        }
    }

    /// <summary>Whether a socket may go on taking what it has in this turn.</summary>
    internal bool MayGoOn(Pollable item) => !item.IsDeferred || Now < _deferredUntil;

    private TimeSpan? LongestSleep()
    {
        if (_failures.Count > 0 || !_posted.IsEmpty) return TimeSpan.Zero;
        if (Instant.Earlier(Due(), _deadlines.Next) is not { } due) return null;
        var wait = due.Nanoseconds - Now.Nanoseconds;
        return wait <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min((wait + 99) / 100, LongestWait.Ticks));
    }

    /// <summary>When the machine is to be advanced, as far as it can say.</summary>
    private Instant? Due()
    {
        try
        {
            return _respite.Delay(_machine!.NextTimeout);
        }
        catch (Exception e) when (_options.Faulted is not null)
        {
            var now = Now;
            _respite.Failed(now);
            Fault("the question when a timer is due", e);
            return _respite.Delay(now);
        }
    }

    private void Drain(Instant now)
    {
        try
        {
            SendAll();
            _drained?.Invoke(now);
            SendAll();
        }
        catch (Exception e) when (_options.Faulted is not null)
        {
            Fault("what the machine sends and tells", e);
        }
    }

    private void SendAll()
    {
        var any = false;
        while (_machine!.TryTransmit(_sendBuffer, out var transmit))
        {
            any = true;
            var payload = _sendBuffer.AsSpan(0, transmit.Length);
            if (_udp.TryGetValue(transmit.Path, out var endpoint)) endpoint.Send(payload, transmit.Remote);
            else if (_tcp.TryGetValue(transmit.Path, out var stack)) stack.Send(payload, transmit.Remote, transmit.Use);
        }

        if (any) _machine.Sent(Now);
    }

    /// <summary>Whoever is told of a fault must not make another of it.</summary>
    private void Fault(string where, Exception error)
    {
        try
        {
            _options.Faulted!(new PumpFault(where, error));
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }
}
