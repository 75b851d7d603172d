using Softphone.Media;

namespace Softphone.Captures;

/// <summary>Finds RTP and RTCP among datagrams, and keeps an account of each source.</summary>
internal sealed class MediaTable
{
    private const int MostStreams = 20_000;
    private const int MostReports = 20_000;

    /// <summary>Sources with several streams whose packets are remembered, 18 KiB for each.</summary>
    private const int MostMoving = 1_000;

    /// <summary>What no description names must show so many packets in order to be believed.</summary>
    private const int FewestUnknown = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(Address From, Address To, uint Ssrc, bool IsRelayed), StreamTracker> _streams = [];
    private readonly Dictionary<uint, List<StreamTracker>> _bySource = [];
    private readonly Dictionary<uint, (uint Middle, Instant At)> _reports = [];

    private Instant _forgot;
    private int _moving;

    public MediaMap Map { get; } = new();

    /// <summary>Sources that there was no room for.</summary>
    public long LeftOut { get; private set; }

    public void TakeRtp(Instant at, Address from, Address to, bool isRelayed, ReadOnlySpan<byte> octets)
    {
        if (!RtpPacket.TryParse(octets, out var packet, out _)) return;
        var key = (from, to, packet.Header.Ssrc, isRelayed);
        if (!_streams.TryGetValue(key, out var stream))
        {
            if (_streams.Count >= MostStreams)
            {
                Forget(at);
                if (_streams.Count >= MostStreams)
                {
                    LeftOut++;
                    return;
                }
            }

            _streams[key] = stream = new StreamTracker(from, to, packet.Header.Ssrc, isRelayed);
            if (!_bySource.TryGetValue(packet.Header.Ssrc, out var same)) _bySource[packet.Header.Ssrc] = same = [];
            if (same.Count < SourcePaths.Most) Join(same, stream);
        }

        stream.Take(at, packet, Map);
    }

    /// <summary>With the second stream of a source begins the account of which packet came by which.</summary>
    private void Join(List<StreamTracker> same, StreamTracker stream)
    {
        same.Add(stream);
        if (same.Count < 2) return;
        if (same[0].Paths is not { } paths)
        {
            if (_moving >= MostMoving) return;
            _moving++;
            paths = new SourcePaths();
            same[0].Join(paths, 0);
        }

        stream.Join(paths, same.Count - 1);
    }

    public void TakeRtcp(Instant at, ReadOnlySpan<byte> octets)
    {
        if (!RtcpReader.TryOpen(octets, out var reader, out _)) return;
        while (reader.TryNext(out var part))
        {
            if (part.TrySenderInfo(out var info) && (_reports.Count < MostReports || _reports.ContainsKey(part.Ssrc))) _reports[part.Ssrc] = ((uint)(info.Ntp >> 16), at);
            for (var i = 0; part.TryBlock(i, out var block); i++)
            {
                if (!_bySource.TryGetValue(block.Ssrc, out var streams)) continue;
                foreach (var stream in streams)
                {
                    stream.ReportedLost = block.CumulativeLost;
                    // RFC 3550 §6.4.1, seen from here: the sender's report passed, and what came back says how long it lay there.
                    if (block.LastSr == 0 || !_reports.TryGetValue(block.Ssrc, out var report) || report.Middle != block.LastSr) continue;
                    var rtt = (at - report.At).TotalMilliseconds - block.DelaySinceLastSr * 1000.0 / 65_536;
                    if (rtt is >= 0 and < 10_000) stream.RttMs = rtt;
                }
            }
        }
    }

    /// <summary>The streams that are ones, in the order of their beginning.</summary>
    public IReadOnlyList<MediaStream> Finish()
    {
        var found = _streams.Values.Where(s => s.IsValid && (s.Packets >= FewestUnknown || Map.Knows(s.To) || Map.Knows(s.From))).OrderBy(s => s.Began).ToList();
        return [.. found.Select((s, i) => s.Finish(i + 1, Map))];
    }

    /// <summary>Datagrams that only looked like RTP make room.</summary>
    private void Forget(Instant at)
    {
        if (at - _forgot < Patience) return;
        _forgot = at;
        foreach (var (key, stream) in _streams.Where(s => !s.Value.IsValid && at - s.Value.Ended > Patience).ToList())
        {
            _streams.Remove(key);
            if (_bySource.TryGetValue(key.Ssrc, out var same) && same.Remove(stream) && same.Count == 0) _bySource.Remove(key.Ssrc);
        }
    }
}
