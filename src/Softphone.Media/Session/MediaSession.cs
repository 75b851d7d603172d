using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// One audio stream of one call: encoder, RTP, RTCP, jitter buffer, decoder and telephone events as one machine. Its paths are the two
/// components of <see cref="MediaPath"/>; a transmit names no address, the transport below has them. Capture and playout
/// are driven by the audio device, also while muted or on hold. Where keys were agreed on, all of it is protected. RFC 3550, 3551, 3711, 4733, 7587.
/// </summary>
public sealed class MediaSession : IMachine<MediaEvent>, IDisposable
{
    /// <summary>Our own packets looped back would make us flee for ever: one change of our source in this time.</summary>
    private static readonly TimeSpan BetweenCollisions = TimeSpan.FromSeconds(10);

    private readonly IEntropy _entropy;
    private readonly StreamContext _stream;
    private readonly RtcpReports _reports;
    private readonly AudioSender _sender;
    private readonly HearingWatch _hearing;
    private readonly AudioReceiver _receiver;
    private Instant? _collidedAt;

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
        _entropy = entropy;
        _stream = new StreamContext(trace ?? Trace.Off, source) { Options = options, Direction = options.Direction };
        _reports = new RtcpReports(_stream, entropy);
        _sender = new AudioSender(_stream, codecs, entropy, now);
        _hearing = new HearingWatch(_stream);
        _receiver = new AudioReceiver(_stream, codecs, _hearing);
        _receiver.Admit(now, options);
        Secure(now, options);
        _stream.Timers.Set(MediaTimer.Report, now + RtcpInterval.Next(entropy, true));
        _hearing.Begin(now);
        _sender.KeepBinding(now, _receiver);
    }

    /// <summary>Our source; it changes only when the peer uses the same (RFC 3550 §8.2).</summary>
    public uint Ssrc => _sender.Ssrc;

    public AudioDirection Direction => _stream.Direction;

    /// <summary>What was negotiated last.</summary>
    public MediaOptions Options => _stream.Options;

    /// <summary>When RTP or RTCP of the peer last came; before any came, when it was first to.</summary>
    public Instant HeardAt => _hearing.HeardAt;

    /// <summary>Whether what is captured is replaced by silence.</summary>
    public bool IsMuted => _sender.IsMuted;

    /// <summary>Delay outside the network and the jitter buffer as it was measured last; null where nothing measures it, and <see cref="MediaOptions.DeviceDelay"/> stands for it.</summary>
    public TimeSpan? DeviceDelay { get; set; }

    public Instant? NextTimeout => _stream.Timers.Next;

    /// <summary>Sends silence in place of what is captured: packets, timestamps and reports go on, and so does the NAT binding.</summary>
    public void SetMuted(bool muted) => _sender.IsMuted = muted;

    /// <summary>One frame from the microphone, 48 kHz mono: 10 or 20 ms. Keeps the media clock going even when nothing may be sent.</summary>
    public void Capture(Instant now, ReadOnlySpan<short> pcm48k)
    {
        if (!_stream.IsClosed) _sender.Capture(now, pcm48k);
    }

    /// <summary>
    /// So much time before the next frame was not captured: a device or the whole process stood still, or there was no path. The timestamps
    /// go on all the same (RFC 3550 §5.1): else the peer would hear us that much later until the end of the call.
    /// </summary>
    public void Skip(Instant now, TimeSpan missed)
    {
        if (!_stream.IsClosed && missed > TimeSpan.Zero) _sender.Skip(now, missed);
    }

    /// <summary>The next frame for the loudspeaker, 48 kHz mono: 10 ms best, 20 ms at the cost of 10 ms more delay. Always filled.</summary>
    public void Playout(Instant now, Span<short> pcm48k) => _receiver.Playout(now, pcm48k);

    /// <summary>
    /// Queues keys: 0-9 * # A-D, ! for a hook flash, w for a pause of 500 ms. They are sent in the place of audio while frames are captured;
    /// <see cref="MediaEvent.DtmfSent"/> follows the last.
    /// </summary>
    /// <returns>
    /// False, with nothing queued, when the peer takes no telephone events and <see cref="MediaOptions.KeysInBand"/> is off, a key is unknown
    /// or too many wait.
    /// </returns>
    public bool SendDtmf(Instant now, string keys) => !_stream.IsClosed && _sender.TryEnqueueKeys(keys);

    /// <summary>Which way audio may flow from now on (hold and resume). RTCP goes on either way.</summary>
    public void SetDirection(Instant now, AudioDirection direction)
    {
        if (_stream.IsClosed || direction == _stream.Direction) return;
        var added = direction & ~_stream.Direction;
        _hearing.Pause(now);
        _stream.Direction = direction;
        if ((added & AudioDirection.SendOnly) != 0) _sender.StartTalkspurt();
        if (!_stream.MayReceive) _receiver.Quiet();
        if ((added & AudioDirection.ReceiveOnly) != 0) _hearing.Begin(now);
        if (_stream.Trace.IsOn) _stream.Trace.Emit(new MediaTrace.Directed(now, _stream.Name, direction));
    }

    /// <summary>A new offer and answer: our source, sequence numbers and timestamps go on as if nothing had happened.</summary>
    public void Update(Instant now, MediaOptions options)
    {
        if (_stream.IsClosed) return;
        Check(options);
        _sender.Update(now, _stream.Options, options);
        _stream.Options = options;
        _receiver.Admit(now, options);
        Secure(now, options);
        SetDirection(now, options.Direction);
    }

    /// <summary>Says goodbye by RTCP, when anything was ever sent, and sends and takes no more (RFC 3550 §6.3.7).</summary>
    public void Close(Instant now)
    {
        if (_stream.IsClosed) return;
        SayGoodbye(now);
        _hearing.Pause(now);
        _stream.IsClosed = true;
        _stream.Timers.Clear();
        _receiver.Quiet();
        if (_stream.Trace.IsOn) _stream.Trace.Emit(new MediaTrace.Closed(now, _stream.Name));
    }

    public void Receive(in Datagram datagram)
    {
        if (_stream.IsClosed) return;
        var isReport = datagram.Path == MediaPath.Rtcp || RtpPacket.IsRtcp(datagram.Payload);
        if (!_stream.Gate.TryOpen(datagram, isReport, out var plain)) return;
        if (!isReport) ReceiveRtp(plain);
        else if (_reports.TryTake(plain, _sender, _receiver)) _hearing.Heard(plain.At);
        else _receiver.CountMalformed();
    }

    /// <summary>An ICMP error or a failed send is a hint only; silence is what counts (<see cref="MediaEvent.MediaTimeout"/>).</summary>
    public void Fail(in PathFailure failure)
    {
    }

    public void Advance(Instant now)
    {
        while (_stream.Timers.TryExpire(now, out var timer))
        {
            switch (timer)
            {
                case MediaTimer.Report:
                    _reports.Send(now, _sender, _receiver.Sources.Current, isLeaving: false);
                    _stream.Timers.Set(MediaTimer.Report, now + RtcpInterval.Next(_entropy, false));
                    break;
                case MediaTimer.Silence:
                    _hearing.Look(now);
                    break;
                case MediaTimer.KeyEnd:
                    _receiver.EndKey(now);
                    break;
                case MediaTimer.KeepAlive:
                    _sender.KeepBinding(now, _receiver);
                    break;
            }
        }
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _stream.Gate.TryTransmit(buffer, out transmit);

    public bool TryEvent([NotNullWhen(true)] out MediaEvent? happened) => _stream.Events.TryDequeue(out happened);

    /// <summary>Everything the media report shows, since the start of the stream.</summary>
    public MediaStatistics Snapshot(Instant now)
    {
        var (options, gate, jitter) = (_stream.Options, _stream.Gate, _receiver.Jitter);
        var playout = _receiver.Delay.TotalMilliseconds;
        var account = new MediaStatistics(
            options.Send.Codec,
            _receiver.Codec,
            Sent(),
            Received(),
            _reports.RoundTrip?.TotalMilliseconds,
            playout,
            jitter.ConcealedPercent,
            null,
            jitter,
            new DropStatistics(_receiver.Malformed + gate.Malformed, _receiver.Unagreed, _receiver.Sources.Unknown) { Forged = gate.Forged, Replayed = gate.Replayed, Unprotected = gate.Unprotected })
        {
            LongestGapMs = _hearing.LongestGap(now).TotalMilliseconds,
            StrangeTypes = _receiver.Strange,
            DelayMs = (_reports.RoundTrip?.TotalMilliseconds ?? 0) / 2 + playout + (DeviceDelay ?? options.DeviceDelay).TotalMilliseconds,
            BitrateBps = options.BitrateBps,
        };
        return account with { Mos = MediaQuality.Of(null, account).Mos };
    }

    public void Dispose()
    {
        _stream.IsClosed = true;
        _stream.Timers.Clear();
        _sender.Dispose();
        _receiver.Dispose();
        _stream.Gate.Dispose();
    }

    private void ReceiveRtp(in Datagram datagram)
    {
        if (!RtpPacket.TryParse(datagram.Payload, out var packet, out _)) _receiver.CountMalformed();
        else if (packet.Header.Ssrc == _sender.Ssrc) Collide(datagram.At);
        else _receiver.Take(datagram.At, packet);
    }

    /// <summary>The peer chose our identifier: we leave it and go on under another (RFC 3550 §8.2).</summary>
    private void Collide(Instant now)
    {
        _receiver.Sources.CountUnknown();
        if (_collidedAt is { } at && now - at < BetweenCollisions) return;
        _collidedAt = now;
        SayGoodbye(now);
        var before = _sender.Ssrc;
        _sender.ChangeSource();
        _reports.ChangeSource();
        if (_stream.Trace.IsOn) _stream.Trace.Emit(new MediaTrace.Collision(now, _stream.Name, before, _sender.Ssrc));
    }

    /// <summary>Where anything was ever sent under this source.</summary>
    private void SayGoodbye(Instant now)
    {
        if (_sender.Packets > 0 || _reports.AnySent) _reports.Send(now, _sender, _receiver.Sources.Current, isLeaving: true);
    }

    private StreamStatistics Sent()
    {
        var (packets, lost) = (_sender.AllPackets, _reports.LostByPeer);
        return new StreamStatistics(
            packets,
            _sender.AllOctets,
            lost,
            packets == 0 ? 0 : Math.Min(100, 100.0 * lost / packets),
            _reports.JitterOfPeer * 1000.0 / _stream.Options.Send.ClockRate,
            _sender.Dbfs);
    }

    private StreamStatistics Received()
    {
        var sources = _receiver.Sources;
        return new StreamStatistics(
            sources.Received,
            _receiver.Octets,
            sources.Lost,
            sources.Expected == 0 ? 0 : 100.0 * sources.Lost / sources.Expected,
            sources.Current?.JitterMs ?? 0,
            _receiver.Dbfs);
    }

    private void Secure(Instant now, MediaOptions options)
    {
        if (_stream.Gate.Secure(now, options)) _sender.StartLow();
        for (var i = _stream.Gate.HeldCount; i > 0 && _stream.Gate.TryTakeHeld(out var held); i--) Receive(new Datagram(now, held.Path, held.Remote, held.Octets));
    }

    private static void Check(MediaOptions options)
    {
        if (options.PtimeMs is < 10 or > 120 || options.PtimeMs % 10 != 0)
            throw new ArgumentException($"packet time {options.PtimeMs} ms is not a multiple of 10 up to 120", nameof(options));
    }
}
