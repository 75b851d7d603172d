using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// Whose packets are taken (RFC 3550 A.1): one source at a time. Another takes over after two packets in order (the first of a proven sender at once);
/// one that was left before, only once the present one is gone. Totals go on over all of them.
/// </summary>
internal sealed class RtpSources(StreamContext stream)
{
    /// <summary>The present source is gone once it was silent for so long.</summary>
    private static readonly TimeSpan Absence = TimeSpan.FromMilliseconds(200);

    /// <summary>Those that were left, the last few.</summary>
    private readonly uint[] _retired = new uint[8];
    private int _retiredCount;

    /// <summary>The one that may take over.</summary>
    private RtpSource? _candidate;
    private Instant _heardAt;
    private long _receivedBefore, _lostBefore, _expectedBefore;

    /// <summary>The one that is listened to.</summary>
    public RtpSource? Current { get; private set; }

    /// <summary>Packets of anybody else.</summary>
    public long Unknown { get; private set; }

    public long Received => _receivedBefore + (Current?.TotalReceived ?? 0);

    public long Lost => _lostBefore + (Current?.TotalLost ?? 0);

    public long Expected => _expectedBefore + (Current?.TotalExpected ?? 0);

    /// <summary>A packet with our own identifier, or of nobody.</summary>
    public void CountUnknown() => Unknown++;

    /// <summary>The present source was heard with audio or keys.</summary>
    public void Heard(Instant now) => _heardAt = now;

    /// <summary>Whether the packet belongs to the source that is listened to, after it may have become that.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="header">Of the packet.</param>
    /// <param name="isKnown">Its payload type was agreed on. Others are counted as packets of a known source, and make nobody one.</param>
    public SourceChange Take(Instant now, in RtpHeader header, bool isKnown)
    {
        if (Current is { } current && current.Ssrc == header.Ssrc)
        {
            var verdict = current.Take(header.Sequence);
            if (verdict == SourceVerdict.Restarted && stream.Trace.IsOn) stream.Trace.Emit(new MediaTrace.Restarted(now, stream.Name, header.Ssrc));
            if (verdict == SourceVerdict.Rejected) Unknown++;
            return verdict switch
            {
                SourceVerdict.Restarted => SourceChange.Restarted,
                SourceVerdict.Accepted => SourceChange.None,
                _ => SourceChange.Refused,
            };
        }

        if (!isKnown || (IsRetired(header.Ssrc) && now - _heardAt < Absence))
        {
            Unknown++;
            return SourceChange.Stranger;
        }

        if (_candidate?.Ssrc != header.Ssrc) _candidate = new RtpSource(header.Ssrc, stream.Options.IsSourceProven && Current is null ? 1 : RtpSource.MinSequential);
        if (_candidate.Take(header.Sequence) == SourceVerdict.Probation)
        {
            Unknown++;
            return SourceChange.Stranger;
        }

        return Adopt(now, _candidate, header.PayloadType);
    }

    /// <summary>The present source said goodbye.</summary>
    public void Leave()
    {
        if (Current is { } source) Retire(source);
        (Current, _candidate) = (null, null);
    }

    private SourceChange Adopt(Instant now, RtpSource source, byte payloadType)
    {
        var before = Current;
        (Current, _candidate) = (source, null);
        if (before is null)
        {
            if (stream.Trace.IsOn) stream.Trace.Emit(new MediaTrace.Heard(now, stream.Name, source.Ssrc, payloadType));
            return SourceChange.None;
        }

        Retire(before);
        stream.Events.Enqueue(new MediaEvent.SourceChanged(before.Ssrc, source.Ssrc));
        if (stream.Trace.IsOn) stream.Trace.Emit(new MediaTrace.SourceChanged(now, stream.Name, before.Ssrc, source.Ssrc));
        return SourceChange.Another;
    }

    private void Retire(RtpSource source)
    {
        _retired[_retiredCount++ % _retired.Length] = source.Ssrc;
        _receivedBefore += source.TotalReceived;
        _lostBefore += source.TotalLost;
        _expectedBefore += source.TotalExpected;
    }

    private bool IsRetired(uint ssrc) => _retired.AsSpan(0, Math.Min(_retiredCount, _retired.Length)).Contains(ssrc);
}
