namespace Softphone.Internet;

/// <summary>
/// What a world needs while it runs and nobody misses afterwards: who runs many worlds on one thread, one after the other, hands it from
/// each to the next. It serves one world at a time, and nothing in it tells which it served before.
/// </summary>
public sealed class WorldMemory
{
    private Packet? _freePackets;

    /// <summary>Where machines write what they send.</summary>
    internal byte[] Buffer { get; } = new byte[1 << 16];

    internal EventHeap Events { get; } = new();

    internal Packet Rent()
    {
        var packet = _freePackets;
        if (packet is null) return new Packet();
        _freePackets = packet.NextFree;
        packet.NextFree = null;
        return packet;
    }

    /// <summary>The packet is as a new one, but for what will be written before it is sent again.</summary>
    internal void Return(Packet packet)
    {
        packet.Sender = null;
        packet.At = null;
        packet.Hops = 0;
        packet.IsMidway = false;
        packet.Sequence = 0;
        packet.Piece = 0;
        packet.Repeats = 0;
        packet.Length = 0;
        if (packet.Data.Length > 1 << 14) packet.Data = new byte[2048];
        packet.NextFree = _freePackets;
        _freePackets = packet;
    }
}
