using Softphone.Core;

namespace Softphone.Media;

/// <summary>Reports, sent and received (RFC 3550 §6).</summary>
internal sealed class RtcpReports
{
    private static readonly TimeSpan LongestRoundTrip = TimeSpan.FromSeconds(60);

    private readonly StreamContext _stream;
    private readonly string _cname;
    private readonly byte[] _compound = new byte[1024];

    /// <summary>The peer's last sender report: whose, the middle of its time, and when it came.</summary>
    private (uint Ssrc, uint Middle, Instant At) _lastSenderReport;

    /// <summary>How the peer hears our present source.</summary>
    private ReportBlock? _peerView;

    /// <summary>What the peer lost of sources that we have left.</summary>
    private long _lostBefore;

    public RtcpReports(StreamContext stream, IEntropy entropy) => (_stream, _cname) = (stream, stream.Options.Cname ?? Cname.Create(entropy));

    /// <summary>Any was sent.</summary>
    public bool AnySent { get; private set; }

    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>What the peer lost of all that we sent.</summary>
    public long LostByPeer => _lostBefore + LostOfPresent;

    /// <summary>In units of our clock.</summary>
    public uint JitterOfPeer => _peerView?.Jitter ?? 0;

    private long LostOfPresent => Math.Max(0, _peerView?.CumulativeLost ?? 0);

    /// <summary>Sends what is due: a sender report when audio went out in the last two intervals, else a receiver report (§6.4).</summary>
    public void Send(Instant now, AudioSender sender, RtpSource? source, bool isLeaving)
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[1];
        var count = 0;
        if (source is { IsValid: true })
        {
            var last = _lastSenderReport;
            var isKnown = last.Ssrc == source.Ssrc && last.Middle != 0;
            blocks[0] = source.Report(isKnown ? last.Middle : 0, isKnown ? (uint)((now - last.At).TotalSeconds * 65536) : 0);
            count = 1;
        }

        var writer = new RtcpWriter(_compound);
        if (sender.Packets > 0 && sender.ReportsSinceSent < 2)
            writer.SenderReport(sender.Ssrc, new SenderInfo(NtpTime.Of(now), sender.TimestampAt(now), (uint)sender.Packets, (uint)sender.Octets), blocks[..count]);
        else writer.ReceiverReport(sender.Ssrc, blocks[..count]);
        writer.Cname(sender.Ssrc, _cname);
        if (isLeaving) writer.Bye(sender.Ssrc);
        if (_stream.Gate.Send(_stream.Options.RtcpMux ? MediaPath.Rtp : MediaPath.Rtcp, _compound, writer.Length, isReport: true)) _stream.Events.Enqueue(new MediaEvent.KeyWorn());
        AnySent = true;
        sender.Reported();
    }

    /// <summary>A report of the peer.</summary>
    /// <returns>False when it is none.</returns>
    public bool TryTake(in Datagram datagram, AudioSender sender, AudioReceiver receiver)
    {
        if (!RtcpReader.TryOpen(datagram.Payload, out var reader, out _)) return false;
        var now = datagram.At;
        while (reader.TryNext(out var packet))
        {
            if (packet.TrySenderInfo(out var info)) _lastSenderReport = (packet.Ssrc, NtpTime.Middle(info.Ntp), now);
            for (var i = 0; packet.TryBlock(i, out var block); i++)
                if (block.Ssrc == sender.Ssrc) TakeBlock(now, block, sender);
            if (receiver.Sources.Current is { } source && packet.Ends(source.Ssrc)) PeerLeft(now, source.Ssrc, packet.Reason(), receiver);
        }

        return true;
    }

    /// <summary>Another source of ours: what the peer says of it counts from zero.</summary>
    public void ChangeSource()
    {
        _lostBefore += LostOfPresent;
        _peerView = null;
    }

    private void TakeBlock(Instant now, in ReportBlock block, AudioSender sender)
    {
        _peerView = block;
        if (NtpTime.RoundTrip(now, block) is { } roundTrip && roundTrip < LongestRoundTrip) RoundTrip = roundTrip;
        sender.TakeLoss(now, block.FractionLost);
    }

    /// <summary>What waits of a source that left is thrown away; the call is SIP's to end (§6.6).</summary>
    private void PeerLeft(Instant now, uint ssrc, string reason, AudioReceiver receiver)
    {
        receiver.Leave();
        _stream.Events.Enqueue(new MediaEvent.PeerBye(reason));
        if (_stream.Trace.IsOn) _stream.Trace.Emit(new MediaTrace.PeerLeft(now, _stream.Name, ssrc));
    }
}
