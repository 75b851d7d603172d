using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;

namespace Softphone.Phone;

internal sealed partial class Call
{
    private const int FrameSamples = 960;
    private const int MostLateFrames = 5;

    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(20);

    /// <summary>What Opus looks ahead (RFC 6716 §2.1.7 and its resampling); others look ahead less.</summary>
    private static readonly TimeSpan LookAhead = TimeSpan.FromMilliseconds(6.5);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SilenceBeforeWarning = TimeSpan.FromSeconds(5);

    private readonly short[] _captured = new short[FrameSamples];
    private readonly short[] _played = new short[FrameSamples];
    private MediaSession? _media;
    private Instant? _nextFrame;
    private Instant? _capturedUntil;
    private Instant? _firstAudio;
    private bool _talking;
    private bool _transportUsable;

    public void SetMuted(bool muted) => _media?.SetMuted(muted);

    /// <summary>Something of the peer's was heard.</summary>
    public bool HasHeard => _firstAudio is not null;

    private void OpenMedia(Instant now, MediaOptions options)
    {
        _media = new MediaSession(options, _phone.Codecs, _phone.Entropy, now, _phone.Trace, Source);
        _nextFrame = now;
        _timers.Set(CallTimer.MediaTick, now);
    }

    /// <summary>The call is answered: both sides talk from now on.</summary>
    private void Connect(Instant now)
    {
        Change(now, CallState.Connected, 200, "OK");
        StartTalking(now);
        ShowHold(now);
    }

    private void StartTalking(Instant now)
    {
        _talking = true;
        _phone.Sip.Keep(_session!.Value);
        WaitForPath(now);
        RestartIfWanted(now);
        TellOutcome(now);
        // The first frame goes out now, not when the next frame of the ringing phase would have been due.
        RestartFrames(now);
        _timers.Set(CallTimer.Report, now + ReportEvery);
        if (_options.Duration is { } duration) _timers.Set(CallTimer.Duration, now + duration);
        if (_options.Dtmf.Length > 0) _timers.Set(CallTimer.Dtmf, now + TimeSpan.FromMilliseconds(500));
    }

    private void RestartFrames(Instant now)
    {
        _nextFrame = now;
        _timers.Set(CallTimer.MediaTick, now);
    }

    /// <summary>Twenty milliseconds of audio each way. Frames follow an absolute clock, so that lateness never adds up.</summary>
    private void Tick(Instant now)
    {
        if (_media is not { } media || _nextFrame is not { } due) return;
        // After a stall longer than a few frames what was missed is left out instead of rushed through.
        if (now - due > MostLateFrames * FrameTime) due += (now - due).Ticks / FrameTime.Ticks * FrameTime;
        // Before there is a path nothing is read from the source: the first word must not be lost.
        if (_talking && (_transportUsable || !_usesIce))
        {
            if (_options.Source?.Read(_captured) != true) _captured.AsSpan().Clear();
            Capture(now, due, media);
        }

        media.Playout(now, _played);
        if (_talking || _firstAudio is not null) _options.Sink?.Write(_played);

        media.DeviceDelay = DeviceDelay();
        _nextFrame = due + FrameTime;
        _timers.Set(CallTimer.MediaTick, due + FrameTime);
    }

    private MediaStatistics? _reported;

    /// <summary>
    /// Of our devices; those of the peer, which nobody can see from here, are taken for like ours. The frame that is filled before it is sent, and what an
    /// encoder looks ahead, come on top.
    /// </summary>
    private TimeSpan? DeviceDelay()
    {
        if ((_options.Source?.Delay, _options.Sink?.Delay) is (null, null)) return null;
        return (_options.Source?.Delay ?? TimeSpan.Zero) + (_options.Sink?.Delay ?? TimeSpan.Zero) + FrameTime + LookAhead;
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

    /// <summary>Packets of audio that had a path to leave by.</summary>
    private long _left;

    private void ReportMedia(Instant now, MediaStatistics statistics)
    {
        Emit(new PhoneEvent.MediaReport(now, Id, statistics) { Recent = MediaQuality.Of(_reported, statistics) });
        _reported = statistics;
    }

    private bool PumpMedia(Instant now, Span<byte> scratch)
    {
        if (_media is not { } media) return false;
        var moved = false;
        while (media.TryTransmit(scratch, out var packet))
        {
            if (_transport?.Send(now, packet.Path.Value, scratch[..packet.Length]) == true && Demultiplexer.Classify(scratch[..packet.Length]) == PacketKind.Rtp) _left++;
            moved = true;
        }

        while (media.TryEvent(out var happened))
        {
            OnMedia(now, happened);
            moved = true;
        }

        return moved;
    }

    private void OnMedia(Instant now, MediaEvent happened)
    {
        switch (happened)
        {
            case MediaEvent.FirstAudio e:
                _firstAudio = e.ReceivedAt;
                break;
            case MediaEvent.DtmfReceived e:
                OnKey(now, e.Digit, e.DurationMs, e.Via);
                break;
            case MediaEvent.MediaTimeout e:
                FallSilent(now, e.SilentFor);
                break;
            case MediaEvent.Resumed:
                _timers.Cancel(CallTimer.Silence);
                if (_pathFault is null) _timers.Cancel(CallTimer.LostPeer);
                break;
        }
    }

    private void Report(Instant now)
    {
        if (_media is null || State == CallState.Ended) return;
        ReportMedia(now, _media.Snapshot(now));
        _timers.Set(CallTimer.Report, now + ReportEvery);
    }
}
