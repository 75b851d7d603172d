using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// What a receiver keeps of one source: probation and sequence extension (RFC 3550 A.1), losses (A.3), jitter (A.8). Allocates nothing.
/// </summary>
public sealed class RtpSource
{
    /// <summary>Packets in order that make a source valid (RFC 3550 A.1).</summary>
    public const int MinSequential = 2;

    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;
    private const int Modulus = 1 << 16;

    private readonly int _probationLength;
    private ushort _highest;
    private long _cycles;
    private long _base;
    private int _badNext = -1;
    private int _probation;
    private bool _started;
    private long _expectedBefore;
    private long _receivedBefore;
    private long _receivedEarlier, _expectedEarlier, _lostEarlier;
    private int _clock;
    private long _transit;
    private double _jitter;

    /// <param name="ssrc">The source.</param>
    /// <param name="probation">Packets in order before it is believed; 1 where the packets are authenticated.</param>
    public RtpSource(uint ssrc, int probation = MinSequential)
    {
        Ssrc = ssrc;
        _probationLength = Math.Max(1, probation);
        _probation = _probationLength;
    }

    public uint Ssrc { get; }

    public bool IsValid => _started && _probation == 0;

    /// <summary>Packets taken since the sequence numbers last began anew, duplicates and late ones included.</summary>
    public long Received { get; private set; }

    /// <summary>The highest sequence number seen, with its cycles in the upper bits.</summary>
    public long ExtendedHighest => _cycles + _highest;

    /// <summary>The sequence number with its cycles, of a packet that was taken.</summary>
    public long Extend(ushort sequence) => ExtendedHighest + (short)(ushort)(sequence - _highest);

    /// <summary>Packets that should have come (A.3).</summary>
    public long Expected => IsValid ? ExtendedHighest - _base + 1 : 0;

    /// <summary>Expected less received. Duplicates may make it negative.</summary>
    public long Lost => Expected - Received;

    /// <summary>What came, should have come and did not of the source in all: when its sequence numbers begin anew, only what is reported of it does.</summary>
    public long TotalReceived => _receivedEarlier + Received;

    public long TotalExpected => _expectedEarlier + Expected;

    /// <summary>Never below 0, whatever was doubled.</summary>
    public long TotalLost => _lostEarlier + Math.Max(0, Lost);

    /// <summary>Interarrival jitter in units of the clock last seen (RFC 3550 §6.4.1, A.8).</summary>
    public double Jitter => _jitter;

    public double JitterMs => _clock == 0 ? 0 : _jitter * 1000 / _clock;

    /// <summary>Judges a packet by its sequence number and counts it (A.1).</summary>
    public SourceVerdict Take(ushort sequence)
    {
        if (!_started)
        {
            _started = true;
            _highest = (ushort)(sequence - 1);
        }

        var delta = (ushort)(sequence - _highest);
        if (_probation > 0)
        {
            if (delta != 1) _probation = _probationLength;
            _highest = sequence;
            if (--_probation > 0) return SourceVerdict.Probation;
            Begin(sequence);
            return SourceVerdict.Accepted;
        }

        if (delta < MaxDropout)
        {
            if (sequence < _highest) _cycles += Modulus;
            _highest = sequence;
        }
        else if (delta <= Modulus - MaxMisorder)
        {
            if (sequence != _badNext)
            {
                _badNext = (ushort)(sequence + 1);
                return SourceVerdict.Rejected;
            }

            (_receivedEarlier, _expectedEarlier, _lostEarlier) = (TotalReceived, TotalExpected, TotalLost);
            Begin(sequence);
            return SourceVerdict.Restarted;
        }

        Received++;
        return SourceVerdict.Accepted;
    }

    /// <summary>
    /// Counts the packet's transit time into the jitter (A.8). Only for audio: the packets of a telephone event share one timestamp.
    /// </summary>
    public void Observe(Instant arrival, uint timestamp, int clock)
    {
        var arrived = (long)((Int128)arrival.Nanoseconds * clock / 1_000_000_000);
        var transit = (long)(uint)arrived - timestamp;
        var first = clock != _clock;
        if (first)
        {
            _jitter = _clock == 0 ? 0 : _jitter * clock / _clock;
            _clock = clock;
        }

        var difference = Math.Abs((long)(int)(transit - _transit));
        _transit = transit;

        // A sender that stands still through silence, or restarts its clock, is a discontinuity and not jitter.
        if (first || difference > clock) return;
        _jitter += (difference - _jitter) / 16;
    }

    /// <summary>The report block about this source and the start of a new interval (A.3).</summary>
    /// <param name="lastSr">Middle 32 bits of the NTP time of its last sender report; 0 for none.</param>
    /// <param name="delaySinceLastSr">Since that report came, in 1/65536 s.</param>
    public ReportBlock Report(uint lastSr, uint delaySinceLastSr)
    {
        var expected = Expected - _expectedBefore;
        var lost = expected - (Received - _receivedBefore);
        _expectedBefore = Expected;
        _receivedBefore = Received;
        var fraction = expected <= 0 || lost <= 0 ? 0 : Math.Min(255, lost * 256 / expected);
        var cumulative = (int)Math.Clamp(Lost, -0x80_0000, 0x7F_FFFF);
        return new ReportBlock(Ssrc, (byte)fraction, cumulative, (uint)ExtendedHighest, (uint)_jitter, lastSr, delaySinceLastSr);
    }

    private void Begin(ushort sequence)
    {
        _base = _highest = sequence;
        _cycles = 0;
        _badNext = -1;
        _expectedBefore = _receivedBefore = 0;
        Received = 1;
    }
}
