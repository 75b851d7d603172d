using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// One allocation at a TURN server, spoken to over UDP, TCP or TLS (RFC 8656), from the first Allocate to the last Refresh: it answers
/// challenges, keeps allocation, permissions and channels alive, and wraps and unwraps what goes to and comes from peers. The owner
/// gives it what arrives from the server at its path: first to <see cref="TryUnwrap"/>, and what that does not take to
/// <see cref="Receive"/>. A relay that was lost is replaced by a new client.
/// </summary>
public sealed partial class TurnClient : IMachine<TurnEvent>, IDisposable
{
    /// <summary>How long to leave a server alone that was out of capacity or quota (RFC 8656 §7.4).</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(60);

    /// <summary>A request whose username, realm, nonce and list of algorithms are all as long as they may be fits.</summary>
    private const int LongestRequest = 4096;
    private readonly TurnOptions _options;
    private readonly IEntropy _entropy;
    private readonly Trace _trace;
    private readonly StunLongTermClient _credentials;
    private readonly TransmitQueue _queue = new();
    private readonly StunTransactions _transactions;
    private readonly RoundTripEstimate _roundTrip;
    private readonly Dictionary<long, TurnRequest> _requests = [];
    private readonly Queue<TurnEvent> _events = [];
    private readonly TimerTable<int> _timers = new();
    private long _lastTag;
    private State _state;
    private Address _server;

    public TurnClient(TurnOptions options, IEntropy entropy, Trace trace)
    {
        _options = options;
        _entropy = entropy;
        _trace = trace;
        _server = options.Server;
        _path = options.Path;
        _wantsTicket = options.Mobility;
        _dontFragment = options.DontFragment;
        _family = options.Family;
        _credentials = new StunLongTermClient(options.Username, options.Password);
        _transactions = new StunTransactions(_queue);
        _roundTrip = new RoundTripEstimate(options.Rto);
    }

    private enum State
    {
        Idle,
        Allocating,
        Allocated,
        Closing,
        Over,
    }

    private enum Timer
    {
        Refresh,
        Expiry,
        Permissions,
        Close,

        /// <summary>The first channel; channel n has this number plus n.</summary>
        Channel,
    }

    /// <summary>The server spoken to: the one of the options, or the one it redirected to.</summary>
    public Address Server => _server;

    /// <summary>The relayed address; invalid while there is none.</summary>
    public Address Relayed { get; private set; }

    /// <summary>The address of ours that the server saw when it gave the relay.</summary>
    public Address Mapped { get; private set; }

    public bool IsAllocated => _state == State.Allocated;

    /// <summary>Refused, lost or closed: nothing more comes of it.</summary>
    public bool IsOver => _state == State.Over;

    /// <summary>True once <see cref="Allocate"/> or <see cref="Close"/> was called.</summary>
    public bool IsStarted => _state != State.Idle || _isClosed;

    /// <summary>The smoothed round-trip time to the server; null while unknown.</summary>
    public TimeSpan? RoundTrip => _roundTrip.Smoothed;

    public Instant? NextTimeout => Instant.Earlier(_transactions.NextTimeout, _timers.Next);

    public void Dispose() => _credentials.Dispose();

    /// <summary>True when the datagram belongs to this client: channel data or a TURN message from its server at its path.</summary>
    public bool IsMine(in Datagram datagram)
    {
        if (datagram.Path != _path || datagram.Remote != _server) return false;
        return Demultiplexer.Classify(datagram.Payload) switch
        {
            PacketKind.Channel => true,
            PacketKind.Stun => StunReader.TryParse(datagram.Payload, out var reader, out _) && reader.Method != StunMethod.Binding,
            _ => false,
        };
    }

    public void Receive(in Datagram datagram)
    {
        if (_state is State.Idle or State.Over || datagram.Path != _path || datagram.Remote != _server) return;
        if (!StunReader.TryParse(datagram.Payload, out var reader, out _)) return;
        switch (reader.Class)
        {
            case StunClass.Success or StunClass.Error:
                Answer(datagram, reader);
                break;
            case StunClass.Indication:
                Indicate(datagram.At, reader);
                break;
        }
    }

    private bool IsStream => _options.Transport != Transport.Udp;

    /// <summary>
    /// With UDP a hint only: it colours the message when the server does not answer, and ends nothing (RFC 8489 §6.2.1). With a stream
    /// the connection is gone, and the allocation with it (RFC 8656 §3.2).
    /// </summary>
    public void Fail(in PathFailure failure)
    {
        if (failure.Path != _path || failure.Remote != _server) return;
        _hint = failure.Error;
        if (IsStream) Break(failure.At, failure.Error switch
        {
            PathError.TlsFailed => failure.Why is { } why ? $"{why.What} ({why.Remedy})" : "no TLS with it",
            PathError.Refused => "it refused the connection",
            PathError.Closed => "it ended the connection",
            _ => $"no connection ({failure.Error})",
        });
    }

    /// <summary>The stream is of no use any more: it ended, or what came on it is no TURN.</summary>
    public void Break(Instant now, string why)
    {
        switch (_state)
        {
            case State.Allocating:
                _broken = why;
                AllocateRefused(now, 0, default);
                break;
            case State.Allocated:
                Lose(now, 0, why);
                break;
            case State.Closing:
                FinishClose(now);
                break;
        }
    }

    public void Advance(Instant now)
    {
        while (_transactions.TryExpire(now, out var failed))
            if (_requests.Remove(failed.Tag, out var request))
                Refuse(now, request, request.UnsignedCode, default);
        while (_timers.TryExpire(now, out var timer)) Expire(now, timer);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _queue.TryDequeue(buffer, out transmit);

    public bool TryEvent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TurnEvent? happened) => _events.TryDequeue(out happened);

    private void Expire(Instant now, int timer)
    {
        switch ((Timer)timer)
        {
            case Timer.Refresh:
                Ask(now, new TurnRequest(TurnRequest.Wish.Refresh));
                break;
            case Timer.Expiry:
                Lose(now, 0, "it was not refreshed in time");
                break;
            case Timer.Permissions:
                RefreshPermissions(now);
                break;
            case Timer.Close:
                FinishClose(now);
                break;
            default:
                RefreshChannel(now, timer - (int)Timer.Channel);
                break;
        }
    }

    private void Emit(Instant now, TurnEvent happened, string what)
    {
        _events.Enqueue(happened);
        if (_trace.IsOn) _trace.Emit(new TurnTrace.Happened(now, _options.Source, what));
    }

    /// <summary>Nothing runs any more: no timer, no transaction.</summary>
    private void End()
    {
        _state = State.Over;
        Relayed = default;
        _transactions.Clear();
        _requests.Clear();
        _timers.Clear();
    }
}
