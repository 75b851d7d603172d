using Softphone.Core;

namespace Softphone.Media;

/// <summary>From RTP to the loudspeaker: payload types, sources, jitter buffer, keys.</summary>
internal sealed class AudioReceiver(StreamContext stream, ICodecFactory codecs, HearingWatch hearing) : IDisposable
{
    /// <summary>20 ms.</summary>
    private const int ListenedAtOnce = 960;

    private readonly JitterBuffer _buffer = new(stream.Options.Jitter);
    private readonly DtmfReceiver _keys = new();
    private readonly DtmfListener _listener = new();
    private readonly LevelMeter _level = new();

    /// <summary>By payload type.</summary>
    private readonly ReceiveFormat?[] _formats = new ReceiveFormat?[128];
    private readonly Dictionary<(string Codec, int Clock), IAudioDecoder> _decoders = [];

    /// <summary>Of the last packet with audio.</summary>
    private ReceiveFormat? _lastFormat;

    /// <summary>Packets of each payload type that nobody agreed on.</summary>
    private readonly long[] _strange = new long[128];

    private Instant? _firstReceivedAt;

    /// <summary>The first audio was told.</summary>
    private bool _isFirstTold;

    public RtpSources Sources { get; } = new(stream);

    public long Octets { get; private set; }

    public long Malformed { get; private set; }

    public long Unagreed { get; private set; }

    /// <summary>Of what is heard.</summary>
    public double Dbfs => _level.Dbfs;

    public string Codec => _lastFormat?.Codec ?? "";

    public TimeSpan Delay => _buffer.Delay;

    public JitterStatistics Jitter => _buffer.Statistics;

    /// <summary>Payload types that nobody agreed on, the most frequent first.</summary>
    public IReadOnlyList<StrangeType> Strange
    {
        get
        {
            if (Unagreed == 0) return [];
            List<StrangeType> found = [];
            for (byte type = 0; type < 128; type++)
                if (_strange[type] > 0) found.Add(new StrangeType(type, _strange[type]));
            found.Sort(static (a, b) => b.Packets.CompareTo(a.Packets));
            return found;
        }
    }

    public bool Knows(byte payloadType) => _formats[payloadType] is not null;

    /// <summary>Lays out which payload types are taken. Decoders that stay in use keep their state.</summary>
    public void Admit(Instant now, MediaOptions options)
    {
        Array.Clear(_formats);
        foreach (var format in options.Receive)
        {
            if (!codecs.Supports(format.Codec))
            {
                if (stream.Trace.IsOn) stream.Trace.Emit(new MediaTrace.Unsupported(now, stream.Name, format.Codec));
                continue;
            }

            _formats[format.PayloadType & 0x7F] = new ReceiveFormat(format.Codec, format.ClockRate, DecoderOf(format.Codec, format.ClockRate));
        }

        foreach (var events in options.ReceiveEvents)
            _formats[events.PayloadType & 0x7F] ??= new ReceiveFormat("", events.ClockRate, null);
    }

    public void Playout(Instant now, Span<short> pcm48k)
    {
        if (stream.MayReceive) _buffer.Pull(now, pcm48k);
        else pcm48k.Clear();
        _level.Add(pcm48k);
        if (stream.Options.HearsKeys) Listen(pcm48k);
        if (_isFirstTold || _firstReceivedAt is not { } received || _buffer.Statistics.Played == 0) return;
        _isFirstTold = true;
        stream.Events.Enqueue(new MediaEvent.FirstAudio(received, now));
    }

    /// <summary>A packet that is not of our own identifier.</summary>
    public void Take(Instant now, in RtpPacket packet)
    {
        var header = packet.Header;
        var format = _formats[header.PayloadType];
        if (format is null)
        {
            Unagreed++;
            _strange[header.PayloadType]++;
        }

        var change = Sources.Take(now, header, format is not null);
        if (change is SourceChange.Restarted or SourceChange.Another) ChangeSource();

        // A type that nobody agreed on is a packet of its source all the same, so that a keep-alive is no loss.
        if (format is null && change != SourceChange.Stranger) _buffer.PutOther(header.Sequence);
        if (change is SourceChange.Refused or SourceChange.Stranger || format is null) return;
        hearing.Taken(now);
        Sources.Heard(now);
        Octets += packet.Payload.Length;
        if (format.Decoder is null)
        {
            _buffer.PutOther(header.Sequence);
            TakeKey(now, header, format.Clock, packet.Payload);
            return;
        }

        Sources.Current!.Observe(now, header.Timestamp, format.Clock);
        _lastFormat = format;
        _firstReceivedAt ??= now;
        if (stream.MayReceive) _buffer.Put(now, header, format.Clock, format.Decoder, packet.Payload);
    }

    public void CountMalformed() => Malformed++;

    /// <summary>A key ends since its last packet did not come.</summary>
    public void EndKey(Instant now)
    {
        if (_keys.TryExpire(now, out var key, out var durationMs)) stream.Events.Enqueue(new MediaEvent.DtmfReceived(key, durationMs, "rfc4733"));
        if (_keys.NextTimeout is { } due) stream.Timers.Set(MediaTimer.KeyEnd, due);
    }

    /// <summary>The source that was listened to has left: what waits of it is thrown away.</summary>
    public void Leave()
    {
        Sources.Leave();
        ChangeSource();
    }

    /// <summary>Nothing is to be heard now: what waits is thrown away.</summary>
    public void Quiet() => _buffer.Reset();

    public void Dispose()
    {
        foreach (var decoder in _decoders.Values) decoder.Dispose();
        _decoders.Clear();
    }

    private void ChangeSource()
    {
        _buffer.Reset();
        _keys.ChangeSource();
    }

    private IAudioDecoder DecoderOf(string codec, int clock)
    {
        var key = (codec.ToUpperInvariant(), clock);
        if (!_decoders.TryGetValue(key, out var decoder)) _decoders[key] = decoder = codecs.CreateDecoder(codec);
        return decoder;
    }

    private void TakeKey(Instant now, in RtpHeader header, int clock, ReadOnlySpan<byte> payload)
    {
        if (!TelephoneEvent.TryParse(payload, out var value, out _))
        {
            Malformed++;
            return;
        }

        if (_keys.TryTake(now, Sources.Current!.Extend(header.Sequence), header.Timestamp, clock, value, out var key, out var durationMs))
            stream.Events.Enqueue(new MediaEvent.DtmfReceived(key, durationMs, "rfc4733"));
        if (_keys.NextTimeout is { } due) stream.Timers.Set(MediaTimer.KeyEnd, due);
        else stream.Timers.Cancel(MediaTimer.KeyEnd);
    }

    /// <summary>Keys of a peer that sends them as tones.</summary>
    private void Listen(Span<short> heard)
    {
        for (; heard.Length > 0; heard = heard[Math.Min(heard.Length, ListenedAtOnce)..])
            if (_listener.TryTake(heard[..Math.Min(heard.Length, ListenedAtOnce)], out var key, out var durationMs)) stream.Events.Enqueue(new MediaEvent.DtmfReceived(key, durationMs, "inband"));
    }

    /// <summary>What a payload type means; without a decoder it is telephone events.</summary>
    private sealed record ReceiveFormat(string Codec, int Clock, IAudioDecoder? Decoder);
}
