namespace Softphone.Lab;

/// <summary>How many packets the world has carried, and why it dropped the others.</summary>
public sealed class WorldCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];

    /// <summary>Packets that a host sent, stream segments included.</summary>
    public long Sent { get; internal set; }

    /// <summary>Packets that reached a host.</summary>
    public long Delivered { get; internal set; }

    public long Dropped => _dropped.Sum();

    public long DroppedFor(DropReason reason) => _dropped[(int)reason];

    internal void Drop(DropReason reason) => _dropped[(int)reason]++;

    /// <summary>"sent 10, delivered 8, dropped: Loss 1, Filtered 1".</summary>
    public override string ToString()
    {
        var reasons = Enum.GetValues<DropReason>().Where(r => DroppedFor(r) > 0).Select(r => $"{r} {DroppedFor(r)}").ToList();
        return $"sent {Sent}, delivered {Delivered}" + (reasons.Count == 0 ? "" : ", dropped: " + string.Join(", ", reasons));
    }
}
