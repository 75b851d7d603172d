namespace Softphone.Terminal;

/// <summary>Rows of fields under headings, with a selected one. Columns that do not fit go by their importance.</summary>
public static class Table
{
    /// <param name="surface">Where to draw.</param>
    /// <param name="area">The room, headings included.</param>
    /// <param name="columns">The columns; at least one with width 0 takes what is left.</param>
    /// <param name="count">How many rows there are.</param>
    /// <param name="row">The fields of one of them; asked only for those seen.</param>
    /// <param name="view">Selection and scrolling.</param>
    /// <param name="hasFocus">The selection is drawn as where keys go.</param>
    public static void Draw(Surface surface, Rect area, IReadOnlyList<Column> columns, int count, Func<int, IReadOnlyList<TableCell>> row, ListView view, bool hasFocus)
    {
        if (area.IsEmpty) return;
        var widths = Widths(columns, area.Width - 1);
        var (head, body) = area.CutRows(1);
        Line(surface, head, columns, widths, i => new TableCell(columns[i].Title, Style.Dim));
        view.Fit(count, body.Height);
        for (var y = 0; y < body.Height && view.Top + y < count; y++)
        {
            var index = view.Top + y;
            var fields = row(index);
            var line = new Rect(body.X, body.Y + y, body.Width, 1);
            Line(surface, line, columns, widths, i => i < fields.Count ? fields[i] : "");
            if (index != view.Selected) continue;
            surface.Put(line.X, line.Y, '▸', hasFocus ? Style.Bold : Style.Dim);
            if (hasFocus) surface.Restyle(line, s => s.With(Emphasis.Reverse));
        }
    }

    private static void Line(Surface surface, Rect line, IReadOnlyList<Column> columns, int[] widths, Func<int, TableCell> field)
    {
        var x = line.X + 1;
        for (var i = 0; i < columns.Count; i++)
        {
            if (widths[i] == 0) continue;
            var (text, style) = field(i);
            var room = Math.Min(widths[i], line.Right - x);
            if (columns[i].IsRight && GlyphWidth.Of(text) <= room) surface.WriteRight(x + room, line.Y, text, style);
            else surface.Write(x, line.Y, text, style, room);
            x += widths[i] + 1;
        }
    }

    private static int[] Widths(IReadOnlyList<Column> columns, int room)
    {
        const int Least = 8;
        var isIn = columns.Select(_ => true).ToArray();
        while (Needed() > room)
        {
            var least = -1;
            for (var i = 0; i < columns.Count; i++)
                if (isIn[i] && columns[i].Importance > 0 && (least < 0 || columns[i].Importance < columns[least].Importance)) least = i;
            if (least < 0) break;
            isIn[least] = false;
        }

        var shared = columns.Where((c, i) => isIn[i] && c.Width == 0).Count();
        var left = Math.Max(room - columns.Where((_, i) => isIn[i]).Sum(c => c.Width + 1) + 1, 0);
        var widths = new int[columns.Count];
        for (var i = 0; i < columns.Count; i++)
        {
            if (!isIn[i]) continue;
            widths[i] = columns[i].Width > 0 ? columns[i].Width : left / shared;
            if (columns[i].Width != 0) continue;
            left -= widths[i];
            shared--;
        }

        return widths;

        int Needed() => columns.Where((_, i) => isIn[i]).Sum(c => (c.Width > 0 ? c.Width : Least) + 1) - 1;
    }
}
