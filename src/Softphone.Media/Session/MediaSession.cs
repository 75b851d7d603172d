using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// One audio stream of one call: encoder, RTP, RTCP, jitter buffer, decoder and telephone events as one machine. Its paths are the two
/// components of <see cref="MediaPath"/>; a transmit names no address, the transport below has them. Capture and playout
/// are driven by the audio device, also while muted or on hold. Where keys were agreed on, all of it is protected. RFC 3550, 3551, 3711, 4733, 7587.
/// </summary>
public sealed partial class MediaSession : IMachine<MediaEvent>, IDisposable
{
    private readonly ICodecFactory _codecs;
    private readonly IEntropy _entropy;
    private readonly Trace _trace;
    private readonly string _name;
    private readonly StreamGate _gate;
    private readonly Queue<MediaEvent> _events = [];
    private readonly TimerTable<Timer> _timers = new();
    private MediaOptions _options;
    private AudioDirection _direction;
    private bool _closed;

    /// <param name="options">What was negotiated.</param>
    /// <param name="codecs">Where encoders and decoders come from. It must support the format we send.</param>
    /// <param name="entropy">For the source, the first sequence number and timestamp, and the spread of reports.</param>
    /// <param name="now">When the stream starts.</param>
    /// <param name="trace">Where transitions go; none when null.</param>
    /// <param name="source">Its name in the trace.</param>
    /// <exception cref="ArgumentException">The send format is not supported, or the packet time is not a multiple of 10 up to 120 ms.</exception>
    public MediaSession(MediaOptions options, ICodecFactory codecs, IEntropy entropy, Instant now, Trace? trace = null, string source = "media")
    {
        Check(options);
        _codecs = codecs;
        _entropy = entropy;
        _trace = trace ?? Trace.Off;
        _name = source;
        _gate = new StreamGate(_trace, source);
        _options = options;
        _cname = options.Cname ?? Media.Cname.Create(entropy);
        _ssrc = entropy.NextUInt32();
        _sequence = (ushort)entropy.NextUInt32();
        _timestampBase = entropy.NextUInt32();
        _capturedAt = now;
        _sentAt = now;
        _heardAt = now;
        _buffer = new JitterBuffer(options.Jitter);
        _encoder = EncoderFor(now, options);
        Admit(now, options);
        Secure(now, options);
        _direction = options.Direction;
        _timers.Set(Timer.Report, now + RtcpInterval.Next(entropy, true));
        _timers.Set(Timer.Silence, now + options.SilenceTimeout);
        _timers.Set(Timer.KeepAlive, now + KeepAlive);
    }

    private enum Timer
    {
        Report,
        Silence,
        KeyEnd,
        KeepAlive,
    }

    /// <summary>Our source; it changes only when the peer uses the same (RFC 3550 §8.2).</summary>
    public uint Ssrc => _ssrc;

    public AudioDirection Direction => _direction;

    /// <summary>What was negotiated last.</summary>
    public MediaOptions Options => _options;

    /// <summary>When RTP or RTCP of the peer last came; before any came, when it was first to.</summary>
    public Instant HeardAt => _heardAt;

    public Instant? NextTimeout => _timers.Next;

    private bool MaySend => !_closed && (_direction & AudioDirection.SendOnly) != 0;

    private bool MayReceive => !_closed && (_direction & AudioDirection.ReceiveOnly) != 0;

    /// <summary>Which way audio may flow from now on (hold and resume). RTCP goes on either way.</summary>
    public void SetDirection(Instant now, AudioDirection direction)
    {
        if (_closed || direction == _direction) return;
        var before = _direction;
        _longestGap = Longer(_longestGap, SinceTaken(now));
        _direction = direction;
        _takenAt = _takenAt is null ? null : now;
        if ((direction & ~before & AudioDirection.SendOnly) != 0) _talkspurt = true;
        if (!MayReceive) _buffer.Reset();
        if ((direction & ~before & AudioDirection.ReceiveOnly) != 0)
        {
            _heardAt = now;
            _silent = false;
            _timers.Set(Timer.Silence, now + _options.SilenceTimeout);
        }

        if (_trace.IsOn) _trace.Emit(new MediaTrace.Directed(now, _name, direction));
    }

    /// <summary>A new offer and answer: our source, sequence numbers and timestamps go on as if nothing had happened.</summary>
    public void Update(Instant now, MediaOptions options)
    {
        if (_closed) return;
        Check(options);
        var before = _options;
        if (options.Send != before.Send || options.BitrateBps != before.BitrateBps || options.FecAllowed != before.FecAllowed)
        {
            var timestamp = Timestamp(_media, before.Send.ClockRate);
            var encoder = EncoderFor(now, options);
            _encoder.Dispose();
            _encoder = encoder;
            _timestampBase += timestamp - Timestamp(_media, options.Send.ClockRate);
        }

        if (options.PtimeMs != before.PtimeMs) _frameLength = 0;
        _options = options;
        Admit(now, options);
        Secure(now, options);
        SetDirection(now, options.Direction);
    }

    /// <summary>Says goodbye by RTCP, when anything was ever sent, and sends and takes no more (RFC 3550 §6.3.7).</summary>
    public void Close(Instant now)
    {
        if (_closed) return;
        if (_sentPackets > 0 || _reports > 0) Report(now, true);
        _longestGap = Longer(_longestGap, SinceTaken(now));
        _closed = true;
        _timers.Clear();
        _buffer.Reset();
        if (_trace.IsOn) _trace.Emit(new MediaTrace.Closed(now, _name));
    }

    public void Receive(in Datagram datagram)
    {
        if (_closed) return;
        var isReport = datagram.Path == MediaPath.Rtcp || RtpPacket.IsRtcp(datagram.Payload);
        if (!_gate.TryOpen(datagram, isReport, out var plain)) return;
        if (isReport) ReceiveRtcp(plain);
        else ReceiveRtp(plain);
    }

    /// <summary>An ICMP error or a failed send is a hint only; silence is what counts (<see cref="MediaEvent.MediaTimeout"/>).</summary>
    public void Fail(in PathFailure failure)
    {
    }

    public void Advance(Instant now)
    {
        while (_timers.TryExpire(now, out var timer))
        {
            switch (timer)
            {
                case Timer.Report:
                    Report(now, false);
                    _timers.Set(Timer.Report, now + RtcpInterval.Next(_entropy, false));
                    break;
                case Timer.Silence:
                    CheckSilence(now);
                    break;
                case Timer.KeyEnd:
                    CheckKey(now);
                    break;
                case Timer.KeepAlive:
                    CheckKeepAlive(now);
                    break;
            }
        }
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _gate.TryTransmit(buffer, out transmit);

    public bool TryEvent([NotNullWhen(true)] out MediaEvent? happened) => _events.TryDequeue(out happened);

    public void Dispose()
    {
        _closed = true;
        _timers.Clear();
        _encoder.Dispose();
        foreach (var decoder in _decoders.Values) decoder.Dispose();
        _decoders.Clear();
        _gate.Dispose();
    }

    // The first number in the lower half, so that who misses the beginning of a protected stream does not guess wrong (RFC 3711 §3.3.1).
    private void Secure(Instant now, MediaOptions options)
    {
        if (_gate.Secure(now, options.Security) && _sentPackets == 0) _sequence &= 0x7FFF;
    }

    private static void Check(MediaOptions options)
    {
        if (options.PtimeMs is < 10 or > 120 || options.PtimeMs % 10 != 0)
            throw new ArgumentException($"packet time {options.PtimeMs} ms is not a multiple of 10 up to 120", nameof(options));
    }
}
