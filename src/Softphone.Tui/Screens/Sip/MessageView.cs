using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>A whole message in lines, or several one below the other, headers and descriptions coloured by what they are. Secrets are masked in their texts already.</summary>
internal sealed class MessageView
{
    /// <summary>Until it is drawn.</summary>
    private const int UsualWidth = 79;

    private readonly List<Line> _lines = [];
    private int _width;

    /// <param name="messages">In the order in which they are shown.</param>
    public MessageView(params IReadOnlyList<SipTrace.Message> messages)
    {
        Messages = messages;
        Fit(UsualWidth);
    }

    public IReadOnlyList<SipTrace.Message> Messages { get; }

    /// <summary>What a line is.</summary>
    private enum Kind
    {
        Way,
        Start,
        Header,
        Sdp,
        Other,
        Continued,
    }

    /// <summary>How many lines there are at the width drawn last.</summary>
    public int Count => _lines.Count;

    /// <summary>Breaks the text for this width.</summary>
    public void Fit(int width)
    {
        if (width == _width || width < 8) return;
        _width = width;
        _lines.Clear();
        foreach (var message in Messages) Add(message, width);
    }

    /// <summary>The first line from here on that holds the text; -1 when none does.</summary>
    /// <param name="text">Looked for without regard to case.</param>
    /// <param name="from">Where to begin; the search goes round.</param>
    /// <param name="isBack">Towards the beginning.</param>
    public int Find(string text, int from, bool isBack = false)
    {
        if (text.Length == 0 || _lines.Count == 0) return -1;
        for (var i = 0; i < _lines.Count; i++)
        {
            var at = ((isBack ? from - i : from + i) % _lines.Count + _lines.Count) % _lines.Count;
            if (_lines[at].Text.Contains(text, StringComparison.OrdinalIgnoreCase)) return at;
        }

        return -1;
    }

    /// <param name="surface">Where to draw.</param>
    /// <param name="area">The room.</param>
    /// <param name="top">The first line seen.</param>
    /// <param name="search">Marked wherever it stands; may be empty.</param>
    public void Draw(Surface surface, Rect area, int top, string search)
    {
        Fit(area.Width - 1);
        for (var i = 0; i < area.Height && top + i < _lines.Count; i++)
        {
            var line = _lines[top + i];
            DrawLine(surface, area.X + 1, area.Y + i, line, area.Width - 1);
            if (search.Length == 0) continue;
            for (var at = line.Text.IndexOf(search, StringComparison.OrdinalIgnoreCase); at >= 0; at = line.Text.IndexOf(search, at + search.Length, StringComparison.OrdinalIgnoreCase))
                surface.Restyle(new Rect(area.X + 1 + GlyphWidth.Of(line.Text.AsSpan(0, at)), area.Y + i, GlyphWidth.Of(search), 1), s => s.With(Emphasis.Reverse));
        }
    }

    private static void DrawLine(Surface surface, int x, int y, Line line, int room)
    {
        var text = line.Text.AsSpan();
        switch (line.Kind)
        {
            case Kind.Way:
                surface.Write(x, y, text, Style.Dim, room);
                break;
            case Kind.Start:
                surface.Write(x, y, text, Style.Bold, room);
                break;
            case Kind.Header when text.IndexOf(':') is > 0 and var colon:
                var end = surface.Write(x, y, text[..colon], Color.Cyan, room);
                surface.Write(end, y, text[colon..], Style.Plain, room - (end - x));
                break;
            case Kind.Sdp when text.Length > 2 && text[1] == '=':
                surface.Write(x, y, text[..2], Color.Yellow, room);
                var name = text[0] == 'a' && text.IndexOfAny(':', ' ') is > 0 and var stop ? stop : 2;
                var at = surface.Write(x + 2, y, text[2..name], Color.Green, room - 2);
                surface.Write(at, y, text[name..], text[0] == 'm' ? Style.Bold : Style.Plain, room - (at - x));
                break;
            default:
                surface.Write(x, y, text, Style.Plain, room);
                break;
        }
    }

    private void Add(SipTrace.Message message, int width)
    {
        if (_lines.Count > 0) _lines.Add(new Line("", Kind.Other));
        // Among others it has to say which way it went.
        if (Messages.Count > 1) Add($"{(message.IsSent ? $"{message.Local} → {message.Remote}" : $"{message.Remote} → {message.Local}")}{(message.IsRepeat ? ", again" : "")}", Kind.Way, width);
        var isSdp = MaskedText.Header(message.Text, "Content-Type").Contains("sdp", StringComparison.OrdinalIgnoreCase);
        var kind = Kind.Start;
        foreach (var line in message.Text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            Add(line, kind, width);
            kind = kind switch
            {
                Kind.Start => Kind.Header,
                Kind.Header when line.Length == 0 => isSdp ? Kind.Sdp : Kind.Other,
                _ => kind,
            };
        }
    }

    /// <summary>A long line goes on below, indented: nothing of a message is hidden at the right.</summary>
    private void Add(string text, Kind kind, int width)
    {
        if (GlyphWidth.Of(text) <= width)
        {
            _lines.Add(new Line(text, kind));
            return;
        }

        const string Indent = "    ";
        var rest = text;
        for (var isFirst = true; rest.Length > 0; isFirst = false)
        {
            var room = width - (isFirst ? 0 : Indent.Length);
            var end = BreakOf(rest, room);
            _lines.Add(new Line(isFirst ? rest[..end] : Indent + rest[..end], isFirst ? kind : Kind.Continued));
            rest = rest[end..];
        }
    }

    /// <summary>How many characters fit, at the end of a word or a parameter where one is near.</summary>
    private static int BreakOf(string text, int room)
    {
        const int Near = 24;
        var (at, used) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var columns = GlyphWidth.Of(rune);
            if (used + columns > room) break;
            used += columns;
            at += rune.Utf16SequenceLength;
        }

        if (at == text.Length) return at;
        var word = text.AsSpan(0, at).LastIndexOfAny(" ;,");
        return word >= at - Near && word > 0 ? word + 1 : Math.Max(at, 1);
    }

    private readonly record struct Line(string Text, Kind Kind);
}
