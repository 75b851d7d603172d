using System.Buffers.Binary;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>
/// Sees every octet that a media transport sends and gets, and knows what it must never do: repeat a request within 500 ms or more than
/// six times (RFC 8445 §14.3), start checks less than 5 ms apart (§14.2), send media to an address that has not answered a check of ours
/// (RFC 7675 §3). It reads the wire and nothing else. One serves many calls, one after the other.
/// </summary>
internal sealed class WireWatch
{
    private const int MostSends = 7;
    private static readonly TimeSpan ShortestRto = TimeSpan.FromMilliseconds(500);
    private readonly Dictionary<TransactionId, Request> _requests = [];
    private readonly HashSet<Line> _proven = [];
    private readonly Dictionary<(PathId Path, Address Server, ushort Channel), Address> _channels = [];
    private Instant? _lastCheck;

    /// <summary>What was done that must not be; null while there is nothing.</summary>
    public string? Violation { get; private set; }

    /// <summary>Every octet sent so far, and when, in one number.</summary>
    public ulong Digest { get; private set; }

    public void Reset()
    {
        _requests.Clear();
        _proven.Clear();
        _channels.Clear();
        _lastCheck = null;
        Violation = null;
        Digest = 0xCBF29CE484222325;
    }

    public void Sent(Instant now, PathId path, Address remote, ReadOnlySpan<byte> octets)
    {
        Mix((ulong)now.Nanoseconds ^ (ulong)remote.Port << 40 ^ remote.Ip.V4);
        for (var at = 0; at + 8 <= octets.Length; at += 8) Mix(BinaryPrimitives.ReadUInt64LittleEndian(octets[at..]));
        switch (Demultiplexer.Classify(octets))
        {
            case PacketKind.Channel when octets.Length >= 4:
                if (_channels.TryGetValue((path, remote, BinaryPrimitives.ReadUInt16BigEndian(octets)), out var peer)) Inner(now, new Line(path, remote, peer), octets[4..]);
                else Blame(now, $"channel data on a channel that was never asked for, to {remote}");
                break;
            case PacketKind.Stun when TypeOf(octets) is SendIndication:
                if (StunReader.TryParse(octets, out var indication, out _) && indication.TryGetAddress(StunAttributeType.XorPeerAddress, out peer) && indication.TryGet(StunAttributeType.Data, out var data))
                    Inner(now, new Line(path, remote, peer), data);
                break;
            case PacketKind.Stun when TypeOf(octets) is ChannelBind && StunReader.TryParse(octets, out var bind, out _):
                if (bind.TryGetUInt16(StunAttributeType.ChannelNumber, out var number) && bind.TryGetAddress(StunAttributeType.XorPeerAddress, out peer))
                    _channels[(path, remote, number)] = peer;
                OnRequest(now, new Line(path, remote, default), octets);
                break;
            default:
                Inner(now, new Line(path, remote, default), octets);
                break;
        }
    }

    public void Received(PathId path, Address remote, ReadOnlySpan<byte> octets)
    {
        Address peer;
        switch (Demultiplexer.Classify(octets))
        {
            case PacketKind.Channel when octets.Length >= 4 && _channels.TryGetValue((path, remote, BinaryPrimitives.ReadUInt16BigEndian(octets)), out peer):
                Answer(new Line(path, remote, peer), octets[4..]);
                break;
            case PacketKind.Stun when TypeOf(octets) is DataIndication:
                if (StunReader.TryParse(octets, out var indication, out _) && indication.TryGetAddress(StunAttributeType.XorPeerAddress, out peer) && indication.TryGet(StunAttributeType.Data, out var data))
                    Answer(new Line(path, remote, peer), data);
                break;
            default:
                Answer(new Line(path, remote, default), octets);
                break;
        }
    }

    private const int BindingRequest = 0x0001;
    private const int BindingSuccess = 0x0101;
    private const int SendIndication = 0x0016;
    private const int DataIndication = 0x0017;
    private const int ChannelBind = 0x0009;
    private const int ClassBits = 0x0110;

    private static int TypeOf(ReadOnlySpan<byte> octets) => octets.Length < 20 ? -1 : BinaryPrimitives.ReadUInt16BigEndian(octets);

    private void Inner(Instant now, Line line, ReadOnlySpan<byte> octets)
    {
        switch (Demultiplexer.Classify(octets))
        {
            case PacketKind.Stun when (TypeOf(octets) & ClassBits) == 0:
                OnRequest(now, line, octets);
                break;
            case PacketKind.Rtp or PacketKind.Rtcp when !_proven.Contains(line):
                Blame(now, $"media to {line}, which has not answered a check");
                break;
        }
    }

    private void OnRequest(Instant now, Line line, ReadOnlySpan<byte> octets)
    {
        var id = TransactionId.FromBytes(octets[8..]);
        if (_requests.TryGetValue(id, out var request))
        {
            if (now - request.At < ShortestRto) Blame(now, $"a request to {line} repeated after {(now - request.At).TotalMilliseconds} ms");
            if (request.Sends >= MostSends) Blame(now, $"a request to {line} sent {request.Sends + 1} times");
            _requests[id] = new Request(line, now, request.Sends + 1);
            return;
        }

        _requests.Add(id, new Request(line, now, 1));

        // Consent checks are on a clock of their own (RFC 7675 §5.1), and go where checks were answered.
        if (TypeOf(octets) != BindingRequest || _proven.Contains(line)) return;
        if (_lastCheck is { } last && now - last < Pacer.Floor) Blame(now, $"checks {(now - last).TotalMilliseconds} ms apart, to {line}");
        _lastCheck = now;
    }

    private void Answer(Line line, ReadOnlySpan<byte> octets)
    {
        if (TypeOf(octets) == BindingSuccess && _requests.TryGetValue(TransactionId.FromBytes(octets[8..]), out var request) && request.Line == line) _proven.Add(line);
    }

    private void Blame(Instant now, string what) => Violation ??= $"{now}: {what}";

    private void Mix(ulong value) => Digest = ulong.RotateLeft(Digest ^ value, 29) * 0x9E3779B97F4A7C15;

    /// <summary>A way that packets take: from a socket to a peer, or through a TURN server to it.</summary>
    private readonly record struct Line(PathId Path, Address Remote, Address Peer)
    {
        public override string ToString() => Peer.IsValid ? $"{Peer} through {Remote}" : $"{Remote}";
    }

    private readonly record struct Request(Line Line, Instant At, int Sends);
}
