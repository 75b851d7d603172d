using Softphone.Core;

namespace Softphone.Media;

/// <summary>When the peer was last heard, how long it was not, and when that is told.</summary>
internal sealed class HearingWatch(StreamContext stream)
{
    /// <summary>When a packet of audio or keys was last taken; null before the first.</summary>
    private Instant? _takenAt;
    private TimeSpan _longestGap;

    /// <summary>The silence was told.</summary>
    private bool _isTold;

    /// <summary>When RTP or RTCP of the peer last came; before any came, when it was first to.</summary>
    public Instant HeardAt { get; private set; }

    /// <summary>The longest time between two packets of audio or keys while we were to hear any.</summary>
    public TimeSpan LongestGap(Instant now)
    {
        var since = SinceTaken(now);
        return since > _longestGap ? since : _longestGap;
    }

    /// <summary>Audio flows otherwise from now on, or not at all: what was missing until now stays counted, and no more is.</summary>
    public void Pause(Instant now)
    {
        _longestGap = LongestGap(now);
        if (_takenAt is not null) _takenAt = now;
    }

    /// <summary>The peer may be heard from now on.</summary>
    public void Begin(Instant now)
    {
        HeardAt = now;
        _isTold = false;
        LookLater(now);
    }

    /// <summary>Audio or keys of the peer were taken.</summary>
    public void Taken(Instant now)
    {
        Heard(now);
        _longestGap = LongestGap(now);
        _takenAt = now;
    }

    /// <summary>Anything of the peer came.</summary>
    public void Heard(Instant now)
    {
        if (_isTold)
        {
            _isTold = false;
            var after = now - HeardAt;
            stream.Events.Enqueue(new MediaEvent.Resumed(after));
            if (stream.Trace.IsOn) stream.Trace.Emit(new MediaTrace.Resumed(now, stream.Name, after));
            LookLater(now);
        }

        HeardAt = now;
    }

    /// <summary>Tells the silence once it has lasted.</summary>
    public void Look(Instant now)
    {
        if (!stream.MayReceive || _isTold) return;
        var silentFor = now - HeardAt;
        if (silentFor < stream.Options.SilenceTimeout)
        {
            LookLater(HeardAt);
            return;
        }

        _isTold = true;
        stream.Events.Enqueue(new MediaEvent.MediaTimeout(silentFor));
        if (stream.Trace.IsOn) stream.Trace.Emit(new MediaTrace.Silent(now, stream.Name, silentFor));
    }

    private void LookLater(Instant from) => stream.Timers.Set(MediaTimer.Silence, from + stream.Options.SilenceTimeout);

    private TimeSpan SinceTaken(Instant now) => stream.MayReceive && _takenAt is { } at ? now - at : TimeSpan.Zero;
}
