using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Getting, keeping and giving back the allocation (RFC 8656 §7, §8).</summary>
public sealed partial class TurnClient
{
    /// <summary>REQUESTED-TRANSPORT: UDP.</summary>
    private const byte UdpProtocol = 17;

    /// <summary>A server may redirect as often as this, and never to where the client has been (RFC 8489 §10).</summary>
    private const int MostRedirects = 3;
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(600);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan RefreshMargin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RefreshRetry = TimeSpan.FromSeconds(10);
    private readonly List<Address> _visited = [];
    private bool _dontFragment;
    private TurnFamily _family;
    private bool _isClosed;

    /// <summary>Asks for the relay; once in the life of a client.</summary>
    public void Allocate(Instant now)
    {
        if (_state != State.Idle) return;
        _state = State.Allocating;
        Ask(now, new TurnRequest(TurnRequest.Wish.Allocate));
    }

    /// <summary>
    /// Gives the relay back. <see cref="TurnEvent.Closed"/> comes with the server's answer, or after one retransmission timeout.
    /// </summary>
    public void Close(Instant now)
    {
        switch (_state)
        {
            case State.Allocating when IsStream:
                // The owner closes the connection, and with it ends whatever the server may have made.
                FinishClose(now);
                break;
            case State.Allocating:
                // The server may have made the allocation already: a late success is answered with its deletion.
                _state = State.Closing;
                StopAllSending();
                _timers.Set((int)Timer.Close, now + _options.Rto);
                break;
            case State.Allocated:
                _state = State.Closing;
                _transactions.Clear();
                _requests.Clear();
                _timers.Clear();
                _timers.Set((int)Timer.Close, now + _options.Rto);
                Ask(now, new TurnRequest(TurnRequest.Wish.Delete));
                break;
            case State.Idle or State.Over:
                if (!_isClosed) FinishClose(now);
                break;
        }
    }

    private void StopAllSending()
    {
        foreach (var id in _transactions.Running) _transactions.StopSending(id);
    }

    private void FinishClose(Instant now)
    {
        End();
        _isClosed = true;
        Emit(now, new TurnEvent.Closed(), "closed");
    }

    private void WriteAllocate(ref StunWriter writer)
    {
        writer.AddUInt8(StunAttributeType.RequestedTransport, UdpProtocol);
        if (_options.Lifetime is { } lifetime) writer.AddUInt32(StunAttributeType.Lifetime, Seconds(lifetime));
        if (_dontFragment) writer.AddFlag(StunAttributeType.DontFragment);
        if (_wantsTicket) writer.AddFlag(StunAttributeType.MobilityTicket);
        if (_options.Reservation is { } token)
        {
            // A token already says family and port; RFC 8656 §7.2 refuses it beside them.
            writer.AddUInt64(StunAttributeType.ReservationToken, token);
            return;
        }

        if (_family != TurnFamily.Default) writer.AddUInt8(StunAttributeType.RequestedAddressFamily, (byte)_family);
        if (_options.Port != TurnPort.Any)
            writer.Add(StunAttributeType.EvenPort, [_options.Port == TurnPort.EvenAndReserveNext ? (byte)0x80 : (byte)0]);
    }

    private void AllocateGranted(Instant now, in StunTransaction transaction, in StunReader reader)
    {
        if (_state == State.Closing)
        {
            Ask(now, new TurnRequest(TurnRequest.Wish.Delete));
            return;
        }

        var hasRelayed = reader.TryGetAddress(StunAttributeType.XorRelayedAddress, out var relayed) && relayed.IsValid;
        reader.TryGetAddress(StunAttributeType.XorMappedAddress, out var mapped);
        var isWrongFamily = _family switch { TurnFamily.V4 => relayed.Ip.IsV6, TurnFamily.V6 => relayed.Ip.IsV4, _ => false };
        if (!hasRelayed || isWrongFamily)
        {
            var what = hasRelayed ? $"gave {relayed}, which is not of the family asked for" : "gave no relayed address";
            Emit(
                now,
                new TurnEvent.AllocationFailed(new Fault(Layer.Turn, $"TURN server {_server} {what}", "try another server"), 0, TurnAdvice.OtherServer),
                $"allocation failed: {what}");
            _state = State.Allocated;
            Close(now);
            return;
        }

        _state = State.Allocated;
        Relayed = relayed;
        Mapped = mapped;
        TakeTicket(reader);
        var life = LifetimeOf(reader);
        Live(transaction.StartedAt, life);
        ulong? reservation = reader.TryGetUInt64(StunAttributeType.ReservationToken, out var token) ? token : null;
        Emit(now, new TurnEvent.Allocated(relayed, mapped, life, reservation), $"allocated {relayed}, mapped {mapped}, {life.TotalSeconds:F0} s");
        AskWanted(now);
    }

    private void AllocateRefused(Instant now, int code, in StunReader reader)
    {
        if (code == StunErrorCode.TryAlternate && TryRedirect(now, reader)) return;
        if (code == StunErrorCode.UnknownAttribute && _dontFragment && Names(reader, StunAttributeType.DontFragment))
        {
            _dontFragment = false;
            Ask(now, new TurnRequest(TurnRequest.Wish.Allocate));
            return;
        }

        if (code == StunErrorCode.MobilityForbidden && _wantsTicket)
        {
            _wantsTicket = false;
            Ask(now, new TurnRequest(TurnRequest.Wish.Allocate));
            return;
        }

        if (code == StunErrorCode.AddressFamilyNotSupported && _family == TurnFamily.Default)
        {
            // A server without IPv4 says so where nothing else was asked for (§7.2): an IPv6 relay is better than none.
            _family = TurnFamily.V6;
            Ask(now, new TurnRequest(TurnRequest.Wish.Allocate));
            return;
        }

        var hasWish = _options.Port != TurnPort.Any || _options.Reservation is not null;
        var (why, remedy, advice) = code switch
        {
            0 when _broken is { } broken => ($"cannot be used over {Name(_options.Transport)}: {broken}", "check its address and port, its certificate with turns:, or the firewall", TurnAdvice.OtherServer),
            0 when IsDoubted => (NotBelieved, Compare, TurnAdvice.OtherServer),
            0 when IsStream => ($"did not answer over {Name(_options.Transport)}", "check its address and port", TurnAdvice.OtherServer),
            0 => (_hint is { } hint ? $"did not answer ({hint})" : "did not answer", "check its address, or the firewall for UDP", TurnAdvice.OtherServer),
            StunErrorCode.Unauthenticated or StunErrorCode.StaleNonce when _weakness.Length != 0 =>
                ($"cannot be trusted: {_weakness}", "somebody may be tampering with the path to it; use turns: or another server", TurnAdvice.OtherServer),
            StunErrorCode.TryAlternate => ("redirects in a circle", "configure another server", TurnAdvice.OtherServer),
            StunErrorCode.Unauthenticated or StunErrorCode.WrongCredentials => ("refused the credentials", TurnRestCredentials.RemedyOf(_options.Username), TurnAdvice.None),
            StunErrorCode.StaleNonce => ("keeps calling its nonce stale", "", TurnAdvice.OtherServer),
            StunErrorCode.UnknownAttribute when hasWish => ("does not know even ports", "", TurnAdvice.AnyPort),
            StunErrorCode.InsufficientCapacity when hasWish => ("has no even port or no reserved port", "", TurnAdvice.AnyPort),
            StunErrorCode.AllocationMismatch => ("still holds an allocation of this port", "open another port", TurnAdvice.NewPort),
            StunErrorCode.AllocationQuotaReached => ("gives this user no more relays", "wait a minute, or raise the quota", TurnAdvice.RetryLater),
            StunErrorCode.InsufficientCapacity => ("has no capacity left", "wait a minute, or use another server", TurnAdvice.RetryLater),
            StunErrorCode.ServerError => ("has an error", "wait a minute", TurnAdvice.RetryLater),
            StunErrorCode.AddressFamilyNotSupported => ("has no relay of this address family", "", TurnAdvice.None),
            StunErrorCode.Forbidden => ("forbids a relay", "", TurnAdvice.None),
            _ => ("refused", "", TurnAdvice.None),
        };
        End();
        var number = code == 0 ? "" : $" ({code})";
        Emit(
            now,
            new TurnEvent.AllocationFailed(new Fault(Layer.Turn, $"TURN server {_server} {why}{number}", remedy), code, advice),
            $"allocation failed: {why}{number}");
    }

    private bool TryRedirect(Instant now, in StunReader reader)
    {
        if (!reader.TryGetAddress(StunAttributeType.AlternateServer, out var to) || !to.IsValid || to.Ip.IsV4 != _server.Ip.IsV4) return false;
        if (to == _server || _visited.Contains(to) || _visited.Count >= MostRedirects) return false;
        _visited.Add(_server);
        Emit(now, new TurnEvent.Redirected(_server, to), $"redirected to {to}");
        _server = to;
        Ask(now, new TurnRequest(TurnRequest.Wish.Allocate));
        return true;
    }

    private void RefreshRefused(Instant now, TurnRequest request, int code)
    {
        // While the allocation lives on the server, its silence or a passing error is no reason to give it up: the expiry timer is.
        if (code == 0) Ask(now, request);
        else if (code >= 500) _timers.Set((int)Timer.Refresh, now + RefreshRetry);
        else Lose(now, code, $"the server refused to refresh it ({code})");
    }

    /// <summary>Asks at once whether the allocation still lives, where its path carries nothing any more: a server that restarted says no.</summary>
    public void Verify(Instant now)
    {
        if (IsAllocated) _timers.Set((int)Timer.Refresh, now);
    }

    /// <summary>
    /// The server sees our socket at this address now. Where it is another one than the relay was given to, the relay is moved along, or
    /// lost: it listens to the old address only (RFC 8656 §5).
    /// </summary>
    internal void Mapping(Instant now, Address mapped)
    {
        if (!IsAllocated || mapped == Mapped) return;
        var isKnown = Mapped.IsValid;
        Mapped = mapped;
        if (isKnown && !TryMove(now, _path)) Lose(now, 0, $"the server sees us as {mapped} now");
    }

    private void Live(Instant since, TimeSpan life)
    {
        var refresh = life - RefreshMargin;
        if (refresh < life / 2) refresh = life / 2;
        _timers.Set((int)Timer.Refresh, since + refresh);
        _timers.Set((int)Timer.Expiry, since + life);
    }

    private void Lose(Instant now, int code, string why)
    {
        var relayed = Relayed;
        End();
        Emit(
            now,
            new TurnEvent.RelayLost(new Fault(Layer.Turn, $"the relay {relayed} at {_server} is lost: {why}", "a new relay is needed"), code),
            $"relay lost: {why}");
    }

    private static string Name(Transport transport) => transport switch { Transport.Tcp => "TCP", Transport.Tls => "TLS", _ => "UDP" };

    private static TimeSpan LifetimeOf(in StunReader reader)
    {
        if (!reader.TryGetUInt32(StunAttributeType.Lifetime, out var seconds)) return DefaultLifetime;
        var life = TimeSpan.FromSeconds(Math.Max(1, seconds));
        return life < LongestLifetime ? life : LongestLifetime;
    }

    private static bool Names(in StunReader reader, ushort type)
    {
        if (!reader.TryGet(StunAttributeType.UnknownAttributes, out var types)) return false;
        for (; types.Length >= 2; types = types[2..])
            if (BinaryPrimitives.ReadUInt16BigEndian(types) == type)
                return true;
        return false;
    }
}
