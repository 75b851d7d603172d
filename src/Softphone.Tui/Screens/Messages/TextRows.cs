using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The texts of a thread in rows that fit, from the newest upwards: no more of them are broken into lines than are seen.</summary>
internal sealed class TextRows
{
    private readonly List<(string Left, string Line, Style Style)> _rows = [];
    private ThreadView? _of;
    private int _width;
    private int _wanted;
    private bool _isWhole;

    /// <summary>Draws the end of the thread, so many rows up from its last.</summary>
    /// <returns>How far up one can go from there; never less than none.</returns>
    public int Draw(Session session, Surface surface, Rect area, ThreadView thread, int up)
    {
        if (area.Height <= 0) return 0;
        Break(session, thread, area.Width, up + area.Height);
        var most = Math.Max(_rows.Count - area.Height, 0);
        if (!_isWhole) most = Math.Max(most, up);
        var first = Math.Min(up, most);
        for (var i = 0; i < area.Height && first + i < _rows.Count; i++)
        {
            var (left, line, style) = _rows[first + i];
            var y = Math.Min(area.Bottom, area.Y + Math.Max(_rows.Count - first, 0)) - 1 - i;
            if (y < area.Y) break;
            surface.Write(area.X, y, left, Style.Dim, Indent(area.Width));
            surface.Write(area.X + Indent(area.Width), y, line, style, area.Width - Indent(area.Width));
        }

        return most;
    }

    public static string Arrow(TextView text) => text.IsOurs ? "→" : "←";

    /// <summary>The time today, with the day before that.</summary>
    public static string When(DateTimeOffset at, DateTimeOffset now) =>
        at.ToString((at.Year, at.DayOfYear) == (now.Year, now.DayOfYear) ? "HH:mm" : "d MMM HH:mm", CultureInfo.InvariantCulture);

    private static int Indent(int width) => width < 50 ? 8 : 15;

    /// <summary>The newest row first.</summary>
    private void Break(Session session, ThreadView thread, int width, int wanted)
    {
        if (ReferenceEquals(thread, _of) && width == _width && (wanted <= _wanted || _isWhole)) return;
        (_of, _width, _wanted) = (thread, width, wanted);
        _rows.Clear();
        var at = thread.Texts.Count - 1;
        for (; at >= 0 && _rows.Count < wanted; at--) Add(thread.Texts[at], session.View.Clock, width);
        _isWhole = at < 0;
    }

    private void Add(TextView text, DateTimeOffset now, int width)
    {
        var room = width - Indent(width);
        var style = text.State switch
        {
            TextState.Failed => new Style(Color.Red),
            TextState.Received => Style.Plain,
            _ => new Style(Color.Cyan),
        };
        if (Note(text) is { Length: > 0 } note)
        {
            var notes = Paragraph.Wrap(note, room);
            for (var i = notes.Count - 1; i >= 0; i--) _rows.Add(("", notes[i], text.State == TextState.Failed ? Color.Red : Style.Dim));
        }

        var lines = Paragraph.Wrap(text.Text.Replace('\t', ' '), room);
        var when = Indent(width) < 15 ? text.At.ToString("HH:mm", CultureInfo.InvariantCulture) : When(text.At, now);
        for (var i = lines.Count - 1; i >= 0; i--) _rows.Add((i == 0 ? $"{Arrow(text)} {when}" : "", lines[i], style));
    }

    private static string Note(TextView text) => text.State switch
    {
        TextState.Sending => "… sending",
        TextState.Stored => "kept by a server for later",
        TextState.Failed => $"✗ not delivered: {text.Problem}",
        _ => "",
    };
}
