namespace Softphone.Media;

/// <summary>
/// Sends keys as telephone events (RFC 4733 §2.5.1): asked once for each packet time, it says whether an event packet takes the place
/// of audio. The timestamp is frozen at the event's start, the duration grows, the end is sent three times.
/// </summary>
public sealed class DtmfSender
{
    /// <summary>Keys that may wait.</summary>
    public const int Bound = 128;

    private const int EndPackets = 3;
    private const byte Volume = 10;
    private const int MaxDuration = 0xFFFF;
    private const int Millisecond = 48;
    private const int Gap = 60 * Millisecond;
    private const int Pause = 500 * Millisecond;

    private readonly Queue<char> _keys = new(Bound);
    private State _state;
    private byte _code;
    private long _start;
    private uint _offset;
    private long _elapsed;
    private long _tone;
    private int _ends;
    private long _wait;
    private bool _first;

    private enum State
    {
        Idle,
        Tone,
        Ending,
        Gap,
    }

    /// <summary>Whether keys wait or one is being sent.</summary>
    public bool IsBusy => _state != State.Idle || _keys.Count > 0;

    /// <summary>How long each key sounds.</summary>
    public TimeSpan ToneLength { get; set; } = TimeSpan.FromMilliseconds(160);

    /// <summary>Queues keys: 0-9 * # A-D, ! hook flash, w or a comma a pause of 500 ms. All or, when one is unknown or too many wait, none.</summary>
    public bool TryEnqueue(ReadOnlySpan<char> keys)
    {
        if (_keys.Count + keys.Length > Bound) return false;
        if (!AreKeys(keys)) return false;
        foreach (var key in keys) _keys.Enqueue(key);
        return true;
    }

    /// <summary>The next packet time has come.</summary>
    /// <param name="media">The stream's media clock at the start of the frame, in samples at 48 kHz.</param>
    /// <param name="frame">The frame's length in samples at 48 kHz.</param>
    /// <param name="clock">The event format's clock in Hz.</param>
    /// <param name="packet">What to send in place of audio.</param>
    /// <returns>False when the frame's audio is to be sent.</returns>
    public bool TryNext(long media, int frame, int clock, out DtmfPacket packet)
    {
        packet = default;
        if (_state == State.Gap && (_wait -= frame) <= 0) _state = State.Idle;
        if (_state == State.Idle && !TryBegin(media)) return false;
        switch (_state)
        {
            case State.Tone:
                packet = Sound(frame, clock);
                return true;
            case State.Ending:
                packet = End(clock);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether all of these can be sent.</summary>
    public static bool AreKeys(ReadOnlySpan<char> keys)
    {
        foreach (var key in keys)
            if (!IsPause(key) && !TelephoneEvent.TryCode(key, out _)) return false;
        return true;
    }

    public static bool IsPause(char key) => key is 'w' or 'W' or ',';

    private bool TryBegin(long media)
    {
        if (!_keys.TryDequeue(out var key)) return false;
        if (IsPause(key))
        {
            _state = State.Gap;
            _wait = Pause;
            return false;
        }

        TelephoneEvent.TryCode(key, out _code);
        _state = State.Tone;
        _start = media;
        _offset = 0;
        _elapsed = 0;
        _tone = ToneLength.Ticks * Millisecond / TimeSpan.TicksPerMillisecond;
        _ends = 0;
        _first = true;
        return true;
    }

    private DtmfPacket Sound(int frame, int clock)
    {
        _elapsed += frame;
        if (_elapsed >= _tone) return End(clock);
        if (Duration(clock) > MaxDuration)
        {
            // The segment that is full goes out once more at its full length; the next one starts where it ends, without marker.
            var full = new DtmfPacket(_start, _offset, false, new TelephoneEvent(_code, false, Volume, MaxDuration));
            _offset += MaxDuration;
            return full;
        }

        var packet = new DtmfPacket(_start, _offset, _first, new TelephoneEvent(_code, false, Volume, (ushort)Duration(clock)));
        _first = false;
        return packet;
    }

    private DtmfPacket End(int clock)
    {
        _state = State.Ending;
        if (++_ends == EndPackets)
        {
            _state = State.Gap;
            _wait = Gap;
        }

        var packet = new DtmfPacket(
            _start, _offset, _first, new TelephoneEvent(_code, true, Volume, (ushort)Math.Min(MaxDuration, Duration(clock))));
        _first = false;
        return packet;
    }

    private long Duration(int clock) => _elapsed * clock / (1000 * Millisecond) - _offset;
}
