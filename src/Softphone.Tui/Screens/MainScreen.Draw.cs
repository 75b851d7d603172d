using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Drawing: panes side by side where there is room, else the panel in focus under a row of tabs, with the last events below it.</summary>
internal sealed partial class MainScreen
{
    private const int PanesFrom = 96;
    private const int PanesFromHeight = 22;
    private const int SummaryFrom = 150;
    private const int SummaryWidth = 44;

    private readonly List<(int From, int To)> _tabs = [];
    private readonly CallSummary _summary = new();
    private Rect _summaryArea;
    private int _tabRow = -1;

    public override void Draw(Session session, Surface surface, Rect area)
    {
        _calls.Follow(session);
        foreach (var panel in _panels) panel.Area = default;
        _tabRow = -1;
        _summaryArea = default;
        if (area.Width >= PanesFrom && area.Height >= PanesFromHeight) DrawPanes(session, surface, area);
        else DrawTabs(session, surface, area);
        // The edges in focus lie over those of the neighbours, and titles over edges.
        if (Focus.Area is { IsEmpty: false } focus) Focus.DrawEdges(surface, focus, hasFocus: true);
        for (var i = 0; i < _panels.Length; i++)
            if (!_panels[i].Area.IsEmpty) _panels[i].DrawInside(session, surface, i == _focus, _isFiltering && i == _focus);
        if (_summaryArea.IsEmpty || session.Call is not { } call) return;
        var pen = new Pen(surface, _summaryArea.X + 1, _summaryArea.Y, _summaryArea.Right - 1);
        pen.Write(Style.Plain, $" {call.Id.Value} ");
        pen.Write(Wording.Who(call));
        pen.Write(" ");
        _summary.Draw(session, call, surface, _summaryArea.Inset(1, 1));
    }

    private void DrawPanes(Session session, Surface surface, Rect area)
    {
        var bottom = Math.Clamp(area.Height / 4, 6, 14);
        var (events, above) = area.CutRows(-bottom);
        // Frames share their edges: each reaches one cell into the next.
        above = new Rect(above.X, above.Y, above.Width, above.Height + 1);
        var top = Math.Clamp(above.Height * 2 / 5, 7, 16);
        var left = area.Width >= 140 ? 48 : 31;
        var (upper, lower) = above.CutRows(top);
        lower = new Rect(lower.X, lower.Y - 1, lower.Width, lower.Height + 1);
        if (area.Width >= SummaryFrom && session.Call is not null) (_summaryArea, upper) = upper.CutColumns(-SummaryWidth);
        // The list of calls reaches one cell into it.
        if (!_summaryArea.IsEmpty)
        {
            Frame.Draw(surface, _summaryArea, "");
            upper = new Rect(upper.X, upper.Y, upper.Width + 1, upper.Height);
        }

        DrawPair(surface, upper, left, _accounts, _calls);
        DrawPair(surface, lower, left, _contacts, _history);
        _events.DrawEdges(surface, events, hasFocus: false);
    }

    private void DrawPair(Surface surface, Rect area, int left, Panel first, Panel second)
    {
        var (one, two) = area.CutColumns(left);
        first.DrawEdges(surface, one, hasFocus: false);
        second.DrawEdges(surface, new Rect(two.X - 1, two.Y, two.Width + 1, two.Height), hasFocus: false);
    }

    private void DrawTabs(Session session, Surface surface, Rect area)
    {
        var (tabs, below) = area.CutRows(1);
        DrawTabRow(session, surface, tabs);
        if (below.Height >= 18 && !ReferenceEquals(Focus, _events))
        {
            (var events, below) = below.CutRows(-6);
            below = new Rect(below.X, below.Y, below.Width, below.Height + 1);
            _events.DrawEdges(surface, events, hasFocus: false);
        }

        Focus.DrawEdges(surface, below, hasFocus: true);
    }

    private void DrawTabRow(Session session, Surface surface, Rect row)
    {
        _tabs.Clear();
        _tabRow = row.Y;
        var pen = new Pen(surface, row.X + 1, row.Y, row.Right);
        for (var i = 0; i < _panels.Length; i++)
        {
            var from = pen.X;
            var isFocus = i == _focus;
            var style = isFocus ? new Style(Color.Cyan, Emphasis: Emphasis.Bold | Emphasis.Reverse) : Style.Plain;
            pen.Write(" ", style);
            pen.Write(_panels[i].Title, style);
            if (_panels[i].Note(session) is { Length: > 0 } note && (i is 0 or 2 || row.Width >= 70))
            {
                pen.Write(" ", style);
                pen.Write(note, isFocus ? style : i is 0 or 2 ? new Style(Color.Yellow, Emphasis: Emphasis.Bold) : Style.Dim);
            }

            pen.Write(" ", style);
            _tabs.Add((from, pen.X));
            if (row.Width >= 60) pen.Space();
        }
    }

    private int? TabAt(int x, int y)
    {
        if (y != _tabRow) return null;
        var tab = _tabs.FindIndex(t => x >= t.From && x < t.To);
        return tab < 0 ? null : tab;
    }
}
