using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>
/// A STUN server: Binding (RFC 8489), behaviour discovery on two addresses and two ports (RFC 5780 §6.1), and the classic dialect
/// (RFC 3489 §8.1). It keeps no state and sends an answer nowhere but to the address that asked. RESPONSE-ADDRESS of RFC 3489 is
/// refused: it would make the server a reflector.
/// </summary>
public sealed class StunServer(StunServerOptions options, INetwork network) : IMachine
{
    private const int ChangeIp = 4;
    private const int ChangePort = 2;

    private static readonly byte[] Zeros = new byte[1500];
    private const int OtherFamily = 4;

    // Two ports on each of two addresses, and one on the address of the other family.
    private readonly (PathId Path, Address Bound)[] _grid = new (PathId, Address)[5];
    private readonly TransmitQueue _out = new();
    private readonly byte[] _buffer = new byte[2048];

    private static ReadOnlySpan<ushort> Understood =>
    [
        StunAttributeType.MappedAddress, StunAttributeType.Username, StunAttributeType.MessageIntegrity, StunAttributeType.Realm,
        StunAttributeType.Nonce, StunAttributeType.MessageIntegritySha256, StunAttributeType.PasswordAlgorithm, StunAttributeType.Userhash,
        StunAttributeType.XorMappedAddress,
    ];

    private static ReadOnlySpan<ushort> UnderstoodForDiscovery =>
    [
        StunAttributeType.MappedAddress, StunAttributeType.Username, StunAttributeType.MessageIntegrity, StunAttributeType.Realm,
        StunAttributeType.Nonce, StunAttributeType.MessageIntegritySha256, StunAttributeType.PasswordAlgorithm, StunAttributeType.Userhash,
        StunAttributeType.XorMappedAddress, StunAttributeType.ChangeRequest, StunAttributeType.Padding, StunAttributeType.ResponsePort,
    ];

    public Instant? NextTimeout => null;

    /// <summary>Requests answered with success.</summary>
    public long Answered { get; private set; }

    /// <summary>Requests answered with an error.</summary>
    public long Refused { get; private set; }

    /// <summary>Messages that were not STUN requests for Binding.</summary>
    public long Ignored { get; private set; }

    /// <summary>The address that clients are told of; its port is that of the options.</summary>
    public Address Address => new(options.Primary, options.Port);

    /// <summary>The socket of the primary address and port, once started.</summary>
    internal PathId PrimaryPath => _grid[0].Path;

    /// <summary>The socket of the other family, once started; none when there is none.</summary>
    internal PathId OtherPath => _grid[OtherFamily].Path;

    private bool HasAlternate => options is { Discovers: true, Alternate.IsValid: true };

    /// <summary>Opens the sockets: two ports on each of two addresses, or one on one, and one of the other family.</summary>
    public bool TryStart(out PathError error)
    {
        error = default;
        for (var i = 0; i < _grid.Length; i++)
        {
            if (i == OtherFamily ? !options.OtherFamily.IsValid : i > 0 && !HasAlternate) continue;
            var ip = i == OtherFamily ? options.OtherFamily : (i & 2) == 0 ? options.Primary : options.Alternate;
            var port = (i & 1) == 0 ? options.Port : options.AlternatePort;
            if (!network.TryOpen(Transport.Udp, ip, port, out var path, out var bound, out error))
            {
                Stop();
                return false;
            }

            _grid[i] = (path, bound);
        }

        return true;
    }

    public void Stop()
    {
        foreach (ref var socket in _grid.AsSpan())
        {
            if (socket.Path != PathId.None) network.Close(socket.Path);
            socket = default;
        }
    }

    public void Receive(in Datagram datagram)
    {
        if (!StunReader.TryParseClassic(datagram.Payload, out var request, out _)
            || (request.IsClassic && !options.IsClassic)
            || request.Class != StunClass.Request
            || request.Method != StunMethod.Binding
            || (request.HasFingerprint && !request.VerifyFingerprint()))
        {
            Ignored++;
            return;
        }

        Answer(datagram, request);
    }

    public void Fail(in PathFailure failure)
    {
    }

    public void Advance(Instant now)
    {
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _out.TryDequeue(buffer, out transmit);

    /// <summary>True for one of this server's own sockets.</summary>
    public bool Owns(PathId path) => IndexOf(path) >= 0;

    // A loop, for it runs for each packet that a TURN server beside it relays.
    private int IndexOf(PathId path)
    {
        for (var i = 0; path != PathId.None && i < _grid.Length; i++)
            if (_grid[i].Path == path) return i;
        return -1;
    }

    /// <summary>The socket has others that can answer in its stead.</summary>
    private bool Discovers(int socket) => HasAlternate && socket is >= 0 and < OtherFamily;

    private void Answer(in Datagram datagram, in StunReader request)
    {
        // A server with one address does not know CHANGE-REQUEST: it never answers such a request from the wrong socket.
        var discovers = Discovers(IndexOf(datagram.Path));
        Span<ushort> unknown = stackalloc ushort[16];
        var count = request.UnknownRequired(discovers ? UnderstoodForDiscovery : Understood, unknown);
        var hasPadding = request.TryGet(StunAttributeType.Padding, out var padding);
        var hasResponsePort = request.TryGetUInt16(StunAttributeType.ResponsePort, out var responsePort);
        if (count > 0)
        {
            Refuse(datagram, request, StunErrorCode.UnknownAttribute, unknown[..count]);
        }
        else if (hasPadding && hasResponsePort)
        {
            // RFC 5780 §7.6: together they would let a small request draw a large answer.
            Refuse(datagram, request, StunErrorCode.BadRequest, []);
        }
        else
        {
            var to = hasResponsePort ? datagram.Remote with { Port = responsePort } : datagram.Remote;
            var writer = StunWriter.Reply(_buffer, request, StunClass.Success);
            var from = WriteAddresses(ref writer, datagram, request);
            if (hasPadding) writer.Add(StunAttributeType.Padding, Zeros.AsSpan(0, Math.Min(padding.Length, Zeros.Length)));
            if (request.HasFingerprint) writer.AddFingerprint();
            Answered++;
            _out.Enqueue(from, to, writer.Written);
        }
    }

    private PathId WriteAddresses(ref StunWriter writer, in Datagram datagram, in StunReader request)
    {
        var asked = IndexOf(datagram.Path);
        var from = asked;
        var discovers = Discovers(asked);
        if (request.TryGetUInt32(StunAttributeType.ChangeRequest, out var change) && discovers)
            from ^= ((change & ChangeIp) != 0 ? 2 : 0) | ((change & ChangePort) != 0 ? 1 : 0);
        if (request.IsClassic)
        {
            writer.AddAddress(StunAttributeType.MappedAddress, datagram.Remote);
            if (asked >= 0) writer.AddAddress(StunAttributeType.SourceAddress, _grid[from].Bound);
            if (discovers) writer.AddAddress(StunAttributeType.ChangedAddress, _grid[asked ^ 3].Bound);
        }
        else
        {
            writer.AddAddress(StunAttributeType.XorMappedAddress, datagram.Remote);
            if (discovers)
            {
                // MAPPED-ADDRESS beside the XORed one shows a gateway that rewrites addresses in payloads (RFC 5780 §3.6).
                writer.AddAddress(StunAttributeType.MappedAddress, datagram.Remote);
                writer.AddAddress(StunAttributeType.ResponseOrigin, _grid[from].Bound);
                writer.AddAddress(StunAttributeType.OtherAddress, _grid[asked ^ 3].Bound);
            }
        }

        return asked < 0 ? datagram.Path : _grid[from].Path;
    }

    private void Refuse(in Datagram datagram, in StunReader request, int code, ReadOnlySpan<ushort> unknown)
    {
        var writer = StunWriter.Reply(_buffer, request, StunClass.Error);
        writer.AddErrorCode(code);
        if (unknown.Length > 0) writer.AddUnknownAttributes(unknown);
        if (request.HasFingerprint) writer.AddFingerprint();
        Refused++;
        _out.Enqueue(datagram.Path, datagram.Remote, writer.Written);
    }
}
