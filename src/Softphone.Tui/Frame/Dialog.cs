using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The box of a screen that lies over another one.</summary>
public static class Dialog
{
    /// <summary>Clears and frames a box in the middle of the area; gives the room inside, with a column of air at each side.</summary>
    /// <param name="surface">Where to draw.</param>
    /// <param name="area">What the screen below fills.</param>
    /// <param name="width">Of the box, edges included; less when there is no room.</param>
    /// <param name="height">As the width.</param>
    /// <param name="title">In the upper edge.</param>
    /// <param name="note">At the right of the lower edge.</param>
    public static Rect Draw(Surface surface, Rect area, int width, int height, string title, string note = "")
    {
        // No slivers of what lies below: a box that nearly fills the area fills it.
        if (area.Width - width < 6) width = area.Width;
        if (width == area.Width && area.Height - height < 3) height = area.Height;
        else if (area.Height - height < 2) height = area.Height - 2;
        var box = area.Centre(width, height);
        surface.Fill(box, Style.Plain);
        return Frame.Draw(surface, box, title, hasFocus: true, note).Inset(1, 0);
    }

    /// <summary>What a list that scrolls says of itself in the lower edge, "1–20 of 33"; empty where all of it is seen.</summary>
    public static string Seen(int top, int rows, int count) => count > rows ? $"{top + 1}–{Math.Min(top + rows, count)} of {count}" : "";

    /// <summary>Writes a note into the lower edge of a box whose inside is known only now.</summary>
    /// <param name="surface">Where to draw.</param>
    /// <param name="inner">What <see cref="Draw"/> gave.</param>
    /// <param name="note">Nothing is written where it is empty.</param>
    /// <param name="below">Rows that were taken off the inside.</param>
    public static void Note(Surface surface, Rect inner, string note, int below = 0)
    {
        if (note.Length > 0) surface.WriteRight(inner.Right + 1, inner.Bottom + below, $" {note} ", Style.Dim);
    }
}
