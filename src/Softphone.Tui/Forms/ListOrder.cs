namespace Softphone.Tui;

/// <summary>By which column a list stands: one key goes from column to column, another turns the list round. The first order is that of the list itself.</summary>
/// <param name="orders">Each with the column's heading, and which of two comes first; null where the list stands so already.</param>
internal sealed class ListOrder<T>(params (string Column, bool FallsFirst, Comparison<T>? Compare)[] orders)
{
    private int _by;
    private bool _isTurned;
    private (string Column, string Text) _heading;

    /// <summary>Rows that are the same by the column stay as they were.</summary>
    private IComparer<T> Comparer => Comparer<T>.Create(orders[_by].Compare!);

    /// <summary>Another one each time the order was changed.</summary>
    public int Version { get; private set; }

    /// <summary>As it is before anybody asks for another.</summary>
    public bool IsPlain => _by == 0 && !_isTurned;

    public string Column => orders[_by].Column;

    /// <summary>The greatest, or the newest, is on top.</summary>
    public bool Falls => orders[_by].FallsFirst != _isTurned;

    /// <summary>"by peer▲", for a title.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The column, and what its heading says.</summary>
    public (string Column, string Text) Heading
    {
        get
        {
            if (_heading.Text is null) Word();
            return _heading;
        }
    }

    public IReadOnlyList<T> Sort(IReadOnlyList<T> rows)
    {
        if (orders[_by].Compare is null) return _isTurned ? [.. rows.Reverse()] : rows;
        return Falls ? [.. rows.OrderByDescending(r => r, Comparer)] : [.. rows.OrderBy(r => r, Comparer)];
    }

    /// <summary>The keys of a list that has an order.</summary>
    /// <param name="group">The heading they stand under in help.</param>
    /// <param name="changed">The rows must be put in order anew.</param>
    public IEnumerable<KeyBinding> Keys(string group, Action<Session> changed)
    {
        yield return new(["o"], "sort", "sort", "sort by the next column", session => Take(session, changed, (_by + 1) % orders.Length, isTurned: false))
        {
            Group = group,
            Rank = 56,
            IsOfList = true,
            Argument = "COLUMN",
            Choices = _ => orders.Select(o => o.Column),
            RunWith = (session, column) =>
            {
                var at = Array.FindIndex(orders, o => o.Column.StartsWith(column, StringComparison.OrdinalIgnoreCase));
                if (at >= 0) Take(session, changed, at, isTurned: false);
                else session.Tell($"there is no column {column}: {string.Join(", ", orders.Select(o => o.Column))}");
            },
        };
        yield return new(["O"], "", "turn round", "sort the other way round", session => Take(session, changed, _by, !_isTurned)) { Group = group, Rank = 100, IsOfList = true };
    }

    private void Word()
    {
        var mark = Falls ? '▼' : '▲';
        _heading = (Column, $"{Column}{mark}");
        Name = $"by {(Column == "#" ? "number" : Column)}{mark}";
    }

    private void Take(Session session, Action<Session> changed, int by, bool isTurned)
    {
        (_by, _isTurned) = (by, isTurned);
        Version++;
        Word();
        changed(session);
        session.Tell($"sorted {Name}");
    }
}
