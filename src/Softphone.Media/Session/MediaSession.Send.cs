using Softphone.Core;

namespace Softphone.Media;

/// <content>From the microphone to RTP: framing, timestamps, keep-alives.</content>
public sealed partial class MediaSession
{
    private const int MaxFrame = 5760;
    private const int LongestPayload = 2 * MaxFrame * 2;

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private readonly short[] _frame = new short[MaxFrame];
    private readonly byte[] _packet = new byte[RtpHeader.Length + LongestPayload + SrtpSuite.MostOverhead];
    private readonly FecPolicy _fec = new();
    private readonly LevelMeter _captureLevel = new();
    private IAudioEncoder _encoder;
    private uint _ssrc;
    private ushort _sequence;
    private uint _timestampBase;
    private long _media;
    private int _frameLength;
    private Instant _capturedAt;
    private bool _talkspurt = true;
    private bool _muted;
    private long _sentPackets;
    private long _sentOctets;
    private long _sentPacketsBefore, _sentOctetsBefore, _lostByPeerBefore;
    private Instant _sentAt;

    /// <summary>Whether what is captured is replaced by silence.</summary>
    public bool IsMuted => _muted;

    /// <summary>Sends silence in place of what is captured: packets, timestamps and reports go on, and so does the NAT binding.</summary>
    public void SetMuted(bool muted) => _muted = muted;

    /// <summary>One frame from the microphone, 48 kHz mono: 10 or 20 ms. Keeps the media clock going even when nothing may be sent.</summary>
    public void Capture(Instant now, ReadOnlySpan<short> pcm48k)
    {
        if (_closed) return;
        while (!pcm48k.IsEmpty)
        {
            var frame = _options.PtimeMs * 48;
            var take = Math.Min(frame - _frameLength, pcm48k.Length);
            var room = _frame.AsSpan(_frameLength, take);
            if (_muted) room.Clear();
            else pcm48k[..take].CopyTo(room);
            _captureLevel.Add(room);
            _frameLength += take;
            _media += take;
            pcm48k = pcm48k[take..];
            if (_frameLength < frame) continue;
            _frameLength = 0;
            SendFrame(now, frame);
        }

        _capturedAt = now;
    }

    /// <summary>
    /// So much time before the next frame was not captured: a device or the whole process stood still, or there was no path. The timestamps
    /// go on all the same (RFC 3550 §5.1): else the peer would hear us that much later until the end of the call.
    /// </summary>
    public void Skip(Instant now, TimeSpan missed)
    {
        if (_closed || missed <= TimeSpan.Zero) return;
        _media += missed.Ticks * 48 / TimeSpan.TicksPerMillisecond;
        _capturedAt = now;
        _frameLength = 0;
        _talkspurt = true;
    }

    private IAudioEncoder EncoderFor(Instant now, MediaOptions options)
    {
        if (_trace.IsOn) _trace.Emit(new MediaTrace.Formatted(now, _name, options.Send));
        return _codecs.CreateEncoder(options.Send.Codec, _fec.Tuning(options.BitrateBps, options.FecAllowed));
    }

    private void SendFrame(Instant now, int frame)
    {
        if (!MaySend) return;
        var start = _media - frame;
        if (SendKeys(now, start, frame)) return;
        var length = _encoder.Encode(_frame.AsSpan(0, frame), _packet.AsSpan(RtpHeader.Length, LongestPayload));
        if (length <= 0)
        {
            _talkspurt = true;
            return;
        }

        Send(now, _options.Send.PayloadType, Timestamp(start, _options.Send.ClockRate), _talkspurt, length);
        _talkspurt = false;
    }

    /// <summary>Sends what stands behind the header in the packet buffer.</summary>
    private void Send(Instant now, byte payloadType, uint timestamp, bool marker, int length)
    {
        new RtpHeader(payloadType, _sequence++, timestamp, _ssrc, marker).Write(_packet);
        if (_gate.Send(MediaPath.Rtp, _packet, RtpHeader.Length + length, isReport: false)) _events.Enqueue(new MediaEvent.KeyWorn());
        _sentPackets++;
        _sentOctets += length;
        _sentAt = now;
        _sentSinceReports = 0;
    }

    /// <summary>
    /// Keeps the NAT's binding while we send no audio: an empty packet of a payload type that the peer does not know (RFC 6263 §4.6).
    /// </summary>
    private void CheckKeepAlive(Instant now)
    {
        if (now - _sentAt >= KeepAlive)
        {
            byte unknown = 127;
            while (_formats[unknown] is not null || _options.Send.PayloadType == unknown || _options.SendEvents?.PayloadType == unknown) unknown--;
            Send(now, unknown, Timestamp(MediaAt(now), _options.Send.ClockRate), false, 0);
        }

        _timers.Set(Timer.KeepAlive, _sentAt + KeepAlive);
    }

    private long MediaAt(Instant now) => _media + (now - _capturedAt).Ticks * 48 / TimeSpan.TicksPerMillisecond;

    private uint Timestamp(long media, int clock) => _timestampBase + (uint)(media * clock / 48_000);
}
