namespace Softphone.Core;

/// <summary>What octets of others are kept for, each with a share of what may be kept in all.</summary>
public enum OctetUse
{
    /// <summary>Entries of traces; the oldest go.</summary>
    Trace,

    /// <summary>Requests that wait for an answer, and answers that wait to be asked for again; of the answered ones the oldest go, then new ones are refused.</summary>
    Transactions,

    /// <summary>Parts of messages on streams; the connection that holds most is closed.</summary>
    Streams,
}

/// <summary>
/// The octets that one process keeps of what strangers sent it, by use: whoever keeps some takes them here, and gives them back. One for all
/// phones of a thread. What is counted is what it costs in memory, about: text takes two octets a character.
/// </summary>
/// <param name="bound">The most in all. A tenth is left for what is on its way out.</param>
public sealed class OctetLedger(long bound = OctetLedger.DefaultBound)
{
    /// <summary>A heap that is filled to this by whoever sends most grows by a third more, and that is to stay below 64 MiB.</summary>
    public const long DefaultBound = 48 << 20;

    private readonly long[] _held = new long[3];

    public long Bound => bound;

    /// <summary>All that is kept.</summary>
    public long Held => _held[0] + _held[1] + _held[2];

    public long HeldBy(OctetUse use) => _held[(int)use];

    public long ShareOf(OctetUse use) => bound / 10 * use switch { OctetUse.Trace => 4, OctetUse.Transactions => 3, _ => 2 };

    /// <summary>More is kept than the share: something must go.</summary>
    public bool IsOver(OctetUse use) => HeldBy(use) > ShareOf(use);

    /// <summary>So many more would still be within the share.</summary>
    public bool HasRoom(OctetUse use, long octets) => HeldBy(use) + octets <= ShareOf(use);

    public void Take(OctetUse use, long octets) => _held[(int)use] += octets;

    public void Give(OctetUse use, long octets) => _held[(int)use] -= octets;
}
