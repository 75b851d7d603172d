using System.Text;

namespace Softphone.Terminal;

/// <summary>
/// A rectangle of cells to draw on. What lies outside is cut off, and text from the network cannot command the terminal: control
/// characters are never stored. A surface is reused from frame to frame.
/// </summary>
public sealed class Surface
{
    private Cell[] _cells;

    public Surface(int width, int height)
    {
        _cells = [];
        Resize(width, height);
    }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public Rect Bounds => new(0, 0, Width, Height);

    /// <summary>Where the person types; null hides the cursor.</summary>
    public (int X, int Y)? Cursor { get; set; }

    public Cell this[int x, int y] => _cells[y * Width + x];

    internal ReadOnlySpan<Cell> Row(int y) => _cells.AsSpan(y * Width, Width);

    /// <summary>Another size; the content is gone.</summary>
    public void Resize(int width, int height)
    {
        (Width, Height) = (Math.Max(width, 0), Math.Max(height, 0));
        if (_cells.Length < Width * Height) _cells = new Cell[Width * Height];
        Clear();
    }

    public void Clear()
    {
        Cursor = null;
        _cells.AsSpan(0, Width * Height).Fill(Cell.Blank);
    }

    public void Fill(Rect area, Style style, char glyph = ' ')
    {
        area = area.Intersect(Bounds);
        for (var y = area.Y; y < area.Bottom; y++)
        {
            Part(area.X, y);
            Part(area.Right, y);
            _cells.AsSpan(y * Width + area.X, area.Width).Fill(new Cell(glyph, '\0', style));
        }
    }

    /// <summary>Puts another style on what stands there.</summary>
    public void Restyle(Rect area, Func<Style, Style> change)
    {
        area = area.Intersect(Bounds);
        for (var y = area.Y; y < area.Bottom; y++)
            foreach (ref var cell in _cells.AsSpan(y * Width + area.X, area.Width))
                cell = new Cell(cell.Scalar, cell.Mark, change(cell.Style));
    }

    /// <summary>Marks what stands there as selected: one bar, whatever colours it has.</summary>
    public void Select(Rect area) => Restyle(area, static s => new Style(Emphasis: (s.Emphasis & ~Emphasis.Dim) | Emphasis.Reverse));

    /// <summary>Writes a line of text; what does not fit ends with "…".</summary>
    /// <param name="x">The first column.</param>
    /// <param name="y">The row.</param>
    /// <param name="text">Any text; control characters are shown as "·".</param>
    /// <param name="style">Its style.</param>
    /// <param name="room">How many columns it may take; the rest of the row when left out.</param>
    /// <returns>The column after the last one written.</returns>
    public int Write(int x, int y, ReadOnlySpan<char> text, Style style = default, int room = int.MaxValue)
    {
        var end = (int)Math.Min(Width, (long)x + room);
        if (y < 0 || y >= Height || x >= end) return x;
        var isCut = GlyphWidth.Of(text) > end - x;
        var last = isCut ? end - 1 : end;
        foreach (var rune in text.EnumerateRunes())
        {
            var glyph = Rune.IsControl(rune) ? new Rune('·') : rune;
            var width = GlyphWidth.Of(glyph);
            if (width == 0)
            {
                Combine(x - 1, y, glyph);
                continue;
            }

            if (x + width > last) break;
            if (x >= 0) Put(x, y, glyph, width, style);
            x += width;
        }

        if (!isCut) return x;
        if (x >= 0 && x < Width) Put(x, y, new Rune('…'), 1, style);
        return x + 1;
    }

    /// <summary>Writes text that ends before a column.</summary>
    public void WriteRight(int end, int y, ReadOnlySpan<char> text, Style style = default) =>
        Write(Math.Max(end - GlyphWidth.Of(text), 0), y, text, style, end - Math.Max(end - GlyphWidth.Of(text), 0));

    public void Put(int x, int y, char glyph, Style style = default)
    {
        if (x >= 0 && x < Width && y >= 0 && y < Height) Put(x, y, new Rune(glyph), 1, style);
    }

    /// <summary>The text of a row without trailing spaces, for tests and for copying.</summary>
    public string TextOf(int y)
    {
        var text = new StringBuilder();
        foreach (var cell in Row(y))
        {
            if (cell.IsContinuation) continue;
            text.Append(new Rune(cell.Scalar));
            if (cell.Mark != '\0') text.Append(cell.Mark);
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>All rows.</summary>
    public override string ToString() => string.Join('\n', Enumerable.Range(0, Height).Select(TextOf));

    private void Put(int x, int y, Rune glyph, int width, Style style)
    {
        Part(x, y);
        Part(x + width, y);
        var at = y * Width + x;
        _cells[at] = new Cell(glyph.Value, '\0', style);
        if (width == 2) _cells[at + 1] = new Cell(Cell.Continuation, '\0', style);
    }

    /// <summary>Something new begins at this column: a wide glyph that stood across it is gone whole.</summary>
    private void Part(int x, int y)
    {
        if (x <= 0 || x >= Width) return;
        var at = y * Width + x;
        if (!_cells[at].IsContinuation) return;
        _cells[at - 1] = new Cell(' ', '\0', _cells[at - 1].Style);
        _cells[at] = new Cell(' ', '\0', _cells[at].Style);
    }

    private void Combine(int x, int y, Rune mark)
    {
        if (x < 0 || x >= Width || !mark.IsBmp || Rune.GetUnicodeCategory(mark) != System.Globalization.UnicodeCategory.NonSpacingMark) return;
        var at = y * Width + x;
        if (_cells[at].IsContinuation) at--;
        var cell = _cells[at];
        if (cell.Mark == '\0') _cells[at] = new Cell(cell.Scalar, (char)mark.Value, cell.Style);
    }
}
