using System.Globalization;
using System.Net;
using System.Text;

namespace Softphone.Interop;

/// <summary>
/// A terminal's screen as a picture: text in a fixed grid, so that it is sharp at any size and can be searched. Reads the escape sequences
/// that tmux prints of a pane: SGR of 16, 256 and all colours, and nothing else.
/// </summary>
internal sealed class SvgPicture
{
    private const double CellWidth = 8.4;
    private const int CellHeight = 18;
    private const int Margin = 14;
    private const string Background = "#14171c";
    private const string Foreground = "#d5d9e0";

    private static readonly string[] Theme =
    [
        "#14171c", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d5d9e0",
        "#7a828e", "#ff7b86", "#b5e890", "#ffd580", "#82c7ff", "#e29bf5", "#7fdbe8", "#ffffff",
    ];

    private readonly StringBuilder _fills = new();
    private readonly StringBuilder _texts = new();
    private readonly Dictionary<(string Color, bool IsDim), StringBuilder> _lines = [];
    private string? _color;
    private string? _fill;
    private bool _isBold;
    private bool _isDim;
    private bool _isReverse;
    private bool _isUnderlined;

    /// <param name="screen">Rows with escape sequences.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="title">What the picture shows, for who cannot see it.</param>
    public static string Of(string screen, int width, int height, string title)
    {
        var picture = new SvgPicture();
        var rows = screen.TrimEnd('\n').Split('\n');
        for (var y = 0; y < Math.Min(rows.Length, height); y++) picture.DrawRow(rows[y], y);
        var (w, h) = (width * CellWidth + 2 * Margin, height * CellHeight + 2 * Margin);
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:0} {h}" width="{w:0}" height="{h}" role="img">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <rect width="100%" height="100%" rx="8" fill="{Background}"/>
            {picture._fills}{picture.Lines()}<g font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="14" fill="{Foreground}" xml:space="preserve">
            {picture._texts}</g>
            </svg>

            """);
    }

    private void DrawRow(string row, int y)
    {
        var x = 0;
        var run = new StringBuilder();
        var start = 0;
        for (var i = 0; i < row.Length;)
        {
            if (row[i] == '\e')
            {
                Flush();
                i = ReadStyle(row, i);
                continue;
            }

            Rune.DecodeFromUtf16(row.AsSpan(i), out var rune, out var length);
            i += length;
            // Wide glyphs stand alone, for the font gives them any width it likes.
            var isWide = rune.Value is >= 0x1F300 and < 0x1FB00;
            if (isWide) Flush();
            if (run.Length == 0) start = x;
            // Lines are drawn, so that they meet whatever font there is.
            if (TryLine(rune.Value, x, y)) run.Append(' ');
            else run.Append(rune);
            x += isWide ? 2 : Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark ? 0 : 1;
            if (isWide) Flush();
        }

        Flush();

        void Flush()
        {
            if (run.Length > 0) DrawRun(run.ToString(), start, x - start, y);
            run.Clear();
        }
    }

    /// <summary>Draws the arms of a line of a frame; false for any other glyph.</summary>
    private bool TryLine(int glyph, int x, int y)
    {
        var (left, right, up, down) = glyph switch
        {
            '─' => (true, true, false, false),
            '│' => (false, false, true, true),
            '┌' => (false, true, false, true),
            '┐' => (true, false, false, true),
            '└' => (false, true, true, false),
            '┘' => (true, false, true, false),
            '├' => (false, true, true, true),
            '┤' => (true, false, true, true),
            '┬' => (true, true, false, true),
            '┴' => (true, true, true, false),
            '┼' => (true, true, true, true),
            _ => default,
        };
        if (!(left || right || up || down)) return false;
        var key = ((_isReverse ? _fill ?? Background : _color ?? Foreground), _isDim);
        if (!_lines.TryGetValue(key, out var path)) _lines[key] = path = new StringBuilder();
        var (middle, centre) = (Margin + (x + 0.5) * CellWidth, Margin + (y + 0.5) * CellHeight);
        if (left || right)
            path.Append(CultureInfo.InvariantCulture, $"M{(left ? middle - CellWidth / 2 : middle):0.#} {centre:0.#}H{(right ? middle + CellWidth / 2 : middle):0.#}");
        if (up || down)
            path.Append(CultureInfo.InvariantCulture, $"M{middle:0.#} {(up ? centre - CellHeight / 2.0 : centre):0.#}V{(down ? centre + CellHeight / 2.0 : centre):0.#}");
        return true;
    }

    private string Lines()
    {
        var all = new StringBuilder();
        foreach (var ((color, isDim), path) in _lines)
            all.AppendLine(CultureInfo.InvariantCulture, $"<path fill=\"none\" stroke=\"{color}\"{(isDim ? " opacity=\"0.6\"" : "")} stroke-linecap=\"square\" d=\"{path}\"/>");
        return all.ToString();
    }

    private void DrawRun(string text, int x, int cells, int y)
    {
        var (ink, paper) = _isReverse ? (_fill ?? Background, _color ?? Foreground) : (_color, _fill);
        var (left, top) = (Margin + x * CellWidth, Margin + y * CellHeight);
        if (paper is not null) _fills.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{left:0.#}\" y=\"{top}\" width=\"{cells * CellWidth:0.#}\" height=\"{CellHeight}\" fill=\"{paper}\"/>");
        if (string.IsNullOrWhiteSpace(text) && !_isUnderlined) return;
        _texts.Append(CultureInfo.InvariantCulture, $"<text x=\"{left:0.#}\" y=\"{top + 14}\" textLength=\"{cells * CellWidth:0.#}\"");
        if (ink is not null) _texts.Append(CultureInfo.InvariantCulture, $" fill=\"{ink}\"");
        if (_isBold) _texts.Append(" font-weight=\"bold\"");
        if (_isDim) _texts.Append(" opacity=\"0.6\"");
        if (_isUnderlined) _texts.Append(" text-decoration=\"underline\"");
        _texts.Append('>').Append(WebUtility.HtmlEncode(text)).AppendLine("</text>");
    }

    /// <summary>One "ESC [ … m"; where it ends.</summary>
    private int ReadStyle(string row, int at)
    {
        var end = at + 1;
        while (end < row.Length && !char.IsAsciiLetter(row[end])) end++;
        if (end >= row.Length) return row.Length;
        if (row[end] == 'm') Apply([.. row[(at + 2)..end].Split(';', ':').Select(p => int.TryParse(p, out var n) ? n : 0)]);
        return end + 1;
    }

    private void Apply(int[] codes)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            switch (codes[i])
            {
                case 0: (_color, _fill, _isBold, _isDim, _isReverse, _isUnderlined) = (null, null, false, false, false, false); break;
                case 1: _isBold = true; break;
                case 2: _isDim = true; break;
                case 4: _isUnderlined = true; break;
                case 7: _isReverse = true; break;
                case 22: (_isBold, _isDim) = (false, false); break;
                case 24: _isUnderlined = false; break;
                case 27: _isReverse = false; break;
                case >= 30 and <= 37 or >= 90 and <= 97: _color = Theme[codes[i] % 10 + (codes[i] >= 90 ? 8 : 0)]; break;
                case >= 40 and <= 47 or >= 100 and <= 107: _fill = Theme[codes[i] % 10 + (codes[i] >= 100 ? 8 : 0)]; break;
                case 38: _color = Extended(codes, ref i); break;
                case 48: _fill = Extended(codes, ref i); break;
                case 39: _color = null; break;
                case 49: _fill = null; break;
            }
        }
    }

    private static string? Extended(int[] codes, ref int i)
    {
        if (i + 2 < codes.Length && codes[i + 1] == 5)
        {
            var index = codes[i += 2];
            if (index < 16) return Theme[index];
            if (index >= 232) return Hex(8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10);
            index -= 16;
            return Hex(Level(index / 36), Level(index / 6 % 6), Level(index % 6));
        }

        if (i + 4 >= codes.Length || codes[i + 1] != 2) return null;
        i += 4;
        return Hex(codes[i - 2], codes[i - 1], codes[i]);

        static int Level(int step) => step == 0 ? 0 : 55 + step * 40;
        static string Hex(int r, int g, int b) => $"#{r:x2}{g:x2}{b:x2}";
    }
}
