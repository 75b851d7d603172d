using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Data to and from peers: Send and Data indications, and ChannelData (RFC 8656 §11, §12.4–12.6). Allocates nothing.</summary>
public sealed partial class TurnClient
{
    private const int ChannelHeader = 4;

    /// <summary>What a Send indication takes at most: header, IPv6 XOR-PEER-ADDRESS, DATA's header and padding, DONT-FRAGMENT.</summary>
    private const int IndicationOverhead = 20 + 24 + 4 + 3 + 4;

    /// <summary>What fits an Ethernet frame needs no memory of the heap.</summary>
    private const int UsualPayload = 1500;

    /// <summary>
    /// Sends to a peer by way of the relay: over its channel when one is bound, else in a Send indication. An IP that was never
    /// permitted is asked for at once, ahead of the data.
    /// </summary>
    /// <returns>False, and nothing sent, when there is no relay, the peer was refused, or the payload is too long.</returns>
    public bool Send(Instant now, Address peer, ReadOnlySpan<byte> payload)
    {
        if (_state != State.Allocated || payload.Length > Limits.Datagram - IndicationOverhead) return false;
        if (peer.Ip.Scope != 0) peer = peer with { Ip = peer.Ip.WithoutScope() };
        var buffer = payload.Length <= UsualPayload ? stackalloc byte[UsualPayload + IndicationOverhead] : new byte[payload.Length + IndicationOverhead];
        if (_channelOf.TryGetValue(peer, out var at) && _channels[at].IsUsable(now))
        {
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)(FirstChannel + at));
            BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)payload.Length);
            payload.CopyTo(buffer[ChannelHeader..]);
            var length = ChannelHeader + payload.Length;
            if (IsStream)
            {
                var padded = StunHeader.Padded(length);
                buffer[length..padded].Clear();
                length = padded;
            }

            _queue.Enqueue(_path, _server, buffer[..length]);
            return true;
        }

        if (!_permissions.ContainsKey(peer.Ip)) Permit(now, peer.Ip);
        if (!IsPermitted(peer.Ip, now)) return false;
        var writer = new StunWriter(buffer, StunClass.Indication, StunMethod.Send, TransactionId.Next(_entropy));
        writer.AddAddress(StunAttributeType.XorPeerAddress, peer);
        if (_dontFragment) writer.AddFlag(StunAttributeType.DontFragment);
        writer.Add(StunAttributeType.Data, payload);
        _queue.Enqueue(_path, _server, writer.Written);
        return true;
    }

    /// <summary>Octets that the relay adds to a payload for this peer now: 4 by channel, 36 or 48 by Send indication (RFC 8656 §3.7).</summary>
    public int Overhead(Instant now, Address peer) =>
        _channelOf.TryGetValue(peer, out var at) && _channels[at].IsUsable(now) ? ChannelHeader : peer.Ip.IsV4 ? 36 : 48;

    /// <summary>
    /// Unwraps what the server relays: the inner datagram arrives at the relay's path, from the peer, and points into the same octets.
    /// False for anything else, and for data from a peer that was not permitted (RFC 8656 §11.4), which goes nowhere.
    /// </summary>
    public bool TryUnwrap(scoped in Datagram wire, out Datagram inner)
    {
        inner = default;
        if (_state != State.Allocated || wire.Path != _path || wire.Remote != _server) return false;
        Address peer;
        ReadOnlySpan<byte> payload;
        switch (Demultiplexer.Classify(wire.Payload))
        {
            case PacketKind.Channel:
                if (!TryUnwrapChannel(wire.Payload, out peer, out payload)) return false;
                break;
            case PacketKind.Stun:
                if (!TryUnwrapIndication(wire.Payload, wire.At, out peer, out payload)) return false;
                break;
            default:
                return false;
        }

        inner = new Datagram(wire.At, _options.Relay, peer, payload);
        return true;
    }

    private bool TryUnwrapChannel(ReadOnlySpan<byte> message, out Address peer, out ReadOnlySpan<byte> payload)
    {
        peer = default;
        payload = default;
        if (message.Length < ChannelHeader) return false;
        var at = BinaryPrimitives.ReadUInt16BigEndian(message) - FirstChannel;
        var length = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        if (at >= _channels.Count || length > message.Length - ChannelHeader) return false;

        // The server may use a binding whose answer, or that to its refresh, has not arrived here.
        var channel = _channels[at];
        if (channel.State is not (ChannelState.Asked or ChannelState.Bound)) return false;
        peer = channel.Peer;
        payload = message.Slice(ChannelHeader, length);
        return true;
    }

    private bool TryUnwrapIndication(ReadOnlySpan<byte> message, Instant now, out Address peer, out ReadOnlySpan<byte> payload)
    {
        peer = default;
        payload = default;
        return StunReader.TryParse(message, out var reader, out _)
            && reader.Class == StunClass.Indication
            && reader.Method == StunMethod.Data
            && !reader.HasUnknownRequired(StunUnderstood.Turn)
            && reader.TryGet(StunAttributeType.Data, out payload)
            && reader.TryGetAddress(StunAttributeType.XorPeerAddress, out peer)
            && IsPermitted(peer.Ip, now);
    }

    private void Indicate(Instant now, in StunReader reader)
    {
        if (reader.Method != StunMethod.Data || reader.HasUnknownRequired(StunUnderstood.Turn)) return;
        if (!reader.TryGet(StunAttributeType.Icmp, out var icmp) || icmp.Length != 8) return;
        if (!reader.TryGetAddress(StunAttributeType.XorPeerAddress, out var peer) || !IsPermitted(peer.Ip, now)) return;

        // Two reserved octets, then 7 bits of type and 9 of code (RFC 8656 §18.13). The peer could repeat it without end, so only a few wait.
        if (_events.Count >= MostPeers) return;
        var type = icmp[2] >> 1;
        var code = (icmp[2] & 1) << 8 | icmp[3];
        Emit(now, new TurnEvent.PeerUnreachable(peer, type, code), $"ICMP {type}/{code} from the way to {peer}");
    }
}
