using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>A paragraph that is broken into lines once, and again only when its text or the room is another.</summary>
internal sealed class WrappedText
{
    private string _text = "";
    private int _width;
    private IReadOnlyList<string> _lines = [];

    /// <summary>Draws the text from the top of the area; what does not fit is cut off, and told by "…".</summary>
    /// <returns>How many rows it took.</returns>
    public int Draw(Surface surface, Rect area, string text, Style style = default)
    {
        if (text != _text || area.Width != _width) (_text, _width, _lines) = (text, area.Width, Paragraph.Wrap(text, area.Width));
        var rows = Math.Min(_lines.Count, area.Height);
        for (var i = 0; i < rows; i++)
        {
            var end = surface.Write(area.X, area.Y + i, _lines[i], style, area.Width);
            if (i == rows - 1 && rows < _lines.Count) surface.Put(Math.Min(end, area.Right - 1), area.Y + i, '…');
        }

        return rows;
    }
}
