using Softphone.Core;
using System.Buffers.Binary;

namespace Softphone.Nat;

/// <summary>
/// Cuts a TCP or TLS stream between a TURN client and its server into STUN messages and ChannelData (RFC 8656 §12.5): the top two bits
/// tell them apart, both say their length in octets 2 and 3, and ChannelData is padded to a multiple of four.
/// </summary>
/// <param name="acceptsOldChannels">Channel numbers up to 0x7FFF too, as RFC 5766 had them.</param>
public sealed class TurnFramer(bool acceptsOldChannels = false)
{
    private const int ChannelHeader = 4;
    private readonly StreamBuffer _stream = new();

    /// <summary>True when what came cannot be a message: the stream is of no use any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Octets that wait for the rest of their message.</summary>
    public int Waiting => _stream.Waiting.Length;

    /// <summary>Takes what arrived; then <see cref="TryTake"/> until it returns false.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (!IsBroken) _stream.Append(octets);
    }

    /// <summary>The next whole message without its padding, valid until the next call of <see cref="Append"/>.</summary>
    public bool TryTake(out ReadOnlySpan<byte> message)
    {
        message = default;
        var waiting = _stream.Waiting;
        if (IsBroken || waiting.Length < ChannelHeader) return false;
        var kind = acceptsOldChannels && waiting[0] is >= 0x50 and <= 0x7F ? PacketKind.Channel : Demultiplexer.Classify(waiting);
        var length = BinaryPrimitives.ReadUInt16BigEndian(waiting[2..]);
        IsBroken = kind is not (PacketKind.Stun or PacketKind.Channel) || (kind == PacketKind.Stun && (length & 3) != 0);
        if (IsBroken) return false;
        var whole = length + (kind == PacketKind.Channel ? ChannelHeader : StunHeader.Length);
        var padded = (whole + 3) & ~3;
        if (waiting.Length < padded) return false;
        message = waiting[..whole];
        _stream.Skip(padded);
        return true;
    }

    /// <summary>Another connection begins.</summary>
    public void Clear()
    {
        _stream.Clear();
        IsBroken = false;
    }
}
