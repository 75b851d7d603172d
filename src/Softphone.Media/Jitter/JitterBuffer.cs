using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// Turns packets that come when they come into audio that is pulled every 10 or 20 ms. It aims for the delay that most packets kept to
/// lately (<see cref="DelayTarget"/>), nears it by stretching speech, waits for what may still come, recovers or conceals what did
/// not, and keeps quiet where the sender did. Counts in samples at 48 kHz. Allocates nothing in steady state.
/// </summary>
public sealed partial class JitterBuffer
{
    private const int Millisecond = 48;
    private const int MaxFrame = 120 * Millisecond;
    private const int ShortestFrame = 5 * Millisecond / 2;
    private const int Slack = 10 * Millisecond;
    private const int JumpLimit = 3000;
    private const int DtxOctets = 2;
    private const int Second = 1000 * Millisecond;

    private readonly PacketStore _store = new();
    private readonly SampleQueue _queue = new(4 * MaxFrame);
    private readonly TransitBaseline _baseline = new();
    private readonly Expander _expander = new();
    private readonly Stall _stall = new();
    private readonly DelayTarget _target;
    private readonly ushort[] _playedSequences = new ushort[PacketStore.Span];
    private readonly bool[] _playedMarks = new bool[PacketStore.Span];

    private bool _any;
    private int _clock;
    private long _newest;
    private long _timestamp;
    private long _slowSince;
    private long _put, _played, _late, _duplicate, _flushed;

    public JitterBuffer(JitterOptions options) => _target = new DelayTarget(options);

    /// <summary>The delay aimed for.</summary>
    public TimeSpan Target => FromSamples(_target.Value);

    /// <summary>The delay of what was last heard, counted from the fastest packet of the last seconds.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>Media position of the next sample to be pulled, in samples since the timestamp origin of the stream.</summary>
    public long Position => _end - _queue.Count;

    /// <summary>Whether a stream is being played.</summary>
    public bool IsActive => _active;

    public JitterStatistics Statistics => new(
        _put, _played, _late, _duplicate, _flushed,
        _pulled, _real, _recovered, _concealed, _comfort, _idle, _inserted, _removed, _queue.Count, Unproven)
    {
        Runs = _making && Unproven > 0 ? _runs - 1 : _runs,
        Frame = _frame,
    };

    private long Unproven => _debt + _unsettled;

    /// <summary>Audio packets that wait to be played.</summary>
    public int Waiting => _store.Waiting;

    /// <summary>An audio packet arrived.</summary>
    /// <param name="at">When.</param>
    /// <param name="header">Its RTP header.</param>
    /// <param name="clock">The clock of its format in Hz.</param>
    /// <param name="decoder">What decodes it; the same object for all packets of a format.</param>
    /// <param name="payload">Copied.</param>
    public void Put(Instant at, in RtpHeader header, int clock, IAudioDecoder decoder, ReadOnlySpan<byte> payload)
    {
        _put++;
        var arrival = ToSamples(at);
        if (!Place(arrival, header.Sequence, header.Timestamp, clock, out var sequence)) return;
        var position = _timestamp * 48_000 / clock;
        var transit = arrival - position;
        if (!_active && _any && transit - _baseline.Value > Second) _baseline.Clear();
        _baseline.Add(arrival, transit);
        Rebase(arrival, transit);
        var relative = transit - _baseline.Value;
        if (payload.Length > DtxOctets) _target.Observe(arrival, relative);
        if (sequence < _next)
        {
            _late++;
            return;
        }

        _flushed += _store.Add(sequence, position, decoder, payload);
    }

    /// <summary>A packet of the stream that holds no audio (a telephone event): its sequence number was not lost.</summary>
    public void PutOther(ushort sequenceNumber)
    {
        if (!_any) return;
        var sequence = Extend(sequenceNumber);
        if (Math.Abs(sequence - _newest) >= PacketStore.Span || sequence < _next || _store.Holds(sequence)) return;
        if (sequence - (_active ? _next : _newest) >= PacketStore.Span) return;
        _newest = Math.Max(_newest, sequence);
        _flushed += _store.Add(sequence, long.MinValue, null, default);
    }

    /// <summary>The stream ends or another begins: throws away what waits, and learns the delay anew.</summary>
    public void Reset()
    {
        Forgive();
        _stall.Clear();
        Flush();
        _target.Clear();
        _baseline.Clear();
        _decoder = null;
        _any = false;
        _next = 0;
    }

    /// <summary>A network that stays slower than the maximum is the new normal after half a second already.</summary>
    private void Rebase(long arrival, long transit)
    {
        if (transit - _baseline.Value <= _target.Maximum) _slowSince = arrival;
        if (arrival - _slowSince < Second / 2) return;
        _baseline.Clear();
        _baseline.Add(arrival, transit);
        _slowSince = arrival;
    }

    private static long ToSamples(Instant at) => at.Nanoseconds / 1000 * 48 / 1000;

    private static TimeSpan FromSamples(long samples) => TimeSpan.FromTicks(samples * 10_000_000 / 48_000);

    private long Extend(ushort sequence) => _newest + (short)(ushort)(sequence - (ushort)_newest);

    /// <summary>Finds the packet's place among the others: its extended number, and in _timestamp its extended timestamp.</summary>
    private bool Place(long arrival, ushort number, uint timestamp, int clock, out long sequence)
    {
        sequence = _any ? Extend(number) : number + 0x1_0000L;
        if (_any && clock == _clock)
        {
            var ahead = sequence - _newest;
            var extended = _timestamp + (int)(timestamp - (uint)_timestamp);
            var backwards = (extended - _timestamp) * Math.Sign(ahead) < -2L * clock;
            if (Math.Abs(ahead) > JumpLimit || backwards) Restart();
            else if (_store.Count > 0 && ahead > 0 && sequence - Oldest() >= PacketStore.Span) Overflow(arrival);
            else if (sequence <= _newest - PacketStore.Span)
            {
                _late++;
                return false;
            }
        }
        else if (_any)
        {
            Restart();
        }

        if (!_any)
        {
            _any = true;
            _clock = clock;
            sequence = number + 0x1_0000L;
            _newest = sequence;
            _timestamp = timestamp;
            Array.Clear(_playedMarks);
            return true;
        }

        var slot = sequence & (PacketStore.Span - 1);
        if (_store.Holds(sequence) || (_playedMarks[slot] && _playedSequences[slot] == number))
        {
            _duplicate++;
            return false;
        }

        _timestamp += (int)(timestamp - (uint)_timestamp);
        _newest = Math.Max(_newest, sequence);
        return true;
    }

    private long Oldest() => _active ? _next : _store.TryFirst(_newest - PacketStore.Span + 1, out var first) ? first.Sequence : _newest;

    private void Restart()
    {
        _stall.Clear();
        Flush();
        _baseline.Clear();
        _any = false;
        _next = 0;
    }

    /// <summary>More came at once than there is room for.</summary>
    private void Overflow(long arrival)
    {
        if (_active) Miss(arrival, (long)_store.Waiting * _frame);
        Flush();
    }

    private void Flush()
    {
        _flushed += _store.Clear();
        _removed += _queue.Count;
        _queue.Clear();
        Idle();
    }

    private void Played(long sequence)
    {
        var slot = sequence & (PacketStore.Span - 1);
        _playedMarks[slot] = true;
        _playedSequences[slot] = (ushort)sequence;
    }
}
