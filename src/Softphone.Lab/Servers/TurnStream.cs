using System.Buffers.Binary;

namespace Softphone.Lab;

/// <summary>
/// Cuts a client's stream into STUN messages and ChannelData (RFC 8656 §12.5): both say their length in octets 2 and 3, and
/// ChannelData is padded to a multiple of four.
/// </summary>
internal sealed class TurnStream(bool acceptsOldChannels = false)
{
    private byte[] _octets = new byte[2048];
    private int _start;
    private int _end;

    /// <summary>True when what came cannot be a message.</summary>
    public bool IsBroken { get; private set; }

    public void Append(ReadOnlySpan<byte> octets)
    {
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

    /// <summary>The next whole message, valid until the next call of Append.</summary>
    public bool TryTake(out ReadOnlySpan<byte> message)
    {
        message = default;
        var waiting = _octets.AsSpan(_start, _end - _start);
        if (IsBroken || waiting.Length < 4) return false;
        IsBroken = waiting[0] > (acceptsOldChannels ? 0x7F : 0x4F) || (waiting[0] & 0xF0) is 0x10 or 0x20 or 0x30;
        if (IsBroken) return false;
        var isChannel = waiting[0] >= 0x40;
        var length = BinaryPrimitives.ReadUInt16BigEndian(waiting[2..]) + (isChannel ? 4 : 20);
        var padded = (length + 3) & ~3;
        if (waiting.Length < padded) return false;
        message = waiting[..(isChannel ? length : padded)];
        _start += padded;
        return true;
    }
}
