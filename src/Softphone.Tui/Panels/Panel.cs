using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>One list of the main screen: its rows, selection and filter, and what can be done with a row.</summary>
internal abstract class Panel
{
    /// <summary>In its frame and on its tab.</summary>
    public abstract string Title { get; }

    /// <summary>What can be done with the selected row.</summary>
    public virtual IReadOnlyList<KeyBinding> Keys => [];

    public ListView List { get; } = new();

    /// <summary>Only rows that hold these letters are shown; empty for all.</summary>
    public string Filter { get; set; } = "";

    /// <summary>Where it was drawn, edges included; empty when it was not.</summary>
    public Rect Area { get; set; }

    /// <summary>How many rows are shown.</summary>
    public abstract int Count { get; }

    /// <summary>Beside the title: how many there are, or how many matter.</summary>
    public abstract string Note(Session session);

    /// <summary>Behind the title: by what it is sorted, where a person asked for that and no heading says it.</summary>
    public virtual string Sorted => "";

    public abstract void Refresh(Session session);

    /// <summary>Enter.</summary>
    public abstract void Open(Session session);

    /// <summary>A double click. It places no call by itself: a hand that slips should not ring at somebody's.</summary>
    public virtual void DoubleClick(Session session) => Open(session);

    /// <summary>The keys go here now.</summary>
    public virtual void Focused(Session session)
    {
    }

    /// <summary>Another row was selected by a person.</summary>
    protected virtual void Moved(Session session)
    {
    }

    public bool Handle(Session session, InputEvent.Key key)
    {
        if (!List.Handle(key, Count, Math.Max(Body.Height, 1))) return false;
        Moved(session);
        return true;
    }

    public void Scroll(Session session, int rows)
    {
        List.Select(List.Selected + rows, Count);
        Moved(session);
    }

    /// <summary>Selects the row at this place of the screen; false when there is none.</summary>
    public bool Click(Session session, int x, int y)
    {
        var row = List.Top + y - Body.Y;
        if (!Body.Contains(x, y) || row >= Count) return false;
        List.Select(row, Count);
        Moved(session);
        return true;
    }

    /// <summary>Draws the edges alone: those of the neighbours may still be drawn over them.</summary>
    public void DrawEdges(Surface surface, Rect area, bool hasFocus)
    {
        Area = area;
        Frame.Draw(surface, area, "", hasFocus);
    }

    /// <summary>Draws title, filter and rows into the edges.</summary>
    public void DrawInside(Session session, Surface surface, bool hasFocus, bool isFiltering)
    {
        var style = hasFocus ? new Style(Color.Cyan, Emphasis: Emphasis.Bold) : Style.Plain;
        var pen = new Pen(surface, Area.X + 1, Area.Y, Area.Right - 1);
        pen.Write(" ", style);
        pen.Write(Title, style);
        pen.Write(" ", style);
        if (Sorted.Length > 0)
        {
            pen.Write(Sorted, new Style(Color.Yellow, Emphasis: Emphasis.Bold));
            pen.Write(" ", style);
        }

        if (isFiltering || Filter.Length > 0)
        {
            pen.Write("/", new Style(Color.Yellow, Emphasis: Emphasis.Bold));
            pen.Write(Filter, new Style(Color.Yellow, Emphasis: Emphasis.Bold));
            if (isFiltering) surface.Cursor = (pen.X, Area.Y);
            pen.Write(" ", style);
        }

        Body = DrawRows(session, surface, Area.Inset(1, 1), hasFocus);
        if (!hasFocus || Count <= Body.Height) return;
        Span<char> place = stackalloc char[32];
        place.TryWrite($" {List.Selected + 1} of {Count} ", out var length);
        surface.WriteRight(Area.Right - 1, Area.Bottom - 1, place[..length], Style.Dim);
    }

    /// <summary>Where the rows are, headings left out.</summary>
    protected Rect Body { get; private set; }

    /// <summary>Draws headings and rows; gives where the rows are.</summary>
    protected abstract Rect DrawRows(Session session, Surface surface, Rect inner, bool hasFocus);
}
