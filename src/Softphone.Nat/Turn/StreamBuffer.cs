namespace Softphone.Nat;

/// <summary>
/// What has arrived of a stream and waits to be cut into messages, owned by a framer. Used again, so that in steady state nothing is
/// allocated; it holds no more than one message and what came with its end, as long as the framer takes what is whole.
/// </summary>
internal sealed class StreamBuffer
{
    private byte[] _octets = new byte[2048];
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Waiting => _octets.AsSpan(_start, _end - _start);

    public void Append(ReadOnlySpan<byte> octets)
    {
        if (_start > 0)
        {
            Waiting.CopyTo(_octets);
            _end -= _start;
            _start = 0;
        }

        if (_end + octets.Length > _octets.Length) Array.Resize(ref _octets, Math.Max(_end + octets.Length, 2 * _octets.Length));
        octets.CopyTo(_octets.AsSpan(_end));
        _end += octets.Length;
    }

    /// <summary>What was cut off stays valid until the next <see cref="Append"/>.</summary>
    public void Skip(int octets) => _start += octets;

    public void Clear() => _start = _end = 0;
}
