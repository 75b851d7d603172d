using System.Buffers.Binary;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>Data, both ways (RFC 8656 §11, §12). Nothing is allocated for a packet.</summary>
public sealed partial class TurnServer
{
    /// <summary>The most that fits a Data indication with an IPv6 peer in one UDP datagram.</summary>
    private const int MaxPayload = Limits.Datagram - Framing;

    /// <summary>Octets around what is relayed, at most.</summary>
    private const int Framing = 64;

    /// <summary>Reserved, type 3 in seven bits, code 3 in nine, no further data (§18.13).</summary>
    private const ulong PortUnreachable = (3UL << 9 | 3) << 32;

    private void OnSend(PathId path, Address client, in StunReader indication)
    {
        if (_allocations.TryGetValue((path, client), out var allocation)
            && !indication.HasUnknownRequired(Understood)
            && indication.TryGetAddress(StunAttributeType.XorPeerAddress, out var peer)
            && indication.TryGet(StunAttributeType.Data, out var data)
            && allocation.Permits(peer.Ip, _now)
            && !_options.IsOwnService(peer)
            && allocation.TryRelayFor(peer.Ip, out var relay))
        {
            Settle(allocation, path, client);
            ToPeer(allocation, relay, peer, data);
        }
        else
        {
            DroppedPackets++;
        }
    }

    private void FromChannel(PathId path, Address client, ReadOnlySpan<byte> message)
    {
        if (message.Length >= 4
            && BinaryPrimitives.ReadUInt16BigEndian(message[2..]) is var length && length <= message.Length - 4
            && _allocations.TryGetValue((path, client), out var allocation)
            && allocation.Channels.TryGetValue(BinaryPrimitives.ReadUInt16BigEndian(message), out var channel)
            && _now < channel.Expires
            && allocation.TryRelayFor(channel.Peer.Ip, out var relay))
        {
            Settle(allocation, path, client);
            ToPeer(allocation, relay, channel.Peer, message.Slice(4, length));
        }
        else
        {
            DroppedPackets++;
        }
    }

    private void ToPeer(TurnAllocation allocation, PathId relay, Address peer, ReadOnlySpan<byte> data)
    {
        Count(allocation, data.Length);
        _out.Enqueue(relay, peer, data);
    }

    private void Count(TurnAllocation allocation, int length)
    {
        RelayedPackets++;
        RelayedBytes += length;
        allocation.Count(length);
    }

    private void FromPeer(TurnAllocation allocation, Address peer, ReadOnlySpan<byte> data)
    {
        if (!allocation.Permits(peer.Ip, _now) || data.Length > MaxPayload)
        {
            DroppedPackets++;
            return;
        }

        Count(allocation, data.Length);
        // Its own messages are short; what is relayed may be as long as a datagram.
        if (_buffer.Length < data.Length + Framing) _buffer = new byte[1 << 16];
        if (allocation.ChannelsByPeer.TryGetValue(peer, out var channel) && _now < channel.Expires)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_buffer, channel.Number);
            BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(2), (ushort)data.Length);
            data.CopyTo(_buffer.AsSpan(4));
            var length = 4 + data.Length;
            if (IsStream(allocation.Path))
            {
                // Padded on streams only (§12.5).
                var padded = (length + 3) & ~3;
                _buffer.AsSpan(length, padded - length).Clear();
                length = padded;
            }

            _out.Enqueue(allocation.Path, allocation.Client, _buffer.AsSpan(0, length), StreamUse.Existing);
            return;
        }

        var writer = new StunWriter(_buffer, StunClass.Indication, StunMethod.Data, TransactionId.Next(_entropy));
        writer.AddAddress(StunAttributeType.XorPeerAddress, peer);
        writer.Add(StunAttributeType.Data, data);
        _out.Enqueue(allocation.Path, allocation.Client, writer.Written, StreamUse.Existing);
    }

    /// <summary>A peer's port is closed: the client learns it from an ICMP attribute (§11.5, §18.13).</summary>
    private void TellOfRefusal(TurnAllocation allocation, Address peer)
    {
        if (!allocation.Permits(peer.Ip, _now)) return;
        var writer = new StunWriter(_buffer, StunClass.Indication, StunMethod.Data, TransactionId.Next(_entropy));
        writer.AddAddress(StunAttributeType.XorPeerAddress, peer);
        writer.AddUInt64(StunAttributeType.Icmp, PortUnreachable);
        _out.Enqueue(allocation.Path, allocation.Client, writer.Written, StreamUse.Existing);
    }
}
