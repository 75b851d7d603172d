using Softphone.Core;

namespace Softphone.Media;

/// <summary>From the microphone to RTP: framing, timestamps, keys in the place of audio, keep-alives, and the totals of all that left.</summary>
internal sealed class AudioSender : IDisposable
{
    private const int MaxFrame = 5760;
    private const int LongestPayload = 2 * MaxFrame * 2;

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private readonly StreamContext _stream;
    private readonly ICodecFactory _codecs;
    private readonly IEntropy _entropy;
    private readonly KeySender _keys;
    private readonly short[] _frame = new short[MaxFrame];
    private readonly byte[] _packet = new byte[RtpHeader.Length + LongestPayload + SrtpSuite.MostOverhead];
    private readonly FecPolicy _fec = new();
    private readonly LevelMeter _level = new();
    private IAudioEncoder _encoder;
    private ushort _sequence;

    /// <summary>The timestamp of media position 0.</summary>
    private uint _timestampBase;

    /// <summary>Media position behind the last sample captured, at 48 kHz.</summary>
    private long _media;

    /// <summary>Samples of the frame that is being filled.</summary>
    private int _frameLength;
    private Instant _capturedAt;

    /// <summary>The next packet is the first after a pause: it has the marker (RFC 3551 §4.1).</summary>
    private bool _isTalkspurt = true;
    private Instant _sentAt;

    /// <summary>Of sources that we have left.</summary>
    private long _packetsBefore, _octetsBefore;

    public AudioSender(StreamContext stream, ICodecFactory codecs, IEntropy entropy, Instant now)
    {
        (_stream, _codecs, _entropy) = (stream, codecs, entropy);
        _keys = new KeySender(stream);
        Ssrc = entropy.NextUInt32();
        _sequence = (ushort)entropy.NextUInt32();
        _timestampBase = entropy.NextUInt32();
        _capturedAt = _sentAt = now;
        _encoder = EncoderFor(now, stream.Options);
    }

    /// <summary>Our source; it changes only when the peer uses the same (RFC 3550 §8.2).</summary>
    public uint Ssrc { get; private set; }

    /// <summary>What is captured is replaced by silence.</summary>
    public bool IsMuted { get; set; }

    /// <summary>Of the present source, as its reports count.</summary>
    public long Packets { get; private set; }

    public long Octets { get; private set; }

    public long AllPackets => _packetsBefore + Packets;

    public long AllOctets => _octetsBefore + Octets;

    /// <summary>Reports of ours since audio last left: a sender report says so for two intervals (RFC 3550 §6.4).</summary>
    public int ReportsSinceSent { get; private set; } = int.MaxValue;

    public double Dbfs => _level.Dbfs;

    /// <summary>The RTP timestamp of this moment.</summary>
    public uint TimestampAt(Instant now) => Timestamp(_media + (now - _capturedAt).Ticks * 48 / TimeSpan.TicksPerMillisecond, _stream.Options.Send.ClockRate);

    /// <summary>What we send starts with a low number, so that who misses the beginning of a protected stream does not guess wrong (RFC 3711 §3.3.1).</summary>
    public void StartLow()
    {
        if (Packets == 0) _sequence &= 0x7FFF;
    }

    public bool TryEnqueueKeys(string keys) => _keys.TryEnqueue(keys);

    public void Capture(Instant now, ReadOnlySpan<short> pcm48k)
    {
        while (!pcm48k.IsEmpty)
        {
            var frame = _stream.Options.PtimeMs * 48;
            var take = Math.Min(frame - _frameLength, pcm48k.Length);
            var room = _frame.AsSpan(_frameLength, take);
            if (IsMuted) room.Clear();
            else pcm48k[..take].CopyTo(room);
            _level.Add(room);
            _frameLength += take;
            _media += take;
            pcm48k = pcm48k[take..];
            if (_frameLength < frame) continue;
            _frameLength = 0;
            SendFrame(now, frame);
        }

        _capturedAt = now;
    }

    public void Skip(Instant now, TimeSpan missed)
    {
        _media += missed.Ticks * 48 / TimeSpan.TicksPerMillisecond;
        _capturedAt = now;
        _frameLength = 0;
        _isTalkspurt = true;
    }

    /// <summary>We may speak again.</summary>
    public void StartTalkspurt() => _isTalkspurt = true;

    /// <summary>Timestamps go on from one clock to the other as if nothing had happened.</summary>
    public void Update(Instant now, MediaOptions before, MediaOptions options)
    {
        if (options.Send != before.Send || options.BitrateBps != before.BitrateBps || options.FecAllowed != before.FecAllowed)
        {
            var timestamp = Timestamp(_media, before.Send.ClockRate);
            var encoder = EncoderFor(now, options);
            _encoder.Dispose();
            _encoder = encoder;
            _timestampBase += timestamp - Timestamp(_media, options.Send.ClockRate);
        }

        if (options.PtimeMs != before.PtimeMs) _frameLength = 0;
    }

    /// <summary>How much the peer loses decides how audio is protected against loss.</summary>
    public void TakeLoss(Instant now, byte fractionLost)
    {
        var options = _stream.Options;
        var before = _fec.Tuning(options.BitrateBps, options.FecAllowed);
        _fec.Report(now, fractionLost);
        var tuning = _fec.Tuning(options.BitrateBps, options.FecAllowed);
        if (tuning == before) return;
        _encoder.Tune(tuning);
        if (tuning.Fec != before.Fec && _stream.Trace.IsOn) _stream.Trace.Emit(new MediaTrace.ErrorCorrection(now, _stream.Name, tuning.Fec, _fec.LossPercent));
    }

    /// <summary>Another source of ours: its reports count from zero (RFC 3550 §6.4.1), the totals of the stream do not.</summary>
    public void ChangeSource()
    {
        Ssrc = _entropy.NextUInt32();
        _packetsBefore += Packets;
        _octetsBefore += Octets;
        Packets = Octets = 0;
    }

    /// <summary>A report of ours has left.</summary>
    public void Reported()
    {
        if (ReportsSinceSent < int.MaxValue) ReportsSinceSent++;
    }

    /// <summary>
    /// Keeps the NAT's binding while we send no audio: an empty packet of a payload type that the peer does not know (RFC 6263 §4.6).
    /// </summary>
    public void KeepBinding(Instant now, AudioReceiver receiver)
    {
        if (now - _sentAt >= KeepAlive)
        {
            byte unknown = 127;
            while (receiver.Knows(unknown) || _stream.Options.Send.PayloadType == unknown || _stream.Options.SendEvents?.PayloadType == unknown) unknown--;
            Send(now, unknown, TimestampAt(now), false, 0);
        }

        _stream.Timers.Set(MediaTimer.KeepAlive, _sentAt + KeepAlive);
    }

    public void Dispose() => _encoder.Dispose();

    private IAudioEncoder EncoderFor(Instant now, MediaOptions options)
    {
        if (_stream.Trace.IsOn) _stream.Trace.Emit(new MediaTrace.Formatted(now, _stream.Name, options.Send));
        return _codecs.CreateEncoder(options.Send.Codec, _fec.Tuning(options.BitrateBps, options.FecAllowed));
    }

    private void SendFrame(Instant now, int length)
    {
        if (!_stream.MaySend) return;
        var start = _media - length;
        var frame = _frame.AsSpan(0, length);
        var isKey = _keys.TryTake(start, frame, out var key);
        if (isKey) SendKey(now, _stream.Options.SendEvents!.Value, key);
        _keys.Sent();
        if (!isKey) SendAudio(now, start, frame);
    }

    private void SendAudio(Instant now, long start, ReadOnlySpan<short> frame)
    {
        var length = _encoder.Encode(frame, _packet.AsSpan(RtpHeader.Length, LongestPayload));
        if (length <= 0)
        {
            _isTalkspurt = true;
            return;
        }

        Send(now, _stream.Options.Send.PayloadType, Timestamp(start, _stream.Options.Send.ClockRate), _isTalkspurt, length);
        _isTalkspurt = false;
    }

    private void SendKey(Instant now, EventFormat format, in DtmfPacket key)
    {
        key.Event.Write(_packet.AsSpan(RtpHeader.Length));
        Send(now, format.PayloadType, Timestamp(key.Start, format.ClockRate) + key.Offset, key.Marker, TelephoneEvent.Length);
        _isTalkspurt = false;
    }

    /// <summary>Sends what stands behind the header in the packet buffer.</summary>
    private void Send(Instant now, byte payloadType, uint timestamp, bool marker, int length)
    {
        new RtpHeader(payloadType, _sequence++, timestamp, Ssrc, marker).Write(_packet);
        if (_stream.Gate.Send(MediaPath.Rtp, _packet, RtpHeader.Length + length, isReport: false)) _stream.Events.Enqueue(new MediaEvent.KeyWorn());
        Packets++;
        Octets += length;
        _sentAt = now;
        ReportsSinceSent = 0;
    }

    private uint Timestamp(long media, int clock) => _timestampBase + (uint)(media * clock / 48_000);
}
