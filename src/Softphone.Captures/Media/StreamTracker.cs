using Softphone.Media;
using Softphone.Sdp;

namespace Softphone.Captures;

/// <summary>The account of one RTP source on one hop.</summary>
internal sealed class StreamTracker(Address from, Address to, uint ssrc, bool isRelayed)
{
    private const int FewestForClock = 250;
    private const int MostDigits = 256;

    private readonly RtpSource _source = new(ssrc);
    private readonly DtmfReceiver _keys = new();
    private readonly Dictionary<byte, long> _types = [];
    private readonly Dictionary<uint, int> _steps = [];
    private readonly System.Text.StringBuilder _digits = new();
    private byte _lastType;
    private ushort _lastSequence;
    private uint _lastTimestamp;
    private Instant _lastAt;
    private Instant _lastAudio;
    private long _octets;
    private long _runs;
    private long _missing;
    private long _elsewhere;
    private int _place;
    private double _spanOfClock;
    private double _spanOfTime;
    private int _clock;

    public Address From => from;

    public Address To => to;

    public uint Ssrc => ssrc;

    public Instant Began { get; private set; }

    public Instant Ended => _lastAt;

    public long Packets { get; private set; }

    public long Duplicates { get; private set; }

    public long Misordered { get; private set; }

    public TimeSpan LongestGap { get; private set; }

    public double? RttMs { get; set; }

    public long? ReportedLost { get; set; }

    /// <summary>Its source's other streams; null while there is none.</summary>
    public SourcePaths? Paths { get; private set; }

    /// <summary>Two packets in a row (RFC 3550 A.1): any datagram may look like one.</summary>
    public bool IsValid => _source.IsValid;

    /// <summary>The source has other streams, among which this one has that number.</summary>
    public void Join(SourcePaths paths, int place)
    {
        (Paths, _place) = (paths, place);
        if (Packets > 0) paths.Take(place, _lastSequence);
    }

    public void Take(Instant at, in RtpPacket packet, MediaMap map)
    {
        var header = packet.Header;
        if (Packets == 0) Began = at;
        else
        {
            if (header.Sequence == _lastSequence && at - _lastAt < TimeSpan.FromMilliseconds(5))
            {
                Duplicates++;
                return;
            }

            var ahead = (short)(ushort)(header.Sequence - _lastSequence);
            var elsewhere = ahead is > 1 and < 3000 ? Paths?.Elsewhere(_place, (ushort)(_lastSequence + 1), ahead - 1) ?? 0 : 0;
            if (at - _lastAt > LongestGap && elsewhere == 0) LongestGap = at - _lastAt;
            if (ahead == 0) Duplicates++;
            else if (ahead < 0) Misordered++;
            else if (ahead is > 1 and < 3000)
            {
                _elsewhere += elsewhere;
                if (ahead - 1 > elsewhere) _runs++;
                _missing += ahead - 1 - elsewhere;
            }
        }

        Packets++;
        Paths?.Take(_place, header.Sequence);
        _octets += packet.Payload.Length;
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_types, header.PayloadType, out _)++;
        _source.Take(header.Sequence);
        var codec = map.Find(from, to, header.PayloadType);
        if (codec?.IsTelephoneEvent == true) TakeKey(at, packet, codec.ClockRate);
        else if (codec is not null && !codec.Name.Equals("CN", StringComparison.OrdinalIgnoreCase)) TakeAudio(at, header, codec.ClockRate);
        (_lastAt, _lastSequence, _lastTimestamp, _lastType) = (at, header.Sequence, header.Timestamp, header.PayloadType);
    }

    public MediaStream Finish(int number, MediaMap map)
    {
        if (_keys.TryExpire(_lastAt + TimeSpan.FromDays(1), out var key, out _)) Press(key);
        var payloads = _types.OrderByDescending(t => t.Value).Select(t => new PayloadCount(t.Key, t.Value, map.Find(from, to, t.Key)?.Name ?? "")).ToList();
        var main = payloads.Find(p => p.Codec is not ("" or "CN") && !p.Codec.Equals("telephone-event", StringComparison.OrdinalIgnoreCase));
        if (main.Packets == 0) main = payloads[0];
        // What the source sent by another path meanwhile was never to come by this one.
        var lost = Math.Max(0, _source.TotalLost - _elsewhere);
        var expected = _source.TotalExpected - (_source.TotalLost - lost);
        var loss = expected > 0 ? 100.0 * lost / expected : 0;
        return new MediaStream
        {
            Number = number,
            From = from,
            To = to,
            IsRelayed = isRelayed,
            Ssrc = ssrc,
            Codec = main.Codec.Length > 0 ? main.Codec : $"type {main.PayloadType}",
            Payloads = payloads,
            Packets = Packets,
            Lost = lost,
            LossPercent = loss,
            JitterMs = _source.JitterMs,
            Mos = Mos(main.Codec, loss),
            Began = Began,
            Ended = _lastAt,
            PacketMs = PacketMs(),
            LongestGap = LongestGap,
            Duplicates = Duplicates,
            Misordered = Misordered,
            ClockRatio = _clock > 0 && Packets >= FewestForClock && _spanOfTime > 2 ? _spanOfClock / _spanOfTime : null,
            Digits = _digits.ToString(),
            RttMs = RttMs,
            ReportedLost = ReportedLost,
        };
    }

    private void TakeKey(Instant at, in RtpPacket packet, int clock)
    {
        if (!TelephoneEvent.TryParse(packet.Payload, out var value, out _)) return;
        if (_keys.TryExpire(at, out var held, out _)) Press(held);
        if (_keys.TryTake(at, _source.Extend(packet.Header.Sequence), packet.Header.Timestamp, clock, value, out var key, out _)) Press(key);
    }

    private void TakeAudio(Instant at, in RtpHeader header, int clock)
    {
        _source.Observe(at, header.Timestamp, clock);
        // Only from one packet to the next of the same format: pauses, losses and keys say nothing of the clock.
        if (Packets > 1 && clock == _clock && header.PayloadType == _lastType && header.Sequence == (ushort)(_lastSequence + 1) && !header.Marker && at - _lastAudio < TimeSpan.FromSeconds(1))
        {
            var step = header.Timestamp - _lastTimestamp;
            if (step < clock)
            {
                _spanOfClock += (double)step / clock;
                _spanOfTime += (at - _lastAudio).TotalSeconds;
                if (_steps.Count < 16 || _steps.ContainsKey(step)) System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_steps, step, out _)++;
            }
        }

        (_lastAudio, _clock) = (at, clock);
    }

    private double PacketMs() => _steps.Count == 0 || _clock == 0 ? 0 : _steps.MaxBy(s => s.Value).Key * 1000.0 / _clock;

    private double? Mos(string codec, double loss)
    {
        if (codec.Length == 0 || _clock == 0) return null;
        var seconds = (_lastAt - Began).TotalSeconds;
        var bitrate = seconds > 0 ? (int)Math.Min(8 * _octets / seconds, int.MaxValue) : 0;
        var burst = _runs == 0 ? 1 : Math.Max(1, (double)_missing / _runs * (1 - loss / 100));
        var delay = (RttMs ?? 0) / 2 + PacketMs() + 2 * _source.JitterMs;
        return EModel.Mos(EModel.Rating(delay, loss, burst, CodecImpairment.Of(codec, bitrate)));
    }

    private void Press(char key)
    {
        if (_digits.Length < MostDigits) _digits.Append(key);
    }
}
