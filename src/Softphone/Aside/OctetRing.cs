namespace Softphone.Cli;

/// <summary>Octets first in, first out, in a ring that grows up to a bound. Belongs to one thread, or to whoever locks it.</summary>
/// <param name="bound">Octets at most.</param>
internal sealed class OctetRing(int bound)
{
    private const int Smallest = 1 << 16;

    private byte[] _ring = [];
    private int _first;

    public int Used { get; private set; }

    public int Free => bound - Used;

    /// <summary>Adds at the end; there must be room.</summary>
    public void Put(ReadOnlySpan<byte> octets)
    {
        Grow(Used + octets.Length);
        var at = (_first + Used) % Math.Max(_ring.Length, 1);
        var straight = Math.Min(octets.Length, _ring.Length - at);
        octets[..straight].CopyTo(_ring.AsSpan(at));
        octets[straight..].CopyTo(_ring);
        Used += octets.Length;
    }

    /// <summary>Copies what stands at an offset from the first octet.</summary>
    public void Get(int offset, Span<byte> octets)
    {
        if (octets.IsEmpty) return;
        var at = (_first + offset) % _ring.Length;
        var straight = Math.Min(octets.Length, _ring.Length - at);
        _ring.AsSpan(at, straight).CopyTo(octets);
        _ring.AsSpan(0, octets.Length - straight).CopyTo(octets[straight..]);
    }

    /// <summary>Takes the first octets away.</summary>
    public void Drop(int count)
    {
        if (count == 0) return;
        _first = (_first + count) % _ring.Length;
        Used -= count;
    }

    public void Clear()
    {
        (_ring, _first, Used) = ([], 0, 0);
    }

    private void Grow(int needed)
    {
        if (needed <= _ring.Length) return;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(needed, bound);
        var size = Math.Max(_ring.Length, Math.Min(Smallest, bound));
        while (size < needed) size = size > bound / 2 ? bound : size * 2;
        var larger = GC.AllocateUninitializedArray<byte>(size);
        Get(0, larger.AsSpan(0, Used));
        (_ring, _first) = (larger, 0);
    }
}
