using Softphone.Core;

namespace Softphone.Media;

/// <content>Reports, sent and received (RFC 3550 §6).</content>
public sealed partial class MediaSession
{
    private readonly string _cname;
    private readonly byte[] _compound = new byte[1024];
    private long _reports;
    private int _sentSinceReports = int.MaxValue;
    private uint _srFrom;
    private uint _srMiddle;
    private Instant _srAt;
    private TimeSpan? _roundTrip;
    private ReportBlock? _peerView;

    /// <summary>Sends what is due: a sender report when audio went out in the last two intervals, else a receiver report (§6.4).</summary>
    private void Report(Instant now, bool leaving)
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[1];
        var count = 0;
        if (_source is { IsValid: true } source)
        {
            var known = _srFrom == source.Ssrc && _srMiddle != 0;
            blocks[0] = source.Report(known ? _srMiddle : 0, known ? (uint)((now - _srAt).TotalSeconds * 65536) : 0);
            count = 1;
        }

        var writer = new RtcpWriter(_compound);
        if (_sentPackets > 0 && _sentSinceReports < 2)
        {
            var timestamp = Timestamp(MediaAt(now), _options.Send.ClockRate);
            var info = new SenderInfo(NtpTime.Of(now), timestamp, (uint)_sentPackets, (uint)_sentOctets);
            writer.SenderReport(_ssrc, info, blocks[..count]);
        }
        else
        {
            writer.ReceiverReport(_ssrc, blocks[..count]);
        }

        writer.Cname(_ssrc, _cname);
        if (leaving) writer.Bye(_ssrc);
        if (_gate.Send(_options.RtcpMux ? MediaPath.Rtp : MediaPath.Rtcp, _compound, writer.Length, isReport: true)) _events.Enqueue(new MediaEvent.KeyWorn());
        _reports++;
        if (_sentSinceReports < int.MaxValue) _sentSinceReports++;
    }

    private void ReceiveRtcp(in Datagram datagram)
    {
        if (!RtcpReader.TryOpen(datagram.Payload, out var reader, out _))
        {
            _malformed++;
            return;
        }

        var now = datagram.At;
        while (reader.TryNext(out var packet))
        {
            if (packet.TrySenderInfo(out var info))
            {
                _srFrom = packet.Ssrc;
                _srMiddle = NtpTime.Middle(info.Ntp);
                _srAt = now;
            }

            for (var i = 0; packet.TryBlock(i, out var block); i++)
                if (block.Ssrc == _ssrc) TakeReport(now, block);
            if (_source is { } source && packet.Ends(source.Ssrc)) Left(now, source, packet.Reason());
        }

        Alive(now);
    }

    private void TakeReport(Instant now, in ReportBlock block)
    {
        _peerView = block;
        if (NtpTime.RoundTrip(now, block) is { } roundTrip && roundTrip < TimeSpan.FromSeconds(60)) _roundTrip = roundTrip;
        var before = _fec.Tuning(_options.BitrateBps, _options.FecAllowed);
        _fec.Report(now, block.FractionLost);
        var tuning = _fec.Tuning(_options.BitrateBps, _options.FecAllowed);
        if (tuning == before) return;
        _encoder.Tune(tuning);
        if (tuning.Fec != before.Fec && _trace.IsOn) _trace.Emit(new MediaTrace.ErrorCorrection(now, _name, tuning.Fec, _fec.LossPercent));
    }

    /// <summary>What waits of a source that left is thrown away; the call is SIP's to end (§6.6).</summary>
    private void Left(Instant now, RtpSource source, string reason)
    {
        Retire(source);
        _source = null;
        _candidate = null;
        _events.Enqueue(new MediaEvent.PeerBye(reason));
        if (_trace.IsOn) _trace.Emit(new MediaTrace.PeerLeft(now, _name, source.Ssrc));
    }
}
