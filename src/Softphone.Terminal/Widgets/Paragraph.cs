using System.Text;

namespace Softphone.Terminal;

/// <summary>Text in lines that break between words.</summary>
public static class Paragraph
{
    /// <summary>Breaks text into lines no wider than this; a word that is wider is broken itself. Line feeds stay.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        if (width <= 0) return lines;
        foreach (var part in text.ReplaceLineEndings("\n").Split('\n')) WrapLine(part, width, lines);
        return lines;
    }

    /// <summary>Draws the text from the top of the area; what does not fit is cut off, and told by "…".</summary>
    /// <returns>How many rows it took.</returns>
    public static int Draw(Surface surface, Rect area, string text, Style style = default)
    {
        var lines = Wrap(text, area.Width);
        var rows = Math.Min(lines.Count, area.Height);
        for (var i = 0; i < rows; i++)
        {
            var isCut = i == rows - 1 && rows < lines.Count;
            surface.Write(area.X, area.Y + i, isCut ? lines[i] + " …" : lines[i], style, area.Width);
        }

        return rows;
    }

    private static void WrapLine(string text, int width, List<string> lines)
    {
        var line = new StringBuilder();
        var used = 0;
        foreach (var word in text.Split(' '))
        {
            var needed = GlyphWidth.Of(word);
            if (line.Length > 0 && used + 1 + needed > width)
            {
                lines.Add(line.ToString());
                line.Clear();
                used = 0;
            }

            if (line.Length > 0)
            {
                line.Append(' ');
                used++;
            }

            foreach (var rune in word.EnumerateRunes())
            {
                var columns = GlyphWidth.Of(rune);
                if (used + columns > width && used > 0)
                {
                    lines.Add(line.ToString());
                    line.Clear();
                    used = 0;
                }

                line.Append(rune);
                used += columns;
            }
        }

        lines.Add(line.ToString());
    }
}
