using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Media;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// A whole phone as one machine: accounts and calls over a <see cref="SipAgent"/>, and for each call a media transport and a media
/// session. The shell lends it a network, names, chance and codecs; the same phone runs on real sockets and in the virtual internet.
/// Belongs to the one thread that drives it.
/// </summary>
public sealed partial class PhoneMachine : IMachine<PhoneEvent>, IDisposable
{
    private readonly Dictionary<CallId, Call> _calls = [];
    private readonly List<CallId> _order = [];
    private readonly Queue<PhoneEvent> _events = [];
    private readonly List<Action<Instant>> _whenOpen = [];
    private readonly byte[] _scratch = new byte[2048];
    private readonly CallBarrier _barrier;
    private bool _isStarted;
    private bool _shuttingDown;
    private bool _shutDown;
    private Instant? _closeAt;

    /// <exception cref="ArgumentException">Keys by DTLS are demanded, and there is no certificate for it.</exception>
    public PhoneMachine(PhoneOptions options, INetwork network, IEntropy entropy, ICodecFactory codecs, Trace trace)
    {
        if (options is { Srtp: SrtpMode.Dtls, Dtls: null }) throw new ArgumentException("SrtpMode.Dtls needs an identity for DTLS");
        Options = options with { Numbering = options.Numbering ?? new CallNumbering() };
        Network = _usable = new UsableNetwork(network);
        Entropy = entropy;
        Codecs = codecs;
        Trace = trace;
        Sip = new SipAgent(SipOptions(options, network), entropy, trace);
        Servers = new ServerNames(options.Nat);
        _sockets = new SipSockets(Options, _usable, Sip);
        _ways = new OtherWays(this, _usable, _sockets);
        _barrier = new CallBarrier(this);
        _referrals = new Referrals(this);
        _texts = new Texts(this);
        Sip.IsBusy = () => ActiveCalls > 0 || IsBusyBesides();
    }

    /// <summary>The record of what this phone did: ladder, inspector and report are views of it.</summary>
    public Trace Trace { get; }

    public Instant? NextTimeout
    {
        get
        {
            if (_shutDown) return null;
            var next = Instant.Earlier(Instant.Earlier(_closeAt, _sockets.NextTimeout), Instant.Earlier(_barrier.Signalling.Delay(Sip.NextTimeout), Servers.Deadline));
            next = Instant.Earlier(next, Instant.Earlier(_referrals.NextTimeout, _ways.NextTimeout));
            return Instant.Earlier(next, FirstDue());
        }
    }

    /// <summary>Calls that are not over.</summary>
    public int ActiveCalls => _calls.Values.Count(c => c.State != CallState.Ended);

    /// <summary>Whether the person is at a call of another phone; asked where a call is forwarded on busy.</summary>
    public Func<bool> IsBusyBesides { get; set; } = () => false;

    internal PhoneOptions Options { get; }

    internal INetwork Network { get; }

    internal IEntropy Entropy { get; }

    internal ICodecFactory Codecs { get; }

    internal SipAgent Sip { get; }

    internal ServerNames Servers { get; }

    /// <summary>Which path is of which call.</summary>
    internal CallPaths Paths { get; } = new();

    /// <summary>Whether this path is one of this phone's: of its SIP, or of one of its calls.</summary>
    public bool Owns(PathId path) => IsOfSip(path) || Paths.Of(path) is not null;

    public void Receive(in Datagram datagram)
    {
        if (IsOfSip(datagram.Path))
        {
            ReceiveSip(datagram);
        }
        else if (Paths.Of(datagram.Path) is { } call)
        {
            var due = call.NextTimeout;
            if (Receive(call, datagram) && IsSettled(datagram.At, call, due)) return;
        }

        Settle(datagram.At);
    }

    public void Fail(in PathFailure failure)
    {
        if (IsOfSip(failure.Path))
        {
            FailSip(failure);
        }
        else if (Paths.Of(failure.Path) is { } call)
        {
            Fail(call, failure);
        }

        Settle(failure.At);
    }

    public void Advance(Instant now)
    {
        if (_shutDown) return;
        if (_closeAt <= now)
        {
            CloseSip(now);
            return;
        }

        if (NextTimeout is { } due && now - due > SleepAtLeast) Wake(now);
        _sockets.Advance(now);
        AdvanceSip(now);
        _ways.Advance(now);
        if (Servers.Expire(now)) ServersKnown(now);
        _referrals.Advance(now);
        for (var i = 0; i < _order.Count; i++) Advance(now, _calls[_order[i]]);
        Settle(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (Sip.TryTransmit(buffer, out transmit)) return true;
        if (!Paths.MaySend) return false;
        if (Paths.OnlySender is { } one)
        {
            if (TryTransmit(one, buffer, out transmit)) return true;
        }
        else
        {
            foreach (var id in _order)
                if (TryTransmit(_calls[id], buffer, out transmit)) return true;
        }

        Paths.SaidAll();
        return false;
    }

    public void Sent(Instant now) => Sip.Sent(now);

    public bool TryEvent([NotNullWhen(true)] out PhoneEvent? happened) => _events.TryDequeue(out happened);

    public void Dispose()
    {
        foreach (var call in _calls.Values) Dispose(_lastSeen, call);
    }

    internal void Emit(PhoneEvent happened) => _events.Enqueue(happened);

    private bool IsOfSip(PathId path) => _sockets.Owns(path) || _ways.Owns(path);

    /// <summary>With ICE go its option tags (RFC 5768, RFC 8840 §10) and the Info Package that carries late candidates.</summary>
    private static SipAgentOptions SipOptions(PhoneOptions options, INetwork network)
    {
        var sip = options.Sip with { Source = options.Name, MaxSessions = options.CallLimit, Stun = options.Sip.Stun ?? new StunBinding(), ConnectsFrom = network.ConnectsFrom, IsStuck = network.IsStuck };
        return options.Nat.Mode == NatMode.None ? sip : sip with
        {
            Supported = [.. options.Sip.Supported, "ice", Softphone.Sdp.SdpFragment.Package],
            InfoPackages = [.. options.Sip.InfoPackages, Softphone.Sdp.SdpFragment.Package],
        };
    }

    private Instant? FirstDue()
    {
        if (Paths.TryDue(out var due)) return due;
        due = null;
        foreach (var id in _order) due = Instant.Earlier(due, _calls[id].NextTimeout);
        return Paths.Know(due);
    }

    /// <summary>A packet concerns its own call; where that had something to say, all are heard.</summary>
    private bool IsSettled(Instant now, Call call, Instant? dueBefore)
    {
        _lastSeen = now;
        if (Settle(now, call) || call.IsGone) return false;
        Paths.One(call, dueBefore);
        return true;
    }

    /// <summary>Carries what one machine said to the others until all are silent.</summary>
    private void Settle(Instant now)
    {
        _lastSeen = now;
        Paths.All();
        bool moved;
        do
        {
            moved = false;
            while (Sip.TryEvent(out var happened))
            {
                Take(now, happened);
                moved = true;
            }

            for (var i = 0; i < _order.Count; i++) moved |= Settle(now, _calls[_order[i]]);
        }
        while (moved);

        for (var i = _order.Count - 1; i >= 0; i--)
        {
            if (!_calls[_order[i]].IsGone) continue;
            Dispose(now, _calls[_order[i]]);
            _calls.Remove(_order[i]);
            _order.RemoveAt(i);
        }

        FinishShutdown(now);
    }
}
