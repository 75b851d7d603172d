namespace Softphone.Phone;

/// <summary>Rows that a person took out of the history, for as long as that may be undone.</summary>
internal sealed class ForgottenCalls
{
    private const int Most = 100;

    private readonly List<HistoryEntry> _rows = [];

    public void Add(HistoryEntry row)
    {
        if (_rows.Count == Most) _rows.RemoveAt(0);
        _rows.Add(row);
    }

    /// <summary>Gives a row back; null when it is none of the last.</summary>
    public HistoryEntry? Take(long number)
    {
        var at = _rows.FindIndex(r => r.Number == number);
        if (at < 0) return null;
        var row = _rows[at];
        _rows.RemoveAt(at);
        return row;
    }
}
