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

    private readonly PumpOptions _options;
    private readonly Poller _poller;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Queue<PathFailure> _failures = [];
    private readonly TimerTable<Pollable> _deadlines = new();
    private readonly byte[] _sendBuffer = new byte[Limits.Datagram];
    private IMachine? _machine;
    private Action<Instant>? _drained;
    private Thread? _thread;
    private ExceptionDispatchInfo? _aborted;
    private volatile bool _stopping;

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
    /// <returns>False when the pump has ended and the action will not run.</returns>
    public bool Post(Action action)
    {
        if (_stopping) return false;
        _posted.Enqueue(action);
        _poller.Wake();
        return true;
    }

    /// <summary>Ends the thread and closes every socket. Actions that were posted and have not run are dropped.</summary>
    public void Dispose()
    {
        _stopping = true;
        _poller.Wake();
        if (_thread is null) _poller.Dispose();
        else if (!IsPumpThread) _thread.Join();
    }

    internal void Take(in Datagram datagram)
    {
        _machine!.Receive(datagram);
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

    /// <summary>Ends the pump as if the exception had been thrown in its loop.</summary>
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
            _poller.Dispose();
        }
    }

    private void Turn()
    {
        _poller.Wait(LongestSleep());
        _aborted?.Throw();
        for (var n = _posted.Count; n > 0 && !_stopping && _posted.TryDequeue(out var action); n--)
        {
            action();
            Drain(Now);
        }

        foreach (var item in _poller.Ready)
        {
            if (_stopping) return;
            if (!item.IsClosed) item.OnReady(item.Found);
        }

        for (var n = _failures.Count; n > 0 && _failures.TryDequeue(out var failure); n--)
        {
            _machine!.Fail(failure);
            Drain(failure.At);
        }

        var now = Now;
        while (_deadlines.TryExpire(now, out var item)) item.OnDeadline();
        if (_machine!.NextTimeout is not { } due || due > now) return;
        _machine.Advance(now);
        Drain(now);
    }

    private TimeSpan? LongestSleep()
    {
        if (_failures.Count > 0 || !_posted.IsEmpty) return TimeSpan.Zero;
        if (Instant.Earlier(_machine!.NextTimeout, _deadlines.Next) is not { } due) return null;
        var wait = due.Nanoseconds - Now.Nanoseconds;
        return wait <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min((wait + 99) / 100, LongestWait.Ticks));
    }

    private void Drain(Instant now)
    {
        SendAll();
        _drained?.Invoke(now);
        SendAll();
    }

    private void SendAll()
    {
        while (_machine!.TryTransmit(_sendBuffer, out var transmit))
        {
            var payload = _sendBuffer.AsSpan(0, transmit.Length);
            if (_udp.TryGetValue(transmit.Path, out var endpoint)) endpoint.Send(payload, transmit.Remote);
            else if (_tcp.TryGetValue(transmit.Path, out var stack)) stack.Send(payload, transmit.Remote);
        }
    }
}
