namespace Softphone.Internet;

/// <summary>How many packets the world has carried, and where and why it dropped the others.</summary>
public sealed class WorldCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private readonly Dictionary<(string Where, DropReason Reason), long> _drops = [];

    /// <summary>Packets that a host sent, stream segments included.</summary>
    public long Sent { get; internal set; }

    /// <summary>Packets that reached a host.</summary>
    public long Delivered { get; internal set; }

    public long Dropped => _dropped.Sum();

    /// <summary>Each place that dropped packets, for each of its reasons, the most frequent first.</summary>
    public IReadOnlyList<DropCount> Drops =>
        [.. _drops.Select(d => new DropCount(d.Key.Where, d.Key.Reason, d.Value)).OrderByDescending(d => d.Packets).ThenBy(d => d.Where, StringComparer.Ordinal).ThenBy(d => d.Reason)];

    /// <summary>"14 filtered at natB, 3 lost on the line of natA"; "nothing".</summary>
    public string DropsInWords => _drops.Count == 0 ? "nothing" : string.Join(", ", Drops.Select(d => d.ToString()));

    public long DroppedFor(DropReason reason) => _dropped[(int)reason];

    internal void Drop(string where, DropReason reason)
    {
        _dropped[(int)reason]++;
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_drops, (where, reason), out _)++;
    }

    /// <summary>"sent 10, delivered 8, dropped: 1 lost on the line of natA, 1 filtered at natB".</summary>
    public override string ToString() => $"sent {Sent}, delivered {Delivered}" + (_drops.Count == 0 ? "" : ", dropped: " + DropsInWords);
}
