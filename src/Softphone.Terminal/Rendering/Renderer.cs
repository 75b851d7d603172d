using System.Text;

namespace Softphone.Terminal;

/// <summary>
/// Turns frames into octets for a terminal (ECMA-48): only cells that differ from the last frame, the shortest way of the cursor to them,
/// and only what changes of the style. A frame is shown at once where the terminal knows synchronised output (mode 2026). After
/// <see cref="Forget"/> everything is drawn anew. Steady frames allocate nothing.
/// </summary>
/// <param name="features">What the terminal can do.</param>
public sealed class Renderer(TerminalFeatures features)
{
    /// <summary>Unchanged cells that are cheaper to write again than to jump over.</summary>
    private const int ShortGap = 4;

    private readonly OctetBuffer _out = new();
    private Cell[] _shown = [];
    private (int Width, int Height) _size;
    private (int X, int Y) _at;
    private Style _style;

    /// <summary>The colours that the terminal writes with now.</summary>
    private (Color Ink, Color Ground) _painted;
    private bool _knowsScreen;
    private (int X, int Y)? _cursor;

    /// <summary>What the named colours look like; another one draws everything anew.</summary>
    public Theme Theme
    {
        get;
        set
        {
            field = value;
            Forget();
        }
    } = Theme.Terminal;

    /// <summary>Takes the terminal over: the other screen, no cursor, mouse, paste and focus told as such.</summary>
    public static ReadOnlySpan<byte> Enter => "\e[?1049h\e[?25l\e[?1002h\e[?1006h\e[?2004h\e[?1004h\e[2J"u8;

    /// <summary>Gives it back as it was; harmless when it was not taken.</summary>
    public static ReadOnlySpan<byte> Leave => "\e[0m\e[?1004l\e[?2004l\e[?1006l\e[?1002l\e[?25h\e[?1049l"u8;

    /// <summary>The screen may hold anything now: after a resize, a suspend, or somebody else's output.</summary>
    public void Forget() => _knowsScreen = false;

    /// <summary>What to write so that the terminal shows this frame; empty when it does already. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Draw(Surface frame)
    {
        _out.Clear();
        if (!_knowsScreen || _size != (frame.Width, frame.Height)) Restart(frame);
        for (var y = 0; y < frame.Height; y++) DrawRow(frame.Row(y), y);
        MoveCursor(frame);
        if (_out.Length > 0) _out.Add("\e[?2026l"u8);
        return _out.Written;
    }

    private void Begin()
    {
        if (_out.Length > 0) return;
        _out.Add("\e[?2026h"u8);
        if (_cursor is null) return;
        _out.Add("\e[?25l"u8);
        _cursor = null;
        _at = (-1, -1);
    }

    private void Restart(Surface frame)
    {
        _cursor = null;
        Begin();
        _out.Add("\e[0m"u8);
        _painted = default;
        var isFirst = true;
        Paint(default, ref isFirst);
        if (!isFirst) _out.Add("m"u8);
        _out.Add("\e[2J\e[?25l"u8);
        _size = (frame.Width, frame.Height);
        if (_shown.Length < frame.Width * frame.Height) _shown = new Cell[frame.Width * frame.Height];
        // Not every terminal clears in the colour of the ground: then spaces are written too.
        _shown.AsSpan().Fill(Theme.Ground.IsDefault ? Cell.Blank : default);
        _style = default;
        _at = (-1, -1);
        _knowsScreen = true;
    }

    private void DrawRow(ReadOnlySpan<Cell> row, int y)
    {
        var shown = _shown.AsSpan(y * _size.Width, _size.Width);
        for (var x = 0; x < row.Length; x++)
        {
            if (row[x] == shown[x]) continue;
            // The left half brings the right one with it.
            if (row[x].IsContinuation && x > 0) x--;
            Begin();
            MoveTo(x, y, shown);
            Show(row[x]);
            shown[x] = row[x];
            _at.X++;
            while (x + 1 < row.Length && row[x + 1].IsContinuation)
            {
                shown[++x] = row[x];
                _at.X++;
            }

            // Behind the last column terminals differ in where the cursor is.
            if (_at.X >= _size.Width) _at = (-1, -1);
        }
    }

    private void MoveTo(int x, int y, ReadOnlySpan<Cell> shown)
    {
        if (_at == (x, y)) return;
        if (_at.Y == y && x > _at.X && x - _at.X <= ShortGap && CanRewrite(shown[_at.X..x]))
        {
            foreach (var cell in shown[_at.X..x]) Show(cell);
        }
        else if (_at.Y == y && x > _at.X)
        {
            _out.Add("\e["u8);
            if (x - _at.X > 1) _out.Add(x - _at.X);
            _out.Add("C"u8);
        }
        else
        {
            _out.Add("\e["u8);
            if (y > 0 || x > 0) _out.Add(y + 1);
            if (x > 0)
            {
                _out.Add(";"u8);
                _out.Add(x + 1);
            }

            _out.Add("H"u8);
        }

        _at = (x, y);
    }

    private bool CanRewrite(ReadOnlySpan<Cell> cells)
    {
        foreach (var cell in cells)
            if (cell.Style != _style || cell.IsContinuation || cell.Scalar > '~') return false;
        return true;
    }

    private void Show(Cell cell)
    {
        if (cell.Style != _style) Change(cell.Style);
        var scalar = features.IsAscii ? AsciiFolding.Of(cell.Scalar) : features.IsConsole ? ConsoleFolding.Of(cell.Scalar) : cell.Scalar;
        _out.Add(new Rune(scalar));
        if (features.IsAscii)
        {
            // What takes two columns elsewhere takes two here.
            if (scalar == '?' && GlyphWidth.Of(new Rune(cell.Scalar)) == 2) _out.Add(" "u8);
        }
        else if (cell.Mark != '\0')
        {
            _out.Add(new Rune(cell.Mark));
        }
    }

    private void Change(Style to)
    {
        var isFirst = true;
        var from = _style;
        if ((from.Emphasis & ~to.Emphasis) != 0)
        {
            Parameter(0, ref isFirst);
            (from, _painted) = (default, default);
        }

        var added = to.Emphasis & ~from.Emphasis;
        if ((added & Emphasis.Bold) != 0) Parameter(1, ref isFirst);
        if ((added & Emphasis.Dim) != 0) Parameter(2, ref isFirst);
        if ((added & Emphasis.Italic) != 0) Parameter(3, ref isFirst);
        if ((added & Emphasis.Underline) != 0) Parameter(4, ref isFirst);
        if ((added & Emphasis.Reverse) != 0) Parameter(7, ref isFirst);
        Paint(to, ref isFirst);

        // A colour that is not shown changes nothing.
        if (!isFirst) _out.Add("m"u8);
        _style = to;
    }

    private void Paint(Style to, ref bool isFirst)
    {
        if (features.Colors == ColorMode.None) return;
        var (ink, ground) = (Theme.Of(to.Foreground, isBehind: false), Theme.Of(to.Background, isBehind: true));
        if (ink != _painted.Ink) Paint(ink, 30, ref isFirst);
        if (ground != _painted.Ground) Paint(ground, 40, ref isFirst);
        _painted = (ink, ground);
    }

    private void Paint(Color color, int first, ref bool isFirst)
    {
        if (color.IsDefault)
        {
            Parameter(first + 9, ref isFirst);
            return;
        }

        if (color.IsNamed || features.Colors == ColorMode.Sixteen)
        {
            var index = color.IsNamed ? color.Index : Palette.Sixteen(color);
            Parameter(index < 8 ? first + index : first + 52 + index, ref isFirst);
            return;
        }

        Parameter(first + 8, ref isFirst);
        if (features.Colors == ColorMode.Indexed)
        {
            Parameter(5, ref isFirst);
            Parameter(Palette.Indexed(color), ref isFirst);
            return;
        }

        Parameter(2, ref isFirst);
        Parameter(color.R, ref isFirst);
        Parameter(color.G, ref isFirst);
        Parameter(color.B, ref isFirst);
    }

    private void Parameter(int value, ref bool isFirst)
    {
        _out.Add(isFirst ? "\e["u8 : ";"u8);
        _out.Add(value);
        isFirst = false;
    }

    private void MoveCursor(Surface frame)
    {
        if (frame.Cursor == _cursor) return;
        Begin();
        if (frame.Cursor is { } cursor && frame.Bounds.Contains(cursor.X, cursor.Y))
        {
            _at = (-1, -1);
            MoveTo(cursor.X, cursor.Y, []);
            _out.Add("\e[?25h"u8);
        }

        _cursor = frame.Cursor;
    }
}
