using Softphone.Core;

namespace Softphone.Media;

/// <content>Frames of the mixer's own: for the ringer, and where no call gives the pace.</content>
public sealed partial class Mixer
{
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(20);

    /// <summary>A port that stood still for so long gives the pace no longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(60);

    private Instant _now;
    private Instant? _next;
    private Pace _capturePace;
    private Pace _playoutPace;

    /// <summary>When the next frame of a tone, the ring or the meter is due; null while none runs.</summary>
    public Instant? NextTimeout => !Runs ? null : _next ?? _now;

    private bool Runs => IsMetering || Sounds || _ring is not null;

    /// <summary>Time has passed: frames that are due by now are written.</summary>
    public void Advance(Instant now)
    {
        _now = now;
        if (!Runs) _next = null;
        else _next ??= now;
        while (Runs && _next is { } due && due <= now)
        {
            Tick(now);
            due += FrameTime;
            // After a stall longer than a few frames the clock starts anew instead of rushing through what was missed.
            if (now - due > 5 * FrameTime) due = now + FrameTime;
            _next = due;
        }
    }

    /// <summary>Something is about to run: when nothing did, its first frame is due at once.</summary>
    private void Wake()
    {
        if (!Runs) _next = null;
    }

    private void Tick(Instant now)
    {
        WriteRinger();
        if (IsMetering && !_capturePace.IsKept(now, Capture)) ReadMicrophone();
        if (Sounds && !_playoutPace.IsKept(now, Playout)) WriteSpeaker();
    }

    /// <summary>Whether a port still gives the pace.</summary>
    private struct Pace
    {
        private long _turns;
        private Instant _since;

        public bool IsKept(Instant now, Lead lead)
        {
            if (!lead.IsTaken) return false;
            if (lead.Turns != _turns) (_turns, _since) = (lead.Turns, now);
            return now - _since < Patience;
        }
    }
}
