using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// Makes one key of the many packets of a telephone event (RFC 4733 §2.5.2). An event is known by the time it takes: none of the same key
/// begins before it is over, whatever timestamps its packets have. It ends with its end bit, with the start of another, or when nothing
/// more comes of it. What is old is known by sequence numbers, since a sender may set its clock back.
/// </summary>
public sealed class DtmfReceiver
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>So long after its end an event may still be repeated.</summary>
    private static readonly TimeSpan Repeats = TimeSpan.FromSeconds(1);

    private bool _open;
    private bool _any;
    private long _sequence;
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
    /// <param name="sequence">Its extended sequence number.</param>
    /// <param name="timestamp">Its RTP timestamp.</param>
    /// <param name="clock">Its format's clock.</param>
    /// <param name="value">Its payload.</param>
    /// <param name="key">The key that is known to be over by this packet.</param>
    /// <param name="durationMs">How long it was held.</param>
    public bool TryTake(Instant now, long sequence, uint timestamp, int clock, in TelephoneEvent value, out char key, out int durationMs)
    {
        key = default;
        durationMs = 0;
        if (value.Key == '\0') return false;
        if (_any && clock == _clock)
        {
            // Packets of an event that is over, or older than the one that is heard, say nothing new.
            if (sequence <= _sequence && timestamp != _segment) return false;
            if (!_open && IsRepeated(now, timestamp, value)) return false;
        }

        _sequence = _any ? Math.Max(_sequence, sequence) : sequence;
        var over = false;
        if (!_open || !Continues(timestamp, clock, value))
        {
            over = _open && Finish(out key, out durationMs);
            _start = _segment = timestamp;
            _code = value.Code;
            _clock = clock;
            _duration = 0;
        }

        _open = _any = true;
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

    /// <summary>
    /// Another source speaks, or the same one anew: neither its sequence numbers nor its timestamps compare with those before. A key that is
    /// held goes on if the next packet is of the same.
    /// </summary>
    public void ChangeSource() => _any = false;

    /// <summary>Whether the packet belongs to the event that is heard.</summary>
    private bool Continues(uint timestamp, int clock, in TelephoneEvent value)
    {
        if (value.Code != _code || clock != _clock) return false;
        if (!_any)
        {
            _start = _segment = timestamp;
            return true;
        }

        // The next segment of a long event begins where the full one ends (§2.5.1.3).
        var ahead = timestamp - _segment;
        if (ahead > _duration - (_segment - _start) && ahead != ushort.MaxValue) return false;

        // Some senders give each packet a timestamp of its own; its duration still counts from the first.
        if (ahead == ushort.MaxValue || value.Duration <= _duration - (_segment - _start)) _segment = timestamp;
        return true;
    }

    /// <summary>
    /// Whether the packet is one more of the event that has just ended: inside its duration nothing of the same key can begin (§2.2.1). An end
    /// without a beginning may also follow within a packet's time, as the last repetitions of a short key do that have timestamps of their own.
    /// </summary>
    private bool IsRepeated(Instant now, uint timestamp, in TelephoneEvent value)
    {
        if (timestamp == _segment) return true;
        if (value.Code != _code || now - _seen > Repeats) return false;
        var after = timestamp - _start;
        return after < _duration || (value.End && after <= _duration + (uint)_clock / 50);
    }

    private bool Finish(out char key, out int durationMs)
    {
        _open = false;
        key = new TelephoneEvent(_code, true, 0, 0).Key;
        durationMs = (int)((long)_duration * 1000 / _clock);
        return true;
    }
}
