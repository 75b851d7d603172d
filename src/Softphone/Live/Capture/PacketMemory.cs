using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>
/// The last packets of a phone in a ring of fixed size, about ten minutes of one call: a report may be asked for when something has gone
/// wrong already. Belongs to one thread.
/// </summary>
/// <param name="size">Octets.</param>
internal sealed class PacketMemory(int size = PacketMemory.UsualSize) : IPacketSink
{
    private const int UsualSize = 8 << 20;
    private const int Header = 12;

    private readonly OctetRing _ring = new(size);

    public Fault? Failure => null;

    public void Write(DateTimeOffset at, ReadOnlySpan<byte> packet)
    {
        var length = Header + packet.Length;
        if (length > size) return;
        while (_ring.Free < length) _ring.Drop(Header + HeaderAt(0).Length);
        Span<byte> header = stackalloc byte[Header];
        BinaryPrimitives.WriteInt64LittleEndian(header, at.UtcTicks);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], packet.Length);
        _ring.Put(header);
        _ring.Put(packet);
    }

    public void Flush()
    {
    }

    /// <summary>The packets since a moment, oldest first, as copies.</summary>
    public IReadOnlyList<(DateTimeOffset At, byte[] Packet)> Since(DateTimeOffset from)
    {
        var packets = new List<(DateTimeOffset, byte[])>();
        for (var offset = 0; offset < _ring.Used;)
        {
            var (at, length) = HeaderAt(offset);
            if (at >= from)
            {
                var packet = new byte[length];
                _ring.Get(offset + Header, packet);
                packets.Add((at, packet));
            }

            offset += Header + length;
        }

        return packets;
    }

    public void Dispose() => _ring.Clear();

    private (DateTimeOffset At, int Length) HeaderAt(int offset)
    {
        Span<byte> header = stackalloc byte[Header];
        _ring.Get(offset, header);
        return (new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(header), TimeSpan.Zero), BinaryPrimitives.ReadInt32LittleEndian(header[8..]));
    }
}
