namespace Softphone.Core;

/// <summary>
/// The bounded record of what the machines of one phone did, oldest first. Past its bounds the oldest entries go. Emit only on a
/// transition, never for each packet; guard the building of an entry with <see cref="IsOn"/>.
/// </summary>
public sealed class Trace
{
    private readonly int _bound;
    private readonly long _sizeBound;
    private readonly Queue<TraceEntry> _entries = [];
    private long _size;

    /// <param name="bound">How many entries are kept; 0 keeps none.</param>
    /// <param name="sizeBound">How many characters of text their <see cref="TraceEntry.Size"/> may come to, since strangers write some of it.</param>
    public Trace(int bound = 20_000, long sizeBound = 32 << 20)
    {
        _bound = bound;
        _sizeBound = sizeBound;
    }

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
        while (_entries.Count > _bound || (_size > _sizeBound && _entries.Count > 1))
        {
            _size -= _entries.Dequeue().Size;
            Forgotten++;
        }

        Emitted?.Invoke(entry);
    }
}
