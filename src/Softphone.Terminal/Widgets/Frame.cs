namespace Softphone.Terminal;

/// <summary>A box with a title in its upper edge. Frames that touch share their edge: draw them one cell into each other.</summary>
public static class Frame
{
    /// <summary>Draws the box and gives the room inside.</summary>
    /// <param name="surface">Where to draw.</param>
    /// <param name="area">The box, edge included.</param>
    /// <param name="title">What stands in the edge; may be empty.</param>
    /// <param name="hasFocus">The keys go here.</param>
    /// <param name="note">What stands at the right of the lower edge, such as "3 of 12".</param>
    public static Rect Draw(Surface surface, Rect area, string title, bool hasFocus = false, string note = "")
    {
        if (area.Width < 2 || area.Height < 2) return new Rect(area.X, area.Y, 0, 0);
        var style = hasFocus ? new Style(Color.Cyan, Emphasis: Emphasis.Bold) : new Style(Color.Grey);
        for (var x = area.X + 1; x < area.Right - 1; x++)
        {
            Join(surface, x, area.Y, Sides.Left | Sides.Right, style);
            Join(surface, x, area.Bottom - 1, Sides.Left | Sides.Right, style);
        }

        for (var y = area.Y + 1; y < area.Bottom - 1; y++)
        {
            Join(surface, area.X, y, Sides.Up | Sides.Down, style);
            Join(surface, area.Right - 1, y, Sides.Up | Sides.Down, style);
        }

        Join(surface, area.X, area.Y, Sides.Right | Sides.Down, style);
        Join(surface, area.Right - 1, area.Y, Sides.Left | Sides.Down, style);
        Join(surface, area.X, area.Bottom - 1, Sides.Right | Sides.Up, style);
        Join(surface, area.Right - 1, area.Bottom - 1, Sides.Left | Sides.Up, style);
        if (title.Length > 0 && area.Width > 4)
            surface.Write(area.X + 1, area.Y, $" {title} ", hasFocus ? style : Style.Bold, area.Width - 2);
        if (note.Length > 0 && area.Width > note.Length + 4)
            surface.WriteRight(area.Right - 1, area.Bottom - 1, $" {note} ", Style.Dim);
        return area.Inset(1, 1);
    }

    [Flags]
    private enum Sides
    {
        Up = 1,
        Down = 2,
        Left = 4,
        Right = 8,
    }

    /// <summary>The glyph for each set of sides that a line leaves a cell by.</summary>
    private const string Glyphs = " │││─┘┐┤─└┌├─┴┬┼";

    private static void Join(Surface surface, int x, int y, Sides sides, Style style)
    {
        if (!surface.Bounds.Contains(x, y)) return;
        var stands = surface[x, y].Scalar;
        surface.Put(x, y, Glyphs[(int)(sides | SidesOf(stands))], style);
    }

    private static Sides SidesOf(int scalar) => scalar switch
    {
        '─' => Sides.Left | Sides.Right,
        '│' => Sides.Up | Sides.Down,
        _ => Glyphs.IndexOf((char)Math.Min(scalar, char.MaxValue), StringComparison.Ordinal) is > 4 and var i ? (Sides)i : 0,
    };
}
