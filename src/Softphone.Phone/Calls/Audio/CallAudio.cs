using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sdp;

namespace Softphone.Phone;

/// <summary>
/// The audio of a call: the media session once formats are agreed, the frames that go in and out on an absolute clock, and what the person, or a
/// test, speaks and hears with.
/// </summary>
/// <param name="host">The call.</param>
/// <param name="options">What the call is to do beyond talking.</param>
/// <param name="open">Makes the media session.</param>
/// <param name="agreed">What offer and answer agreed on; null before.</param>
internal sealed class CallAudio(ICallHost host, CallOptions options, Func<Instant, MediaOptions, MediaSession> open, Func<NegotiatedAudio?> agreed)
{
    private const int FrameSamples = Pcm.Frame;
    private const int MostLateFrames = 5;

    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(20);

    /// <summary>What Opus looks ahead (RFC 6716 §2.1.7 and its resampling); others look ahead less.</summary>
    private static readonly TimeSpan LookAhead = TimeSpan.FromMilliseconds(6.5);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);

    /// <summary>The frame that is spoken.</summary>
    private readonly short[] _captured = new short[FrameSamples];

    /// <summary>The frame that is heard.</summary>
    private readonly short[] _played = new short[FrameSamples];

    /// <summary>Null before formats are agreed, and after an error.</summary>
    private MediaSession? _media;

    /// <summary>When the next frame is due; null after an error.</summary>
    private Instant? _nextFrame;

    /// <summary>The end of the last frame that was spoken.</summary>
    private Instant? _capturedUntil;

    /// <summary>What the last report said, for the next one to say what came since.</summary>
    private MediaStatistics? _reported;

    /// <summary>The keys that are pressed on either side; set once, by the first who asks.</summary>
    public CallKeys Keys => field ??= new CallKeys(host, this, agreed);

    /// <summary>What the call is to do, and with which audio.</summary>
    public CallOptions Options { get; private set; } = options;

    /// <summary>The call is answered and not over.</summary>
    public bool IsTalking { get; private set; }

    /// <summary>When something of the peer's was heard first; null before.</summary>
    public Instant? FirstAudio { get; private set; }

    /// <summary>Packets of audio that had a path to leave by.</summary>
    public long Left { get; private set; }

    /// <summary>Formats are agreed.</summary>
    public bool IsOpen => _media is not null;

    public Instant? NextTimeout => _media?.NextTimeout;

    /// <summary>When the peer was heard last; null before media was negotiated.</summary>
    public Instant? HeardAt => _media?.HeardAt;

    public void Use(CallOptions options) => Options = options;

    /// <summary>The talk goes on here with the audio of another call, which has none from now on.</summary>
    public void TakeFrom(CallAudio old)
    {
        Options = Options with { Source = old.Options.Source, Sink = old.Options.Sink };
        old.Options = old.Options with { Source = null, Sink = null };
    }

    /// <summary>The other call came to nothing: its audio is this one's again.</summary>
    public void TakeBackFrom(CallAudio next) => Options = Options with { Source = next.Options.Source, Sink = next.Options.Sink };

    /// <summary>Formats are agreed, or others than before.</summary>
    public void Agree(Instant now, MediaOptions options)
    {
        if (_media is not null)
        {
            _media.Update(now, options);
            return;
        }

        _media = open(now, options);
        RestartFrames(now);
    }

    /// <summary>The stream goes another way, or rests; nothing happens before there is one.</summary>
    public void Update(Instant now, MediaOptions options) => _media?.Update(now, options);

    /// <summary>Keys came. What waited for the first ones to be said is said now, not when the next frame would have been due.</summary>
    public void Rekey(Instant now, MediaOptions options, bool isFirst)
    {
        Update(now, options);
        if (isFirst && IsTalking) RestartFrames(now);
    }

    public void SetMuted(bool muted) => _media?.SetMuted(muted);

    public bool SendDtmf(Instant now, string keys) => _media?.SendDtmf(now, keys) == true;

    public void Receive(in Datagram datagram) => _media?.Receive(datagram);

    public void Advance(Instant now) => _media?.Advance(now);

    public bool TryEvent([NotNullWhen(true)] out MediaEvent? happened)
    {
        happened = null;
        if (_media is null || !_media.TryEvent(out happened)) return false;
        if (happened is MediaEvent.FirstAudio first) FirstAudio = first.ReceivedAt;
        return true;
    }

    public MediaStatistics? Snapshot(Instant now) => _media?.Snapshot(now);

    /// <summary>Both sides talk from now on.</summary>
    public void StartTalking(Instant now)
    {
        IsTalking = true;
        // The first frame goes out now, not when the next frame of the ringing phase would have been due.
        RestartFrames(now);
        host.Set(CallTimer.Report, now + ReportEvery);
        if (Options.Duration is { } duration) host.Set(CallTimer.Duration, now + duration);
        if (Options.Dtmf.Length > 0) host.Set(CallTimer.Dtmf, now + TimeSpan.FromMilliseconds(500));
    }

    public void StopTalking() => IsTalking = false;

    public void RestartFrames(Instant now)
    {
        _nextFrame = now;
        host.Set(CallTimer.MediaTick, now);
    }

    /// <summary>Twenty milliseconds of audio each way. Frames follow an absolute clock, so that lateness never adds up.</summary>
    /// <param name="now">The time.</param>
    /// <param name="hasPath">Media can leave. Before that nothing is read from the source: the first word must not be lost.</param>
    public void Tick(Instant now, bool hasPath)
    {
        if (_media is not { } media || _nextFrame is not { } due) return;
        // After a stall longer than a few frames what was missed is left out instead of rushed through.
        if (now - due > MostLateFrames * FrameTime) due += (now - due).Ticks / FrameTime.Ticks * FrameTime;
        if (IsTalking && hasPath)
        {
            if (Options.Source?.Read(_captured) != true) _captured.AsSpan().Clear();
            Capture(now, due, media);
        }

        media.Playout(now, _played);
        if (IsTalking || FirstAudio is not null) Options.Sink?.Write(_played);

        media.DeviceDelay = DeviceDelay();
        _nextFrame = due + FrameTime;
        host.Set(CallTimer.MediaTick, due + FrameTime);
    }

    /// <summary>Hands what is to be sent to the transport; true when anything was.</summary>
    public bool Send(Instant now, MediaTransport? transport, Span<byte> scratch)
    {
        if (_media is not { } media) return false;
        var moved = false;
        while (media.TryTransmit(scratch, out var packet))
        {
            var octets = scratch[..packet.Length];
            if (transport?.Send(now, packet.Path.Value, octets) == true && Demultiplexer.Classify(octets) == PacketKind.Rtp) Left++;
            moved = true;
        }

        return moved;
    }

    /// <summary>The statistics that were due.</summary>
    public void Report(Instant now)
    {
        if (_media is null || host.State == CallState.Ended) return;
        Report(now, _media.Snapshot(now));
        host.Set(CallTimer.Report, now + ReportEvery);
    }

    public void Report(Instant now, MediaStatistics statistics)
    {
        host.Emit(new PhoneEvent.MediaReport(now, host.Id, statistics) { Recent = MediaQuality.Of(_reported, statistics), Security = host.Security });
        _reported = statistics;
    }

    public void Close(Instant now) => _media?.Close(now);

    /// <summary>After an error: whatever is due here is due no more. The session is given back to be let go of.</summary>
    public MediaSession? LetGo()
    {
        (IsTalking, _nextFrame) = (false, null);
        var media = _media;
        _media = null;
        return media;
    }

    public void Dispose() => _media?.Dispose();

    /// <summary>
    /// Of our devices; those of the peer, which nobody can see from here, are taken for like ours. The frame that is filled before it is sent, and what an
    /// encoder looks ahead, come on top.
    /// </summary>
    private TimeSpan? DeviceDelay()
    {
        if ((Options.Source?.Delay, Options.Sink?.Delay) is (null, null)) return null;
        return (Options.Source?.Delay ?? TimeSpan.Zero) + (Options.Sink?.Delay ?? TimeSpan.Zero) + FrameTime + LookAhead;
    }

    /// <summary>The stream's clock follows the frames' own, over every frame that was left out since the last one.</summary>
    private void Capture(Instant now, Instant due, MediaSession media)
    {
        var from = due - FrameTime;
        var until = _capturedUntil ?? from;
        if (from > until)
        {
            media.Skip(now, from - until);
            until = from;
        }

        media.Capture(now, _captured);
        _capturedUntil = until + FrameTime;
    }
}
