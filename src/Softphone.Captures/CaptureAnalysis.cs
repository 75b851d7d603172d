using Softphone.Nat;

namespace Softphone.Captures;

/// <summary>
/// A capture of any phone, server or wire, read frame by frame in the order of the file, and explained at its end. It owns no file and no clock, holds no more than
/// its bounds however long the capture is, and takes any octets.
/// </summary>
public sealed class CaptureAnalysis
{
    private readonly WireSorter _wire;
    private readonly FragmentTable _fragments = new();
    private readonly TcpStreams _streams;
    private readonly Vantage _vantage = new();
    private readonly SortedDictionary<LinkType, long> _unknownLinks = [];
    private long _frames;
    private long _cut;
    private long _broken;
    private Instant? _began;
    private Instant _ended;

    /// <param name="keys">Secrets of TLS connections in it; more may become known while it is read.</param>
    public CaptureAnalysis(KeyLog? keys = null)
    {
        _wire = new WireSorter(keys ?? new KeyLog());
        _streams = new TcpStreams(_wire);
    }

    public void Take(in CapturedFrame frame)
    {
        _frames++;
        _began = _began is { } began && began <= frame.At ? began : frame.At;
        if (frame.At > _ended) _ended = frame.At;
        switch (FrameLayers.Read(frame, out var packet))
        {
            case FrameVerdict.Ip when packet.IsFragment:
                if (packet.IsCut) _cut++;
                if (!_fragments.TryTake(frame.At, packet, out var whole)) return;
                TakePacket(frame.At, new IpPacket(whole, 0, whole.Length) { From = packet.From, To = packet.To, Protocol = packet.Protocol });
                break;
            case FrameVerdict.Ip:
                TakePacket(frame.At, packet);
                break;
            case FrameVerdict.UnknownLink:
                // As many as there are numbers of link types that a file may make up: a few are enough to tell.
                if (_unknownLinks.Count < 16 || _unknownLinks.ContainsKey(frame.Link)) _unknownLinks[frame.Link] = _unknownLinks.GetValueOrDefault(frame.Link) + 1;
                break;
            case FrameVerdict.Broken:
                _broken++;
                break;
        }
    }

    /// <summary>The file is read.</summary>
    public Capture Finish()
    {
        _fragments.Finish();
        _streams.Finish();
        var facts = new CaptureFacts
        {
            Frames = _frames,
            Began = _began ?? Instant.Zero,
            Ended = _began is null ? Instant.Zero : _ended,
            Cut = _cut,
            Broken = _broken,
            UnknownLinks = _unknownLinks,
            Fragmented = _fragments.Completed,
            FragmentsMissing = _fragments.Incomplete,
            StreamGaps = _streams.Gaps,
            TlsRead = _wire.Tls.Read,
            TlsUnread = _wire.Tls.Unread,
            DtlsPairs = _wire.Dtls,
            LeftOut = _wire.Dialogs.LeftOut + _wire.Stun.LeftOut + _wire.Media.LeftOut,
        };
        return CaptureReading.Of(facts, _wire, _vantage);
    }

    private void TakePacket(Instant at, in IpPacket packet)
    {
        if (packet.IsCut) _cut++;
        if (packet.Protocol == IpPacket.Udp && FrameLayers.TryUdp(packet, out var from, out var to, out var datagram))
        {
            _vantage.Saw(packet.From, packet.To);
            // A message that is cut would be read as one that ends there; of RTP the header is enough.
            if (!packet.IsCut || Demultiplexer.Classify(datagram) == PacketKind.Rtp) _wire.TakeDatagram(at, from, to, datagram);
        }
        else if (packet.Protocol == IpPacket.Tcp && FrameLayers.TryTcp(packet, out var segment))
        {
            _vantage.Saw(packet.From, packet.To);
            _streams.Take(at, segment);
        }
    }
}
