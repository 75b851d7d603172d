using System.Buffers.Binary;

namespace Softphone.Nat;

/// <summary>
/// Cuts a TCP or TLS stream between a TURN client and its server into STUN messages and ChannelData (RFC 8656 §12.5): the top two bits
/// tell them apart, both say their length in octets 2 and 3, and ChannelData is padded to a multiple of four. The buffer is used again,
/// so that in steady state nothing is allocated; it never holds more than one message and what came with its end.
/// </summary>
/// <param name="acceptsOldChannels">Channel numbers up to 0x7FFF too, as RFC 5766 had them.</param>
public sealed class TurnFramer(bool acceptsOldChannels = false)
{
    private const int ChannelHeader = 4;
    private byte[] _octets = new byte[2048];
    private int _start;
    private int _end;

    /// <summary>True when what came cannot be a message: the stream is of no use any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Octets that wait for the rest of their message.</summary>
    public int Waiting => _end - _start;

    /// <summary>Takes what arrived; then <see cref="TryTake"/> until it returns false.</summary>
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

    /// <summary>The next whole message without its padding, valid until the next call of <see cref="Append"/>.</summary>
    public bool TryTake(out ReadOnlySpan<byte> message)
    {
        message = default;
        var waiting = _octets.AsSpan(_start, _end - _start);
        if (IsBroken || waiting.Length < ChannelHeader) return false;
        var kind = acceptsOldChannels && waiting[0] is >= 0x50 and <= 0x7F ? PacketKind.Channel : Demultiplexer.Classify(waiting);
        var length = BinaryPrimitives.ReadUInt16BigEndian(waiting[2..]);
        IsBroken = kind is not (PacketKind.Stun or PacketKind.Channel) || (kind == PacketKind.Stun && (length & 3) != 0);
        if (IsBroken) return false;
        var whole = length + (kind == PacketKind.Channel ? ChannelHeader : StunHeader.Length);
        var padded = (whole + 3) & ~3;
        if (waiting.Length < padded) return false;
        message = waiting[..whole];
        _start += padded;
        return true;
    }

    /// <summary>Another connection begins.</summary>
    public void Clear()
    {
        _start = _end = 0;
        IsBroken = false;
    }
}
