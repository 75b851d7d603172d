using Softphone.Core;

namespace Softphone.Media;

/// <content>How the stream is doing.</content>
public sealed partial class MediaSession
{
    /// <summary>Everything the media report shows, since the start of the stream.</summary>
    public MediaStatistics Snapshot(Instant now)
    {
        var jitter = _buffer.Statistics;
        var playout = _buffer.Delay.TotalMilliseconds;
        var account = new MediaStatistics(
            _options.Send.Codec,
            _lastFormat?.Codec ?? "",
            Sent(),
            Received(),
            _roundTrip?.TotalMilliseconds,
            playout,
            jitter.ConcealedPercent,
            null,
            jitter,
            new DropStatistics(_malformed + _gate.Malformed, _unknownType, _unknownSource) { Forged = _gate.Forged, Replayed = _gate.Replayed, Unprotected = _gate.Unprotected })
        {
            LongestGapMs = Longer(_longestGap, SinceTaken(now)).TotalMilliseconds,
            StrangeTypes = _unknownType == 0 ? [] : Strange(),
            DelayMs = (_roundTrip?.TotalMilliseconds ?? 0) / 2 + playout + (DeviceDelay ?? _options.DeviceDelay).TotalMilliseconds,
            BitrateBps = _options.BitrateBps,
        };
        return account with { Mos = MediaQuality.Of(null, account).Mos };
    }

    /// <summary>Delay outside the network and the jitter buffer as it was measured last; null where nothing measures it, and <see cref="MediaOptions.DeviceDelay"/> stands for it.</summary>
    public TimeSpan? DeviceDelay { get; set; }

    private long LostByPeer => Math.Max(0, _peerView?.CumulativeLost ?? 0);

    private List<StrangeType> Strange()
    {
        var found = new List<StrangeType>();
        for (byte type = 0; type < 128; type++)
            if (_unknownTypes[type] > 0) found.Add(new StrangeType(type, _unknownTypes[type]));
        found.Sort(static (a, b) => b.Packets.CompareTo(a.Packets));
        return found;
    }

    private StreamStatistics Sent()
    {
        var lost = _lostByPeerBefore + LostByPeer;
        var packets = _sentPacketsBefore + _sentPackets;
        return new StreamStatistics(
            packets,
            _sentOctetsBefore + _sentOctets,
            lost,
            packets == 0 ? 0 : Math.Min(100, 100.0 * lost / packets),
            (_peerView?.Jitter ?? 0) * 1000.0 / _options.Send.ClockRate,
            _captureLevel.Dbfs);
    }

    private StreamStatistics Received()
    {
        var lost = _lostBefore + (_source?.TotalLost ?? 0);
        var expected = _expectedBefore + (_source?.TotalExpected ?? 0);
        return new StreamStatistics(
            _receivedBefore + (_source?.TotalReceived ?? 0),
            _receivedOctets,
            lost,
            expected == 0 ? 0 : 100.0 * lost / expected,
            _source?.JitterMs ?? 0,
            _playoutLevel.Dbfs);
    }
}
