using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>A panel whose rows are a table of things from the view. The selection stays on its thing while rows come and go above it.</summary>
internal abstract class TablePanel<T> : Panel
    where T : class
{
    private readonly List<T> _matching = [];
    private readonly TableCell[] _fields;
    private readonly Func<int, IReadOnlyList<TableCell>> _row;
    private IReadOnlyList<T> _all = [];
    private IReadOnlyList<T> _shown = [];
    private string _filter = "";
    private int _sorted = -1;
    private Session? _session;

    protected TablePanel()
    {
        // A panel may leave some of them out for a while.
        _fields = new TableCell[Columns.Count];
        _row = index =>
        {
            Fill(_session!, _shown[index], _fields);
            return _fields;
        };
    }

    public override int Count => _shown.Count;

    public override string Note(Session session) => Of(session.View).Count is > 0 and var count ? $"{count}" : "";

    /// <summary>The selected thing; null in an empty list.</summary>
    public T? Selected => List.Selected < _shown.Count ? _shown[List.Selected] : null;

    protected abstract IReadOnlyList<Column> Columns { get; }

    /// <summary>Headings are drawn; without them the columns must speak for themselves.</summary>
    protected virtual bool HasHeadings => true;

    /// <summary>What an empty list says.</summary>
    protected abstract string Empty(Session session);

    /// <summary>All the things.</summary>
    protected abstract IReadOnlyList<T> Of(PhoneView view);

    /// <summary>By which column it stands; null for a list that has its own order only.</summary>
    protected virtual ListOrder<T>? Order => null;

    public override string Sorted => Order is { IsPlain: false } order && !HasHeadings ? order.Name : "";

    protected abstract bool IsSame(T one, T other);

    /// <summary>It holds these letters somewhere that is shown.</summary>
    protected abstract bool Matches(T thing, string letters);

    /// <summary>Writes the fields of a row, one a column; the array is reused.</summary>
    protected abstract void Fill(Session session, T thing, TableCell[] fields);

    public override void Refresh(Session session)
    {
        var all = Of(session.View);
        if (ReferenceEquals(all, _all) && Filter == _filter && _sorted == (Order?.Version ?? 0)) return;
        var selected = Selected;
        var isAtTop = List.Selected == 0;
        (_all, _filter, _sorted) = (all, Filter, Order?.Version ?? 0);
        if (_filter.Length == 0)
        {
            _shown = all;
        }
        else
        {
            _matching.Clear();
            foreach (var thing in all)
                if (Matches(thing, _filter)) _matching.Add(thing);
            _shown = _matching;
        }

        if (Order is { } order) _shown = order.Sort(_shown);
        List.Select(List.Selected, _shown.Count);
        if (selected is null || (isAtTop && FollowsTop && Order is null or { IsPlain: true })) return;
        for (var i = 0; i < _shown.Count; i++)
        {
            if (!IsSame(_shown[i], selected)) continue;
            List.Select(i, _shown.Count);
            return;
        }
    }

    /// <summary>A selection in the first row stays in the first row as new things come in above.</summary>
    protected virtual bool FollowsTop => false;

    /// <summary>Selects the first thing that fits.</summary>
    protected void SelectWhere(Func<T, bool> fits)
    {
        for (var i = 0; i < _shown.Count; i++)
        {
            if (!fits(_shown[i])) continue;
            List.Select(i, _shown.Count);
            return;
        }
    }

    protected override Rect DrawRows(Session session, Surface surface, Rect inner, bool hasFocus)
    {
        _session = session;
        if (_shown.Count == 0)
        {
            surface.Write(inner.X + 1, inner.Y, Filter.Length > 0 ? "none; Esc shows all" : Empty(session), Style.Dim, inner.Width - 2);
            return default;
        }

        Table.Draw(surface, inner, Columns, _shown.Count, _row, List, hasFocus, HasHeadings, Order?.Heading);
        return HasHeadings ? inner.CutRows(1).Remainder : inner;
    }
}
