using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// Makes one key of the many packets of a telephone event (RFC 4733 §2.5.2). An event is known by its timestamp; it ends with its end
/// bit, with the start of another, or when nothing more comes of it.
/// </summary>
public sealed class DtmfReceiver
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private bool _open;
    private bool _any;
    private uint _start;
    private uint _segment;
    private byte _code;
    private uint _duration;
    private int _clock;
    private Instant _seen;

    /// <summary>When <see cref="TryExpire"/> has something to say; null while no key is held.</summary>
    public Instant? NextTimeout => _open ? _seen + Patience : null;

    /// <summary>A packet came.</summary>
    /// <param name="now">When.</param>
    /// <param name="timestamp">Its RTP timestamp.</param>
    /// <param name="clock">Its format's clock.</param>
    /// <param name="value">Its payload.</param>
    /// <param name="key">The key that is known to be over by this packet.</param>
    /// <param name="durationMs">How long it was held.</param>
    public bool TryTake(Instant now, uint timestamp, int clock, in TelephoneEvent value, out char key, out int durationMs)
    {
        key = default;
        durationMs = 0;
        if (value.Key == '\0') return false;
        if (_any && clock == _clock)
        {
            // Packets of an event that is over, or older than the one that is heard, say nothing new.
            var ahead = (int)(timestamp - _segment);
            if (ahead < 0 || (ahead == 0 && !_open)) return false;
        }

        var over = false;
        if (!_open || timestamp != _segment)
        {
            var continues = _open && value.Code == _code && clock == _clock && timestamp == _segment + ushort.MaxValue;
            if (!continues)
            {
                over = _open && Finish(out key, out durationMs);
                _start = timestamp;
                _code = value.Code;
                _clock = clock;
                _duration = 0;
            }

            _segment = timestamp;
            _open = _any = true;
        }

        _seen = now;
        _duration = Math.Max(_duration, _segment - _start + value.Duration);
        if (!value.End) return over;
        if (!over) return Finish(out key, out durationMs);

        // Only the end of the next event reached us: this call tells of the one before, the timeout of this one.
        _seen = now - Patience;
        return true;
    }

    /// <summary>Time has passed: the key whose end was lost is over.</summary>
    public bool TryExpire(Instant now, out char key, out int durationMs)
    {
        key = default;
        durationMs = 0;
        return _open && now - _seen >= Patience && Finish(out key, out durationMs);
    }

    private bool Finish(out char key, out int durationMs)
    {
        _open = false;
        key = new TelephoneEvent(_code, true, 0, 0).Key;
        durationMs = (int)((long)_duration * 1000 / _clock);
        return true;
    }
}
