using System.Buffers.Binary;
using System.Text;
using Softphone.Nat;
using Softphone.Sdp;

namespace Softphone.Captures;

/// <summary>
/// Pairs STUN requests with their responses, keeps what TURN servers gave to whom, and takes their framing off what they carry.
/// </summary>
internal sealed class StunTable
{
    private const int MostExchanges = 100_000;
    private const int MostAllocations = 4096;
    private const int MostPasswords = 4096;
    private const int ChannelHeader = 4;

    private readonly Dictionary<TransactionId, StunExchange> _byId = [];
    private readonly List<StunExchange> _exchanges = [];
    private readonly Dictionary<(Address Client, Address Server), TurnAllocation> _allocations = [];
    private readonly Dictionary<string, (string Password, IntegrityKey Key)> _passwords = new(StringComparer.Ordinal);

    private ILookup<Address, StunExchange>? _asked;
    private ILookup<Address, StunExchange>? _mapped;

    public IReadOnlyList<StunExchange> Exchanges => _exchanges;

    public IReadOnlyCollection<TurnAllocation> Allocations => _allocations.Values;

    public long LeftOut { get; private set; }

    /// <summary>What one socket asked of servers by UDP; once all is read.</summary>
    public IEnumerable<StunExchange> AskedFrom(Address socket) =>
        (_asked ??= _exchanges.Where(e => e is { IsCheck: false, Transport: Transport.Udp, IsRelayed: false }).ToLookup(e => e.From))[socket];

    /// <summary>The credentials of a description: answers that claim to come from its writer can be tried.</summary>
    public void Learn(SessionDescription sdp)
    {
        foreach (var media in sdp.Media)
            if (sdp.IceOf(media) is { } ice && !ice.Password.StartsWith("***", StringComparison.Ordinal) && _passwords.Count < MostPasswords && _passwords.GetValueOrDefault(ice.Ufrag).Password != ice.Password)
            {
                _passwords.GetValueOrDefault(ice.Ufrag).Key?.Dispose();
                _passwords[ice.Ufrag] = (ice.Password, StunCredentials.ShortTerm(ice.Password));
            }
    }

    /// <summary>Takes a message; true when it wraps another packet, with that packet and its own addresses.</summary>
    public bool TryTake(Instant at, Transport transport, Address from, Address to, bool isRelayed, ReadOnlySpan<byte> octets, out Address innerFrom, out Address innerTo, out ReadOnlySpan<byte> inner)
    {
        (innerFrom, innerTo) = (default, default);
        inner = default;
        if (!StunReader.TryParse(octets, out var message, out _)) return false;
        switch (message.Class)
        {
            case StunClass.Request:
                TakeRequest(at, transport, from, to, isRelayed, message);
                return false;
            case StunClass.Success or StunClass.Error:
                TakeResponse(at, from, to, message);
                return false;
            default:
                if (message.Method is not (StunMethod.Send or StunMethod.Data) || !message.TryGet(StunAttributeType.Data, out inner) || !message.TryGetAddress(StunAttributeType.XorPeerAddress, out var peer)) return false;
                var isOut = message.Method == StunMethod.Send;
                var relay = _allocations.TryGetValue(isOut ? (from, to) : (to, from), out var allocation) && allocation.Relay.IsValid ? allocation.Relay : isOut ? from : to;
                (innerFrom, innerTo) = isOut ? (relay, peer) : (peer, relay);
                return true;
        }
    }

    /// <summary>Takes the framing of a channel off (RFC 8656 §12.4); false where none is known.</summary>
    public bool TryChannel(Address from, Address to, ReadOnlySpan<byte> octets, out Address innerFrom, out Address innerTo, out ReadOnlySpan<byte> inner)
    {
        (innerFrom, innerTo) = (default, default);
        inner = default;
        if (octets.Length < ChannelHeader) return false;
        var (number, length) = (BinaryPrimitives.ReadUInt16BigEndian(octets), BinaryPrimitives.ReadUInt16BigEndian(octets[2..]));
        if (length > octets.Length - ChannelHeader) return false;
        inner = octets.Slice(ChannelHeader, length);
        if (_allocations.TryGetValue((from, to), out var allocation) && allocation.TryPeer(number, out var peer))
        {
            (innerFrom, innerTo) = (allocation.Relay.IsValid ? allocation.Relay : from, peer);
            return true;
        }

        if (!_allocations.TryGetValue((to, from), out allocation) || !allocation.TryPeer(number, out peer)) return false;
        (innerFrom, innerTo) = (peer, allocation.Relay.IsValid ? allocation.Relay : to);
        return true;
    }

    /// <summary>The socket that a server saw at an address; not valid where none did. Once all is read.</summary>
    public Address SocketSeenAt(Address mapped) =>
        (_mapped ??= _exchanges.Where(e => e is { IsCheck: false, Mapped.IsValid: true }).ToLookup(e => e.Mapped))[mapped].FirstOrDefault()?.From ?? default;

    private void TakeRequest(Instant at, Transport transport, Address from, Address to, bool isRelayed, in StunReader message)
    {
        if (_byId.TryGetValue(message.TransactionId, out var exchange))
        {
            exchange.Pass(at, from, to, isRelayed);
            return;
        }

        if (_exchanges.Count >= MostExchanges)
        {
            LeftOut++;
            return;
        }

        message.TryGetUsername(out var username);
        message.TryGetUInt32(StunAttributeType.Priority, out var priority);
        message.TryGetAddress(StunAttributeType.XorPeerAddress, out var peer);
        exchange = new StunExchange(message.Method, transport)
        {
            Username = Encoding.UTF8.GetString(username),
            UseCandidate = message.UseCandidate,
            IsControlling = message.Has(StunAttributeType.IceControlling) ? true : message.Has(StunAttributeType.IceControlled) ? false : null,
            Priority = priority,
            HasCredentials = message.HasIntegrity || message.HasIntegritySha256,
            Peer = peer,
        };
        exchange.Pass(at, from, to, isRelayed);
        _byId[message.TransactionId] = exchange;
        _exchanges.Add(exchange);
        if (message.Method is StunMethod.Binding or StunMethod.SharedSecret || AllocationOf(from, to, transport) is not { } allocation) return;
        allocation.Pending.Add(exchange);
        if (message.Method != StunMethod.ChannelBind || !message.TryGetUInt16(StunAttributeType.ChannelNumber, out var number)) return;
        // Data may come on it before the answer does in this capture.
        allocation.Bind(number, peer);
    }

    private void TakeResponse(Instant at, Address from, Address to, in StunReader message)
    {
        if (!_byId.TryGetValue(message.TransactionId, out var exchange)) return;
        exchange.Answer(at, from, to);
        if (exchange.IsAnswered) return;
        exchange.AnsweredAt = at;
        if (message.Class == StunClass.Error && message.TryGetErrorCode(out var code, out var reason)) (exchange.Code, exchange.Reason) = (code, Encoding.UTF8.GetString(reason));
        else if (message.Class == StunClass.Error) exchange.Code = 500;
        if (message.TryGetAddress(StunAttributeType.XorMappedAddress, out var mapped)) exchange.Mapped = mapped;
        if (message.TryGetAddress(StunAttributeType.XorRelayedAddress, out var relay)) exchange.Relay = relay;
        if (exchange.IsCheck && message.Class == StunClass.Success && _passwords.TryGetValue(exchange.Username.Split(':')[0], out var password)) exchange.IsForged = message.HasIntegrity && !message.VerifyIntegrity(password.Key);
        if (exchange.Method is StunMethod.Binding or StunMethod.SharedSecret || AllocationOf(exchange.From, exchange.To, exchange.Transport) is not { } allocation) return;
        allocation.Pending.Remove(exchange);
        if (exchange.Code == 0 && exchange.Method == StunMethod.Allocate) (allocation.Relay, allocation.Mapped) = (exchange.Relay, exchange.Mapped);
        // The first 401 asks for credentials, 438 for a fresh nonce, 300 sends elsewhere: they are part of the way.
        var isPartOfTheWay = exchange.Code is StunErrorCode.StaleNonce or StunErrorCode.TryAlternate || (exchange.Code == StunErrorCode.Unauthenticated && !exchange.HasCredentials);
        if (exchange.Code > 0 && !isPartOfTheWay) allocation.Refuse(exchange);
    }

    private TurnAllocation? AllocationOf(Address client, Address server, Transport transport)
    {
        if (_allocations.TryGetValue((client, server), out var allocation)) return allocation;
        if (_allocations.Count >= MostAllocations) return null;
        return _allocations[(client, server)] = new TurnAllocation(client, server, transport);
    }
}
