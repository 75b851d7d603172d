namespace Softphone.Media;

/// <summary>What became of the packets, and of the samples that were decoded; what was made up in their place counts <see cref="MadeUp"/>.</summary>
internal sealed class JitterCounts
{
    public long Put { get; set; }

    public long Played { get; set; }

    public long Late { get; set; }

    public long Duplicate { get; set; }

    public long Flushed { get; set; }

    /// <summary>Samples at 48 kHz, as all that follow.</summary>
    public long Pulled { get; set; }

    public long Decoded { get; set; }

    public long Recovered { get; set; }

    public long Inserted { get; set; }

    public long Removed { get; set; }

    public JitterStatistics With(MadeUp made, int buffered, int frame) => new(
        Put, Played, Late, Duplicate, Flushed,
        Pulled, Decoded, Recovered, made.Concealed, made.Comfort, made.Idle, Inserted, Removed, buffered, made.Unproven)
    {
        Runs = made.Runs,
        Frame = frame,
    };
}
