using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>
/// One TCP connection in the poll loop. What arrives goes to the machine piece by piece; what does not fit the kernel's buffer waits
/// in a bounded queue. Ending it sends what is queued, says so to the peer and waits shortly for its answer, because closing with
/// unread octets would reset the connection and lose what was sent last.
/// </summary>
internal class TcpConnection : Pollable
{
    private const int PiecesPerTurn = 8;

    /// <summary>So many octets hold few enough messages for a moment of the turn.</summary>
    private const int DeferredPiece = 8192;

    private readonly Pump _pump;
    private readonly TcpStack _stack;
    private readonly PathId _path;
    private readonly PumpOptions _options;
    private readonly OctetQueue _waiting;
    private State _state;
    private bool _finishWhenConnected;
    private bool _ended;
    private bool _isAnswered;
    private bool _hasDelivered;
    private Instant _since;

    /// <param name="pump">Whose thread it runs on.</param>
    /// <param name="stack">The path's stack.</param>
    /// <param name="path">The path.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="remote">The other end.</param>
    /// <param name="options">Time limits and bounds.</param>
    /// <param name="isConnected">False while the connection comes about.</param>
    /// <param name="isGuest">The other end opened it.</param>
    public TcpConnection(Pump pump, TcpStack stack, PathId path, Socket socket, Address remote, PumpOptions options, bool isConnected, bool isGuest)
        : base(socket)
    {
        _pump = pump;
        _stack = stack;
        _path = path;
        Remote = remote;
        _options = options;
        _waiting = new OctetQueue(options.StreamQueueBound);
        _state = isConnected ? State.Open : State.Connecting;
        IsGuest = isGuest;
        _since = pump.Now;
        if (!isConnected) pump.SetDeadline(this, options.ConnectTimeout);
    }

    private enum State
    {
        Connecting,
        Open,

        /// <summary>We end it: the queue is being sent.</summary>
        Finishing,

        /// <summary>Everything is sent and the peer knows; waiting for its end.</summary>
        Finished,
    }

    public Address Remote { get; }

    /// <summary>The other end opened it.</summary>
    public bool IsGuest { get; }

    /// <summary>It came about, and what we sent on it is not acknowledged.</summary>
    public virtual bool IsStuck => _state == State.Open && Acknowledgement.IsMissing(Socket);

    /// <summary>The other end has taken the connection.</summary>
    protected bool IsOpen => _state == State.Open;

    public Guest AsGuest => new(Remote, _isAnswered, _since);

    public override bool WantsRead => _state != State.Connecting && !_ended;

    public override bool WantsWrite => _state == State.Connecting || !_waiting.IsEmpty;

    /// <summary>Called once it is in the poll loop.</summary>
    public void Begin()
    {
        if (_state == State.Open) OnConnected();
    }

    /// <summary>Sends, or queues what cannot be sent yet.</summary>
    public virtual void Send(ReadOnlySpan<byte> payload)
    {
        if (IsClosed) return;
        NoteUse(isAnswer: true);
        Write(payload);
    }

    /// <summary>Brings octets onto the wire, or queues what does not fit.</summary>
    protected void Write(ReadOnlySpan<byte> payload)
    {
        if (IsClosed) return;
        if (_state == State.Open && _waiting.IsEmpty)
        {
            var sent = Socket.Send(payload, SocketFlags.None, out var error);
            if (error != SocketError.Success && !error.IsPassing())
            {
                Drop(error.ToPathError());
                return;
            }

            payload = payload[(error == SocketError.Success ? sent : 0)..];
        }

        if (!_waiting.TryAppend(payload)) Drop(PathError.Closed);
    }

    /// <summary>Ends the connection after what is queued has left. The stack has forgotten it already.</summary>
    public virtual void Finish()
    {
        if (IsClosed || _state is State.Finishing or State.Finished) return;
        if (_state == State.Connecting && _waiting.IsEmpty)
        {
            Drop(PathError.Closed);
            return;
        }

        var connecting = _state == State.Connecting;
        _state = connecting ? State.Connecting : State.Finishing;
        _finishWhenConnected = connecting;
        _pump.SetDeadline(this, _options.FlushTimeout);
        if (!connecting) FinishWhenFlushed();
    }

    /// <summary>Ends the connection at once: its room is wanted.</summary>
    public void Leave() => Drop(PathError.Closed);

    public override void OnDeadline()
    {
        if (!IsClosed) Drop(PathError.TimedOut);
    }

    public override void OnReady(Readiness found)
    {
        if (_state == State.Connecting)
        {
            if (!Connected()) return;
            found |= Readiness.Writable;
        }

        if ((found & Readiness.Writable) != 0) Flush();
        if (!IsClosed && (found & (Readiness.Readable | Readiness.Error)) != 0) Read();
    }

    /// <summary>The connection has come about.</summary>
    protected virtual void OnConnected() => ExpectOctets();

    /// <summary>Whoever connects to us has something to say, and soon.</summary>
    protected void ExpectOctets()
    {
        if (IsGuest && !_hasDelivered) _pump.SetDeadline(this, _options.FirstOctetTimeout);
    }

    /// <summary>Octets have arrived.</summary>
    protected virtual void OnOctets(ReadOnlySpan<byte> octets) => Deliver(octets);

    /// <summary>The peer sends nothing more.</summary>
    protected virtual void OnEnd(PathError error) => Drop(error);

    /// <summary>Gives the machine a piece of the stream.</summary>
    protected void Deliver(ReadOnlySpan<byte> octets)
    {
        if (!_hasDelivered && IsGuest) _pump.CancelDeadline(this);
        _hasDelivered = true;
        if (_isAnswered) NoteUse(isAnswer: false);
        _pump.Take(new Datagram(_pump.Now, _path, Remote, octets));
    }

    protected void NoteUse(bool isAnswer)
    {
        _isAnswered |= isAnswer;
        _since = _pump.Now;
    }

    private bool Connected()
    {
        var error = (SocketError)(int)Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success)
        {
            Drop(error.ToPathError());
            return false;
        }

        _state = _finishWhenConnected ? State.Finishing : State.Open;
        if (_state == State.Open)
        {
            _pump.CancelDeadline(this);
            OnConnected();
        }

        return true;
    }

    private void Flush()
    {
        while (!_waiting.IsEmpty)
        {
            var sent = Socket.Send(_waiting.Head, SocketFlags.None, out var error);
            if (error.IsPassing()) return;
            if (error != SocketError.Success)
            {
                Drop(error.ToPathError());
                return;
            }

            _waiting.Skip(sent);
        }

        FinishWhenFlushed();
    }

    private void FinishWhenFlushed()
    {
        if (_state != State.Finishing || !_waiting.IsEmpty) return;
        _state = State.Finished;
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            Drop(PathError.Closed);
        }
    }

    private void Read()
    {
        var room = _pump.ReceiveBuffer.AsSpan(0, IsDeferred ? DeferredPiece : _pump.ReceiveBuffer.Length);
        for (var i = 0; i < PiecesPerTurn && !IsClosed && !_ended && (i == 0 || _pump.MayGoOn(this)); i++)
        {
            var length = Socket.Receive(room, SocketFlags.None, out var error);
            if (error.IsPassing()) return;
            if (error != SocketError.Success || length == 0)
            {
                End(error == SocketError.Success ? PathError.Closed : error.ToPathError());
                return;
            }

            if (_state == State.Open) OnOctets(room[..length]);
            if (length < room.Length) return;
        }
    }

    private void End(PathError error)
    {
        _ended = true;
        if (_state == State.Open) OnEnd(error);
        else Drop(error);
    }

    /// <summary>Ends the connection at once and tells the machine why.</summary>
    /// <param name="error">Why.</param>
    /// <param name="why">The same in words, where more is known.</param>
    protected void Drop(PathError error, Fault? why = null)
    {
        if (IsClosed) return;
        _pump.Unwatch(this);
        _stack.Lost(this, error, why);
    }
}
