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
    /// <param name="hasHeadings">False leaves the headings out; the first row stands in their place.</param>
    /// <param name="sorted">The column that the rows are sorted by, and what its heading says then; null for none.</param>
    public static void Draw(
        Surface surface, Rect area, IReadOnlyList<Column> columns, int count, Func<int, IReadOnlyList<TableCell>> row, ListView view, bool hasFocus, bool hasHeadings = true,
        (string Column, string Text)? sorted = null)
    {
        if (area.IsEmpty) return;
        Span<int> widths = stackalloc int[columns.Count];
        Share(columns, area.Width - 1, widths);
        var (head, body) = area.CutRows(hasHeadings ? 1 : 0);
        if (hasHeadings) Headings(surface, head, columns, widths, sorted);
        view.Fit(count, body.Height);
        for (var y = 0; y < body.Height && view.Top + y < count; y++)
        {
            var index = view.Top + y;
            var fields = row(index);
            var line = new Rect(body.X, body.Y + y, body.Width, 1);
            Line(surface, line, columns, widths, fields);
            if (index != view.Selected) continue;
            surface.Put(line.X, line.Y, '▸', hasFocus ? Style.Bold : Style.Dim);
            if (hasFocus) surface.Select(line);
        }
    }

    private static void Headings(Surface surface, Rect line, IReadOnlyList<Column> columns, ReadOnlySpan<int> widths, (string Column, string Text)? sorted)
    {
        var x = line.X + 1;
        for (var i = 0; i < widths.Length; i++)
        {
            if (widths[i] == 0) continue;
            var isSorted = sorted is { } by && by.Column == columns[i].Title;
            Field(surface, line, x, columns[i], widths[i], isSorted ? new TableCell(sorted!.Value.Text, Style.Bold) : new TableCell(columns[i].Title, Style.Dim));
            x += widths[i] + 1;
        }
    }

    private static void Line(Surface surface, Rect line, IReadOnlyList<Column> columns, ReadOnlySpan<int> widths, IReadOnlyList<TableCell> fields)
    {
        var x = line.X + 1;
        for (var i = 0; i < widths.Length; i++)
        {
            if (widths[i] == 0) continue;
            if (i < fields.Count) Field(surface, line, x, columns[i], widths[i], fields[i]);
            x += widths[i] + 1;
        }
    }

    private static void Field(Surface surface, Rect line, int x, Column column, int width, TableCell field)
    {
        var room = Math.Min(width, line.Right - x);
        if (column.IsRight && GlyphWidth.Of(field.Text) <= room) surface.WriteRight(x + room, line.Y, field.Text, field.Style);
        else surface.Write(x, line.Y, field.Text, field.Style, room);
    }

    /// <summary>The width of each column; 0 for one that there is no room for.</summary>
    private static void Share(IReadOnlyList<Column> columns, int room, Span<int> widths)
    {
        widths.Fill(1);
        while (true)
        {
            var (needed, least) = (-1, -1);
            for (var i = 0; i < widths.Length; i++)
            {
                if (widths[i] == 0) continue;
                needed += (columns[i].Width > 0 ? columns[i].Width : columns[i].Least) + 1;
                if (columns[i].Importance > 0 && (least < 0 || columns[i].Importance < columns[least].Importance)) least = i;
            }

            if (needed <= room || least < 0) break;
            widths[least] = 0;
        }

        var (shared, left) = (0, room + 1);
        for (var i = 0; i < widths.Length; i++)
        {
            if (widths[i] == 0) continue;
            if (columns[i].Width == 0) shared++;
            left -= columns[i].Width + 1;
        }

        left = Math.Max(left, 0);
        // What one of them has no use for is the others'.
        Span<bool> isBound = stackalloc bool[widths.Length];
        for (var i = 0; i < widths.Length; i++)
        {
            if (widths[i] == 0 || columns[i] is not { Width: 0, Most: > 0 and var most } || isBound[i] || most > left / shared) continue;
            (widths[i], isBound[i]) = (most, true);
            left -= most;
            shared--;
            i = -1;
        }

        for (var i = 0; i < widths.Length; i++)
        {
            if (widths[i] == 0 || isBound[i]) continue;
            widths[i] = columns[i].Width > 0 ? columns[i].Width : left / shared;
            if (columns[i].Width != 0) continue;
            left -= widths[i];
            shared--;
        }
    }
}
