using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Messages as arrows between upright lines, one line for each party.</summary>
internal static class Ladder
{
    /// <summary>The parties' lines in a row without a message.</summary>
    public static void Lines(Surface surface, int y, ReadOnlySpan<int> columns)
    {
        foreach (var x in columns) surface.Put(x, y, '│', Color.Grey);
    }

    /// <summary>A message from one line to another, its text in the middle of the arrow.</summary>
    /// <param name="surface">Where to draw.</param>
    /// <param name="y">The row.</param>
    /// <param name="columns">The parties' lines, which stand there already.</param>
    /// <param name="sender">Which of them sent it.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="text">What it says; cut off where the arrow is short.</param>
    /// <param name="style">Of text and head.</param>
    /// <param name="isRepeat">A dashed arrow: the same message once more.</param>
    public static void Arrow(Surface surface, int y, ReadOnlySpan<int> columns, int sender, int receiver, ReadOnlySpan<char> text, Style style, bool isRepeat = false)
    {
        var (from, to) = (columns[sender], columns[receiver]);
        var (left, right) = (Math.Min(from, to) + 1, Math.Max(from, to));
        if (right - left < 3) return;
        var line = isRepeat ? '╌' : '─';
        for (var x = left; x < right; x++) surface.Put(x, y, line, style);
        foreach (var x in columns)
            if (x > left && x < right) surface.Put(x, y, '┼', style);
        if (to > from) surface.Put(right - 1, y, '▶', style);
        else surface.Put(left, y, '◀', style);
        var room = right - left - 4;
        var width = Math.Min(GlyphWidth.Of(text), room);
        if (width < 2) return;
        var start = left + (right - left - width) / 2;
        surface.Put(start - 1, y, ' ', style);
        var end = surface.Write(start, y, text, style, width);
        surface.Put(end, y, ' ', style);
    }

    /// <summary>What happened between the messages, over all lines.</summary>
    public static void Mark(Surface surface, int y, ReadOnlySpan<int> columns, ReadOnlySpan<char> text, Style style)
    {
        Lines(surface, y, columns);
        var (left, right) = (columns[0] + 1, columns[^1]);
        var width = Math.Min(GlyphWidth.Of(text), right - left - 2);
        if (width > 1) surface.Write(left + (right - left - width) / 2, y, text, style, width);
    }
}
