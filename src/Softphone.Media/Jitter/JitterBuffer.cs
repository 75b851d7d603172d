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
    private const int DtxOctets = 2;
    private const int Second = 1000 * Millisecond;

    private readonly PacketStore _store = new();
    private readonly SampleQueue _queue = new(4 * MaxFrame);
    private readonly TransitBaseline _baseline = new();
    private readonly Expander _expander = new();
    private readonly StreamOrder _order = new();
    private readonly MadeUp _madeUp = new();
    private readonly JitterCounts _counts = new();
    private readonly DelayTarget _target;

    /// <summary>When the network was last as fast as the maximum asks, in samples.</summary>
    private long _slowSince;

    public JitterBuffer(JitterOptions options) => _target = new DelayTarget(options);

    /// <summary>The delay aimed for.</summary>
    public TimeSpan Target => FromSamples(_target.Value);

    /// <summary>The delay of what was last heard, counted from the fastest packet of the last seconds.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>Media position of the next sample to be pulled, in samples since the timestamp origin of the stream.</summary>
    public long Position => _end - _queue.Count;

    /// <summary>Whether a stream is being played.</summary>
    public bool IsActive => _active;

    public JitterStatistics Statistics => _counts.With(_madeUp, _queue.Count, _frame);

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
        _counts.Put++;
        var arrival = ToSamples(at);
        if (!Place(arrival, header.Sequence, header.Timestamp, clock, out var sequence)) return;
        var position = _order.Timestamp * 48_000 / clock;
        var transit = arrival - position;
        if (!_active && _order.IsStarted && transit - _baseline.Value > Second) _baseline.Clear();
        _baseline.Add(arrival, transit);
        Rebase(arrival, transit);
        var relative = transit - _baseline.Value;
        if (payload.Length > DtxOctets) _target.Observe(arrival, relative);
        if (sequence < _next)
        {
            _counts.Late++;
            return;
        }

        _counts.Flushed += _store.Add(sequence, position, decoder, payload);
    }

    /// <summary>A packet of the stream that holds no audio (a telephone event): its sequence number was not lost.</summary>
    public void PutOther(ushort sequenceNumber)
    {
        if (!_order.IsStarted) return;
        var sequence = _order.Extend(sequenceNumber);
        if (Math.Abs(sequence - _order.Newest) >= PacketStore.Span || sequence < _next || _store.Holds(sequence)) return;
        if (sequence - (_active ? _next : _order.Newest) >= PacketStore.Span) return;
        _order.Reach(sequence);
        _counts.Flushed += _store.Add(sequence, long.MinValue, null, default);
    }

    /// <summary>The stream ends or another begins: throws away what waits, and learns the delay anew.</summary>
    public void Reset()
    {
        _madeUp.Forgive();
        _madeUp.ForgetStall();
        Flush();
        _target.Clear();
        _baseline.Clear();
        _decoder = null;
        _order.End();
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

    /// <summary>Finds the packet's place among the others: its number and, in <see cref="_order"/>, its timestamp.</summary>
    private bool Place(long arrival, ushort number, uint timestamp, int clock, out long sequence)
    {
        sequence = _order.Extend(number);
        if (_order.IsStarted)
        {
            if (_order.IsOfAnother(number, timestamp, clock)) Restart();
            else if (_store.Count > 0 && sequence > _order.Newest && sequence - Oldest() >= PacketStore.Span) Overflow(arrival);
            else if (sequence <= _order.Newest - PacketStore.Span)
            {
                _counts.Late++;
                return false;
            }
        }

        if (!_order.IsStarted)
        {
            sequence = _order.Start(number, timestamp, clock);
            return true;
        }

        if (_store.Holds(sequence) || _order.WasPlayed(sequence))
        {
            _counts.Duplicate++;
            return false;
        }

        _order.Place(sequence, timestamp);
        return true;
    }

    private long Oldest() => _active ? _next : _store.TryFirst(_order.Newest - PacketStore.Span + 1, out var first) ? first.Sequence : _order.Newest;

    private void Restart()
    {
        _madeUp.ForgetStall();
        Flush();
        _baseline.Clear();
        _order.End();
        _next = 0;
    }

    /// <summary>More came at once than there is room for.</summary>
    private void Overflow(long arrival)
    {
        if (_active) _madeUp.Miss(arrival, (long)_store.Waiting * _frame);
        Flush();
    }

    private void Flush()
    {
        _counts.Flushed += _store.Clear();
        _counts.Removed += _queue.Count;
        _queue.Clear();
        Idle();
    }
}
