using Softphone.Core;

namespace Softphone.Media;

/// <content>From RTP to the loudspeaker: source validation, payload types, jitter buffer, keys.</content>
public sealed partial class MediaSession
{
    private static readonly TimeSpan Absence = TimeSpan.FromMilliseconds(200);

    private readonly JitterBuffer _buffer;
    private readonly DtmfReceiver _heardKeys = new();
    private readonly LevelMeter _playoutLevel = new();
    private readonly ReceiveFormat?[] _formats = new ReceiveFormat?[128];
    private readonly Dictionary<(string Codec, int Clock), IAudioDecoder> _decoders = [];
    private readonly uint[] _retired = new uint[8];
    private int _retiredCount;
    private RtpSource? _source;
    private RtpSource? _candidate;
    private ReceiveFormat? _lastFormat;
    private long _receivedOctets;
    private long _receivedBefore, _lostBefore, _expectedBefore;
    private readonly long[] _unknownTypes = new long[128];
    private long _malformed, _unknownType, _unknownSource;
    private Instant? _firstReceivedAt;
    private bool _firstPlayed;
    private Instant _heardAt;
    private Instant _sourceHeardAt;
    private Instant? _takenAt;
    private TimeSpan _longestGap;
    private Instant? _collidedAt;
    private bool _silent;

    /// <summary>The next frame for the loudspeaker, 48 kHz mono: 10 ms best, 20 ms at the cost of 10 ms more delay. Always filled.</summary>
    public void Playout(Instant now, Span<short> pcm48k)
    {
        if (MayReceive) _buffer.Pull(now, pcm48k);
        else pcm48k.Clear();
        _playoutLevel.Add(pcm48k);
        if (_options.HearsKeys) HearKeys(pcm48k);
        if (_firstPlayed || _firstReceivedAt is not { } received || _buffer.Statistics.Played == 0) return;
        _firstPlayed = true;
        _events.Enqueue(new MediaEvent.FirstAudio(received, now));
    }

    /// <summary>Lays out which payload types are taken. Decoders that stay in use keep their state.</summary>
    private void Admit(Instant now, MediaOptions options)
    {
        Array.Clear(_formats);
        foreach (var format in options.Receive)
        {
            if (!_codecs.Supports(format.Codec))
            {
                if (_trace.IsOn) _trace.Emit(new MediaTrace.Unsupported(now, _name, format.Codec));
                continue;
            }

            _formats[format.PayloadType & 0x7F] = new ReceiveFormat(format.Codec, format.ClockRate, DecoderOf(format.Codec, format.ClockRate));
        }

        foreach (var events in options.ReceiveEvents)
            _formats[events.PayloadType & 0x7F] ??= new ReceiveFormat("", events.ClockRate, null);
    }

    private IAudioDecoder DecoderOf(string codec, int clock)
    {
        var key = (codec.ToUpperInvariant(), clock);
        if (!_decoders.TryGetValue(key, out var decoder)) _decoders[key] = decoder = _codecs.CreateDecoder(codec);
        return decoder;
    }

    private void ReceiveRtp(in Datagram datagram)
    {
        if (!RtpPacket.TryParse(datagram.Payload, out var packet, out _))
        {
            _malformed++;
            return;
        }

        var header = packet.Header;
        var now = datagram.At;
        var format = _formats[header.PayloadType];
        if (header.Ssrc == _ssrc)
        {
            Collide(now);
            return;
        }

        // An unknown type of the known source is counted as a packet, so that a keep-alive is no loss; it validates nobody.
        if (format is null)
        {
            _unknownType++;
            _unknownTypes[header.PayloadType]++;
        }

        if (!TakeSource(now, header, format is not null) || format is null) return;
        Alive(now);
        _sourceHeardAt = now;
        _longestGap = Longer(_longestGap, SinceTaken(now));
        _takenAt = now;
        _receivedOctets += packet.Payload.Length;
        if (format.Decoder is null)
        {
            _buffer.PutOther(header.Sequence);
            TakeKey(now, header, format.Clock, packet.Payload);
            return;
        }

        _source!.Observe(now, header.Timestamp, format.Clock);
        _lastFormat = format;
        _firstReceivedAt ??= now;
        if (MayReceive) _buffer.Put(now, header, format.Clock, format.Decoder, packet.Payload);
    }

    /// <summary>Whether the packet belongs to the source we listen to, after it may have become that (RFC 3550 A.1).</summary>
    private bool TakeSource(Instant now, in RtpHeader header, bool known)
    {
        if (_source is { } current && current.Ssrc == header.Ssrc)
        {
            var verdict = current.Take(header.Sequence);
            if (verdict == SourceVerdict.Restarted)
            {
                _buffer.Reset();
                _heardKeys.ChangeSource();
                if (_trace.IsOn) _trace.Emit(new MediaTrace.Restarted(now, _name, header.Ssrc));
            }

            if (verdict == SourceVerdict.Rejected) _unknownSource++;
            if (!known) _buffer.PutOther(header.Sequence);
            return verdict is SourceVerdict.Accepted or SourceVerdict.Restarted;
        }

        // Another source takes over after two packets in order (the first of a proven sender at once); one that was left before, only once the present one is gone.
        if (!known || (IsRetired(header.Ssrc) && now - _sourceHeardAt < Absence))
        {
            _unknownSource++;
            return false;
        }

        if (_candidate?.Ssrc != header.Ssrc) _candidate = new RtpSource(header.Ssrc, _options.IsSourceProven && _source is null ? 1 : RtpSource.MinSequential);
        if (_candidate.Take(header.Sequence) == SourceVerdict.Probation)
        {
            _unknownSource++;
            return false;
        }

        Adopt(now, _candidate, header.PayloadType);
        return true;
    }

    private void Adopt(Instant now, RtpSource source, byte payloadType)
    {
        var before = _source;
        _source = source;
        _candidate = null;
        if (before is null)
        {
            if (_trace.IsOn) _trace.Emit(new MediaTrace.Heard(now, _name, source.Ssrc, payloadType));
            return;
        }

        Retire(before);
        _events.Enqueue(new MediaEvent.SourceChanged(before.Ssrc, source.Ssrc));
        if (_trace.IsOn) _trace.Emit(new MediaTrace.SourceChanged(now, _name, before.Ssrc, source.Ssrc));
    }

    private void Retire(RtpSource source)
    {
        _retired[_retiredCount++ % _retired.Length] = source.Ssrc;
        _receivedBefore += source.TotalReceived;
        _lostBefore += source.TotalLost;
        _expectedBefore += source.TotalExpected;
        _buffer.Reset();
        _heardKeys.ChangeSource();
    }

    private bool IsRetired(uint ssrc) => _retired.AsSpan(0, Math.Min(_retiredCount, _retired.Length)).Contains(ssrc);

    /// <summary>The peer chose our identifier: we leave it and go on under another (RFC 3550 §8.2).</summary>
    private void Collide(Instant now)
    {
        _unknownSource++;

        // Our own packets looped back would make us flee for ever: one change in ten seconds.
        if (_collidedAt is { } at && now - at < TimeSpan.FromSeconds(10)) return;
        _collidedAt = now;
        if (_sentPackets > 0 || _reports > 0) Report(now, true);
        var before = _ssrc;
        _ssrc = _entropy.NextUInt32();

        // Reports of the new source count from zero (§6.4.1), the totals of the stream do not.
        _sentPacketsBefore += _sentPackets;
        _sentOctetsBefore += _sentOctets;
        _lostByPeerBefore += LostByPeer;
        _sentPackets = _sentOctets = 0;
        _peerView = null;
        if (_trace.IsOn) _trace.Emit(new MediaTrace.Collision(now, _name, before, _ssrc));
    }

    private void TakeKey(Instant now, in RtpHeader header, int clock, ReadOnlySpan<byte> payload)
    {
        if (!TelephoneEvent.TryParse(payload, out var value, out _))
        {
            _malformed++;
            return;
        }

        if (_heardKeys.TryTake(now, _source!.Extend(header.Sequence), header.Timestamp, clock, value, out var key, out var durationMs))
            _events.Enqueue(new MediaEvent.DtmfReceived(key, durationMs, "rfc4733"));
        if (_heardKeys.NextTimeout is { } due) _timers.Set(Timer.KeyEnd, due);
        else _timers.Cancel(Timer.KeyEnd);
    }

    private void CheckKey(Instant now)
    {
        if (_heardKeys.TryExpire(now, out var key, out var durationMs))
            _events.Enqueue(new MediaEvent.DtmfReceived(key, durationMs, "rfc4733"));
        if (_heardKeys.NextTimeout is { } due) _timers.Set(Timer.KeyEnd, due);
    }

    private void Alive(Instant now)
    {
        if (_silent)
        {
            _silent = false;
            var after = now - _heardAt;
            _events.Enqueue(new MediaEvent.Resumed(after));
            if (_trace.IsOn) _trace.Emit(new MediaTrace.Resumed(now, _name, after));
            _timers.Set(Timer.Silence, now + _options.SilenceTimeout);
        }

        _heardAt = now;
    }

    private TimeSpan SinceTaken(Instant now) => MayReceive && _takenAt is { } at ? now - at : TimeSpan.Zero;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void CheckSilence(Instant now)
    {
        if (!MayReceive || _silent) return;
        var silentFor = now - _heardAt;
        if (silentFor < _options.SilenceTimeout)
        {
            _timers.Set(Timer.Silence, _heardAt + _options.SilenceTimeout);
            return;
        }

        _silent = true;
        _events.Enqueue(new MediaEvent.MediaTimeout(silentFor));
        if (_trace.IsOn) _trace.Emit(new MediaTrace.Silent(now, _name, silentFor));
    }

    /// <summary>What a payload type means; without a decoder it is telephone events.</summary>
    private sealed record ReceiveFormat(string Codec, int Clock, IAudioDecoder? Decoder);
}
