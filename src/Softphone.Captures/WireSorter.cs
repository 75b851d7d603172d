using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>Looks at what a datagram or a piece of a stream is, and hands it to who keeps account of that.</summary>
internal sealed class WireSorter(KeyLog keys) : IStreamTaker
{
    private const int MostStreams = 8192;
    private const int MostDtls = 4096;

    /// <summary>A relay within a relay, and no more.</summary>
    private const int Deepest = 3;

    private readonly Dictionary<(Address From, Address To, Transport By), StreamContent> _streams = [];
    private readonly HashSet<(Address, Address)> _dtls = [];

    public DialogTable Dialogs { get; } = new();

    public StunTable Stun { get; } = new();

    public MediaTable Media { get; } = new();

    public TlsTable Tls { get; } = new(keys);

    /// <summary>Pairs of addresses between which there is DTLS, or SRTP keyed by it.</summary>
    public int Dtls => _dtls.Count;

    public void TakeDatagram(Instant at, Address from, Address to, ReadOnlySpan<byte> octets) => TakePacket(at, Transport.Udp, from, to, octets, isRelayed: false, depth: 0);

    public void TakeStream(Instant at, Address from, Address to, ReadOnlySpan<byte> octets, bool isAfterGap) => TakeStream(at, Transport.Tcp, from, to, octets, isAfterGap);

    private void TakeStream(Instant at, Transport transport, Address from, Address to, ReadOnlySpan<byte> octets, bool isAfterGap)
    {
        if (!_streams.TryGetValue((from, to, transport), out var content))
        {
            if (_streams.Count >= MostStreams) _streams.Clear();
            _streams[(from, to, transport)] = content = new StreamContent();
        }

        content.Push(octets, isAfterGap);
        if (content.IsTls && transport == Transport.Tcp)
        {
            if (isAfterGap) _streams.Remove((from, to, Transport.Tls));
            foreach (var sent in Tls.Take(from, to, octets, isAfterGap)) TakeStream(at, Transport.Tls, from, to, sent, isAfterGap: false);
        }

        while (content.TryMessage(out var message, out var error))
        {
            if (message is not null) TakeMessage(at, transport, from, to, message);
            else Dialogs.TakeUnreadable(at, from, to, error.ToString());
        }

        while (content.TryPacket(out var packet)) TakePacket(at, transport, from, to, packet, isRelayed: false, depth: 0);
    }

    private void TakePacket(Instant at, Transport transport, Address from, Address to, ReadOnlySpan<byte> octets, bool isRelayed, int depth)
    {
        if (octets.Length < 4 || depth > Deepest) return;
        Address innerFrom, innerTo;
        ReadOnlySpan<byte> inner;
        switch (Demultiplexer.Classify(octets))
        {
            case PacketKind.Stun when Stun.TryTake(at, transport, from, to, isRelayed, octets, out innerFrom, out innerTo, out inner):
                TakePacket(at, Transport.Udp, innerFrom, innerTo, inner, isRelayed: true, depth + 1);
                break;
            case PacketKind.Stun:
                break;
            // SIP before channels: capital letters are channel numbers too.
            case var _ when IsSip(octets):
                if (SipParser.TryParse(octets, out var message, out var error)) TakeMessage(at, transport, from, to, message);
                else Dialogs.TakeUnreadable(at, from, to, error.ToString());
                break;
            case PacketKind.Channel when Stun.TryChannel(from, to, octets, out innerFrom, out innerTo, out inner):
                TakePacket(at, Transport.Udp, innerFrom, innerTo, inner, isRelayed: true, depth + 1);
                break;
            case PacketKind.Rtp when from.Port != 53 && to.Port != 53:
                Media.TakeRtp(at, from, to, isRelayed, octets);
                break;
            case PacketKind.Rtcp:
                Media.TakeRtcp(at, octets);
                break;
            case PacketKind.Dtls when octets.Length >= 13 && octets[1] == 0xFE:
                Note(_dtls, from, to);
                break;
        }
    }

    private void TakeMessage(Instant at, Transport transport, Address from, Address to, SipMessage value)
    {
        if (Dialogs.Take(at, transport, from, to, value) is not { } message) return;
        if (message.Fragment is { } fragment) Media.Map.Learn(fragment);
        if (message.Sdp is not { } sdp) return;
        Media.Map.Learn(sdp);
        Stun.Learn(sdp);
    }

    private static bool IsSip(ReadOnlySpan<byte> octets)
    {
        if (octets[0] is < (byte)'A' or > (byte)'z') return false;
        if (StreamContent.IsSip(octets)) return true;
        var end = octets.IndexOf((byte)'\n');
        return end > 0 && octets[..end].TrimEnd("\r"u8).EndsWith(" SIP/2.0"u8);
    }

    private static void Note(HashSet<(Address, Address)> pairs, Address from, Address to)
    {
        if (pairs.Count < MostDtls && !pairs.Contains((to, from))) pairs.Add((from, to));
    }
}
