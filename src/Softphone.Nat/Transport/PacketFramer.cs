using System.Buffers.Binary;

namespace Softphone.Nat;

/// <summary>
/// Cuts a TCP stream of ICE into packets, each with its length in two octets before it (RFC 4571 §2, RFC 6544 §10.1). The buffer is used
/// again, so that in steady state nothing is allocated; it never holds more than one packet and what came with its end.
/// </summary>
public sealed class PacketFramer
{
    /// <summary>The length before each packet.</summary>
    public const int Header = 2;

    /// <summary>More than any datagram of a call: a larger one is no packet, and nobody makes us keep it.</summary>
    public const int Longest = 8192;

    private byte[] _octets = new byte[2048];
    private int _start;
    private int _end;

    /// <summary>True when what came cannot be a packet of a call: the connection is of no use any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Octets that wait for the rest of their packet.</summary>
    public int Waiting => _end - _start;

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
        if (IsBroken) return;
        if (_start > 0)
        {
            _octets.AsSpan(_start, _end - _start).CopyTo(_octets);
            _end -= _start;
            _start = 0;
        }

        if (_end + octets.Length > _octets.Length) Array.Resize(ref _octets, Math.Max(_end + octets.Length, 2 * _octets.Length));
        octets.CopyTo(_octets.AsSpan(_end));
        _end += octets.Length;
    }

    /// <summary>The next whole packet, valid until the next call of <see cref="Append"/>; empty ones are passed over (RFC 4571 §2).</summary>
    public bool TryTake(out ReadOnlySpan<byte> packet)
    {
        packet = default;
        while (!IsBroken && Waiting >= Header)
        {
            var waiting = _octets.AsSpan(_start, _end - _start);
            var length = BinaryPrimitives.ReadUInt16BigEndian(waiting);
            IsBroken = length > Longest;
            if (IsBroken || waiting.Length < Header + length) return false;
            _start += Header + length;
            if (length == 0) continue;
            packet = waiting.Slice(Header, length);
            return true;
        }

        return false;
    }
}
