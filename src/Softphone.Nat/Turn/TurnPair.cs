using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// The relays of RTP and RTCP, on neighbouring ports where the server can (RFC 8656 §3.8, §7.2): component 1 asks for an even port
/// and the next one to be kept, component 2 comes with the token. Where the server has no such pair, both get any port, and
/// <c>a=rtcp</c> tells the peer (RFC 3605). What one client has learnt of a challenge serves the next. Each component has its own socket and its own <see cref="TurnClient"/>, which is
/// replaced when the pair falls back: ask <see cref="Of"/> each time.
/// </summary>
public sealed class TurnPair : IMachine<TurnPairEvent>, IDisposable
{
    private readonly TurnOptions[] _options;
    private readonly TurnClient[] _clients;
    private readonly IEntropy _entropy;
    private readonly Trace _trace;
    private readonly Queue<TurnEvent>[] _events = [[], []];
    private bool _isClosing;

    /// <param name="rtp">The allocation of component 1; its port wish and reservation are set here.</param>
    /// <param name="rtcp">The allocation of component 2, with another path and another relay.</param>
    /// <param name="entropy">For transaction ids.</param>
    /// <param name="trace">Where transitions are told.</param>
    public TurnPair(TurnOptions rtp, TurnOptions rtcp, IEntropy entropy, Trace trace)
    {
        _entropy = entropy;
        _trace = trace;
        _options =
        [
            rtp with { Port = TurnPort.EvenAndReserveNext, Reservation = null },
            rtcp with { Port = TurnPort.Any, Reservation = null },
        ];
        _clients = [new TurnClient(_options[0], entropy, trace), new TurnClient(_options[1], entropy, trace)];
    }

    public Instant? NextTimeout => Instant.Earlier(_clients[0].NextTimeout, _clients[1].NextTimeout);

    /// <summary>True when the server gives no pairs: asking it for two relays at once is faster.</summary>
    public bool HasFallenBack { get; private set; }

    /// <summary>What the server gave for the port next to component 1's; null when there is none.</summary>
    public ulong? Reservation { get; private set; }

    /// <summary>The client of component 1 or 2 as it is now.</summary>
    public TurnClient Of(int component) => _clients[component - 1];

    /// <summary>Asks for both relays.</summary>
    public void Allocate(Instant now)
    {
        _clients[0].Allocate(now);
        Follow(now);
    }

    /// <summary>Gives both relays back; each component tells when it is closed.</summary>
    public void Close(Instant now)
    {
        _isClosing = true;
        foreach (var client in _clients) client.Close(now);
        Follow(now);
    }

    public void Receive(in Datagram datagram)
    {
        foreach (var client in _clients) client.Receive(datagram);
        Follow(datagram.At);
    }

    public void Fail(in PathFailure failure)
    {
        foreach (var client in _clients) client.Fail(failure);
        Follow(failure.At);
    }

    public void Advance(Instant now)
    {
        foreach (var client in _clients) client.Advance(now);
        Follow(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) =>
        _clients[0].TryTransmit(buffer, out transmit) || _clients[1].TryTransmit(buffer, out transmit);

    public bool TryEvent([NotNullWhen(true)] out TurnPairEvent? happened)
    {
        for (var component = 1; component <= 2; component++)
        {
            if (!TryEvent(component, out var single)) continue;
            happened = new TurnPairEvent(component, single);
            return true;
        }

        happened = null;
        return false;
    }

    /// <summary>What happened to one component, in order.</summary>
    public bool TryEvent(int component, [NotNullWhen(true)] out TurnEvent? happened)
    {
        // What the owner asked of a client directly, such as a permission, may have had an event at once.
        while (_clients[component - 1].TryEvent(out var raw)) _events[component - 1].Enqueue(raw);
        return _events[component - 1].TryDequeue(out happened);
    }

    /// <summary>Unwraps what arrived for either component; see <see cref="TurnClient.TryUnwrap"/>.</summary>
    public bool TryUnwrap(scoped in Datagram wire, out Datagram inner) =>
        _clients[0].TryUnwrap(wire, out inner) || _clients[1].TryUnwrap(wire, out inner);

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
    }

    private void Follow(Instant now)
    {
        for (var component = 1; component <= 2; component++)
            while (_clients[component - 1].TryEvent(out var happened))
                if (!TryFallBack(now, component, happened))
                    Tell(now, component, happened);
    }

    private bool TryFallBack(Instant now, int component, TurnEvent happened)
    {
        if (_isClosing || happened is not TurnEvent.AllocationFailed { Advice: TurnAdvice.AnyPort }) return false;
        Replace(now, component, _options[component - 1] with { Port = TurnPort.Any, Reservation = null });
        if (component == 1) GiveUpPair(now);
        return true;
    }

    private void Tell(Instant now, int component, TurnEvent happened)
    {
        _events[component - 1].Enqueue(happened);
        if (_isClosing || component != 1) return;
        switch (happened)
        {
            case TurnEvent.Allocated { Reservation: { } token } when !_clients[1].IsStarted:
                Reservation = token;
                Replace(now, 2, _options[1] with { Reservation = token });
                break;
            case TurnEvent.Allocated when !_clients[1].IsStarted:
                GiveUpPair(now);
                break;
            case TurnEvent.AllocationFailed { Advice: TurnAdvice.NewPort } when !_clients[1].IsStarted:
                // Only this port is in the server's way; the owner opens another one.
                StartSecond(now);
                break;
            case TurnEvent.AllocationFailed failed when !_clients[1].IsStarted:
                // Component 2 alone is of no use; it fails for the same reason, so that its owner waits for nothing.
                _events[1].Enqueue(failed);
                break;
        }
    }

    private void GiveUpPair(Instant now)
    {
        HasFallenBack = true;
        StartSecond(now);
    }

    private void StartSecond(Instant now)
    {
        _clients[1].TakeChallengeOf(_clients[0]);
        _clients[1].Allocate(now);
    }

    private void Replace(Instant now, int component, TurnOptions options)
    {
        var old = _clients[component - 1];
        var client = new TurnClient(options with { Server = _clients[0].Server }, _entropy, _trace);
        client.TakeChallengeOf(_clients[0]);
        client.TakeWishesOf(now, old);
        old.Dispose();
        _clients[component - 1] = client;
        client.Allocate(now);
    }
}
