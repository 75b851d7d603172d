using System.Buffers.Binary;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>
/// What one direction of a TCP connection carries, known by its first octets: SIP, TURN (RFC 8656 §12.5), packets of ICE over TCP (RFC 4571), TLS, or
/// something else. A capture may begin in the middle, so that what is not known yet is looked at again with each piece.
/// </summary>
internal sealed class StreamContent
{
    private const uint StunCookie = 0x2112A442;

    private static readonly byte[][] Beginnings =
    [
        .. new[] { "SIP/2.0 ", "INVITE ", "ACK ", "BYE ", "CANCEL ", "OPTIONS ", "REGISTER ", "PRACK ", "UPDATE ", "INFO ", "REFER ", "NOTIFY ", "SUBSCRIBE ", "MESSAGE ", "PUBLISH " }
            .Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    private SipStreamParser? _sip;
    private TurnFramer? _turn;
    private PacketFramer? _packets;

    /// <summary>A TLS connection: what it carries cannot be read.</summary>
    public bool IsTls { get; private set; }

    /// <summary>Takes the next piece; then <see cref="TryMessage"/> and <see cref="TryPacket"/> until both give nothing.</summary>
    public void Push(ReadOnlySpan<byte> octets, bool isAfterGap)
    {
        if (isAfterGap || _sip is { IsBroken: true } || _turn is { IsBroken: true } || _packets is { IsBroken: true }) (_sip, _turn, _packets) = (null, null, null);
        if (_sip is null && _turn is null && _packets is null && !IsTls) Find(octets);
        _sip?.Push(octets);
        _turn?.Append(octets);
        _packets?.Append(octets);
    }

    public bool TryMessage(out SipMessage? message, out ParseError error)
    {
        (message, error) = (null, default);
        while (_sip?.TryRead(out var item) == true)
        {
            if (item is SipStreamItem.Broken broken) error = broken.Error;
            message = (item as SipStreamItem.Message)?.Value;
            if (message is not null || error.What is not null) return true;
        }

        return false;
    }

    public bool TryPacket(out ReadOnlySpan<byte> packet)
    {
        packet = default;
        return _turn?.TryTake(out packet) == true || _packets?.TryTake(out packet) == true;
    }

    /// <summary>The beginning of a SIP message: of a known method, or of a response.</summary>
    public static bool IsSip(ReadOnlySpan<byte> octets)
    {
        foreach (var beginning in Beginnings)
            if (octets.StartsWith(beginning)) return true;
        return false;
    }

    private void Find(ReadOnlySpan<byte> octets)
    {
        if (IsSip(octets)) _sip = new SipStreamParser();
        else if (octets.Length >= 8 && octets[0] <= 3 && BinaryPrimitives.ReadUInt32BigEndian(octets[4..]) == StunCookie) _turn = new TurnFramer(acceptsOldChannels: true);
        else if (octets.Length >= 10 && octets[2] <= 3 && BinaryPrimitives.ReadUInt32BigEndian(octets[6..]) == StunCookie) _packets = new PacketFramer();
        else IsTls = octets.Length >= 3 && octets[0] is >= 20 and <= 23 && octets[1] == 3 && octets[2] <= 4;
    }
}
