namespace Softphone.Sockets;

/// <summary>Octets of a stream that wait to be written, first in first out, bounded. It gives its memory back when it runs empty.</summary>
internal sealed class OctetQueue(int bound)
{
    private byte[] _octets = [];
    private int _start;
    private int _end;

    public bool IsEmpty => _start == _end;

    /// <summary>What to write next.</summary>
    public ReadOnlySpan<byte> Head => _octets.AsSpan(_start, _end - _start);

    /// <summary>False when the bound would be passed; nothing is then added, for half a message would spoil the stream.</summary>
    public bool TryAppend(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty) return true;
        var used = _end - _start;
        if (used + octets.Length > bound) return false;
        if (_end + octets.Length > _octets.Length)
        {
            var target = used + octets.Length > _octets.Length
                ? new byte[Math.Max(used + octets.Length, Math.Min(bound, Math.Max(4096, _octets.Length * 2)))]
                : _octets;
            _octets.AsSpan(_start, used).CopyTo(target);
            (_octets, _start, _end) = (target, 0, used);
        }

        octets.CopyTo(_octets.AsSpan(_end));
        _end += octets.Length;
        return true;
    }

    public void Skip(int count)
    {
        _start += count;
        if (_start == _end) (_octets, _start, _end) = ([], 0, 0);
    }
}
