namespace Softphone.Core;

/// <summary>
/// The bounded record of what the machines of one phone did, oldest first. Past its bounds the oldest entries go. Emit only on a
/// transition, never for each packet; guard the building of an entry with <see cref="IsOn"/>.
/// </summary>
public sealed class Trace
{
    private readonly int _bound;
    private const int OfOneEntry = 160;

    private readonly long _sizeBound;
    private readonly Queue<TraceEntry> _entries = [];
    private long _size;

    /// <param name="bound">How many entries are kept; 0 keeps none.</param>
    /// <param name="sizeBound">How many characters of text their <see cref="TraceEntry.Size"/> may come to, since strangers write some of it.</param>
    /// <param name="ledger">Where its octets are counted with those of others; null counts them alone.</param>
    public Trace(int bound = 20_000, long sizeBound = 12 << 20, OctetLedger? ledger = null)
    {
        _bound = bound;
        _sizeBound = sizeBound;
        Ledger = ledger ?? new OctetLedger();
    }

    /// <summary>Where its octets are counted; the machines that write into it count theirs there too.</summary>
    public OctetLedger Ledger { get; }

    /// <summary>A trace that keeps nothing.</summary>
    public static Trace Off { get; } = new(0);

    public bool IsOn => _bound > 0;

    /// <summary>Entries that went because the bound was reached.</summary>
    public long Forgotten { get; private set; }

    public IReadOnlyCollection<TraceEntry> Entries => _entries;

    /// <summary>Called for each entry as it is emitted, on the thread that drives the machines.</summary>
    public Action<TraceEntry>? Emitted { get; set; }

    public void Emit(TraceEntry entry)
    {
        if (_bound == 0) return;
        _entries.Enqueue(entry);
        _size += entry.Size;
        Ledger.Take(OctetUse.Trace, CostOf(entry));
        while (_entries.Count > _bound || ((_size > _sizeBound || Ledger.IsOver(OctetUse.Trace)) && _entries.Count > 1))
        {
            var oldest = _entries.Dequeue();
            _size -= oldest.Size;
            Ledger.Give(OctetUse.Trace, CostOf(oldest));
            Forgotten++;
        }

        Emitted?.Invoke(entry);
    }

    /// <summary>Text takes two octets a character.</summary>
    private static long CostOf(TraceEntry entry) => OfOneEntry + (2L * entry.Size);
}
