using System.Buffers.Binary;

namespace Softphone.Nat;

/// <summary>
/// Cuts a TCP stream of ICE into packets, each with its length in two octets before it (RFC 4571 §2, RFC 6544 §10.1).
/// </summary>
public sealed class PacketFramer
{
    /// <summary>The length before each packet.</summary>
    public const int Header = 2;

    /// <summary>More than any datagram of a call: a larger one is no packet, and nobody makes us keep it.</summary>
    public const int Longest = 8192;

    private readonly StreamBuffer _stream = new();

    /// <summary>True when what came cannot be a packet of a call: the connection is of no use any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Octets that wait for the rest of their packet.</summary>
    public int Waiting => _stream.Waiting.Length;

    /// <summary>Writes the packet with its length; how many octets that is, or 0 when it is too long for the frame or the buffer.</summary>
    public static int Write(ReadOnlySpan<byte> packet, Span<byte> frame)
    {
        if (packet.Length > ushort.MaxValue || packet.Length + Header > frame.Length) return 0;
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)packet.Length);
        packet.CopyTo(frame[Header..]);
        return packet.Length + Header;
    }

    /// <summary>Takes what arrived; then <see cref="TryTake"/> until it returns false.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (!IsBroken) _stream.Append(octets);
    }

    /// <summary>The next whole packet, valid until the next call of <see cref="Append"/>; empty ones are passed over (RFC 4571 §2).</summary>
    public bool TryTake(out ReadOnlySpan<byte> packet)
    {
        packet = default;
        while (!IsBroken && Waiting >= Header)
        {
            var waiting = _stream.Waiting;
            var length = BinaryPrimitives.ReadUInt16BigEndian(waiting);
            IsBroken = length > Longest;
            if (IsBroken || waiting.Length < Header + length) return false;
            _stream.Skip(Header + length);
            if (length == 0) continue;
            packet = waiting.Slice(Header, length);
            return true;
        }

        return false;
    }
}
