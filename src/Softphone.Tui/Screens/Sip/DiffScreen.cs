using System.Globalization;
using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Two SIP messages line by line: what only the first has stands behind "-", what only the second has behind "+", and where a line changed, what changed in it is marked.</summary>
internal sealed class DiffScreen : Screen
{
    private readonly SipTrace.Message _first;
    private readonly SipTrace.Message _second;
    private readonly List<(DiffSide Side, string Line, int From, int To)> _lines;
    private readonly ScrollView _seen = new();
    private bool _hidesSame;

    public DiffScreen(SipTrace.Message first, SipTrace.Message second)
    {
        (_first, _second) = second.At < first.At ? (second, first) : (first, second);
        _lines = Mark(LineDiff.Of(LinesOf(_first), LinesOf(_second)));
        Keys =
        [
            new KeyBinding([","], "", "changes", "show only what differs, and all again", _ => _hidesSame = !_hidesSame) { Group = "SIP", Rank = 1, Label = _ => _hidesSame ? "all lines" : "changes only" },
            new KeyBinding(["y"], "", "copy", "copy the comparison", Copy) { Group = "SIP", Rank = 2 },
        ];
    }

    public override string Title => "two SIP messages";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    private IEnumerable<(DiffSide Side, string Line, int From, int To)> Shown => _hidesSame ? _lines.Where(l => l.Side != DiffSide.Both) : _lines;

    public override bool Handle(Session session, InputEvent input) => _seen.Handle(input);

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var (head, body) = area.CutRows(2);
        var lines = Shown.ToList();
        var isSame = lines.TrueForAll(l => l.Side == DiffSide.Both);
        DrawHead(session, surface, head.X, head.Y, head.Right, '-', _first, Color.Red, isSame ? "the same, line by line" : "");
        _seen.Fit(lines.Count, body.Height);
        DrawHead(session, surface, head.X, head.Y + 1, head.Right, '+', _second, Color.Green, Dialog.Seen(_seen.Top, body.Height, lines.Count));
        for (var i = 0; i < body.Height && _seen.Top + i < lines.Count; i++)
        {
            var (side, line, from, to) = lines[_seen.Top + i];
            var color = side switch { DiffSide.First => Color.Red, DiffSide.Second => Color.Green, _ => Color.Default };
            var pen = new Pen(surface, body.X, body.Y + i, body.Right);
            pen.Write(side switch { DiffSide.First => "-", DiffSide.Second => "+", _ => " " }, new Style(color, Emphasis: Emphasis.Bold));
            pen.Write(line.AsSpan(0, from), color);
            pen.Write(line.AsSpan(from, to - from), new Style(color, Emphasis: Emphasis.Reverse));
            pen.Write(line.AsSpan(to), color);
        }
    }

    private static void DrawHead(Session session, Surface surface, int x, int y, int end, char sign, SipTrace.Message message, Color color, string note)
    {
        var at = session.View.Clock - (session.View.Now - message.At);
        var pen = new Pen(surface, x, y, end);
        pen.Write([sign], new Style(color, Emphasis: Emphasis.Bold));
        pen.Write(at.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture), Style.Dim);
        pen.Space();
        pen.Write(message.IsSent ? $"{message.Local} → {message.Remote}" : $"{message.Remote} → {message.Local}", color);
        if (note.Length > 0 && GlyphWidth.Of(note) + 2 < pen.Room) surface.WriteRight(end - 1, y, note, Style.Dim);
    }

    /// <summary>Where a line went and another came in its place, what stands between what both begin and end with.</summary>
    private static List<(DiffSide, string, int, int)> Mark(List<(DiffSide Side, string Line)> lines)
    {
        var marked = lines.Select(l => (l.Side, l.Line, From: 0, To: 0)).ToList();
        for (var i = 0; i < lines.Count;)
        {
            var gone = i;
            while (i < lines.Count && lines[i].Side == DiffSide.First) i++;
            var came = i;
            while (i < lines.Count && lines[i].Side == DiffSide.Second) i++;
            for (var k = 0; k < Math.Min(came - gone, i - came); k++)
            {
                var (a, b) = (lines[gone + k].Line, lines[came + k].Line);
                var (head, tail) = (a.AsSpan().CommonPrefixLength(b), 0);
                while (tail < Math.Min(a.Length, b.Length) - head && a[^(tail + 1)] == b[^(tail + 1)]) tail++;
                if (head + tail == 0) continue;
                marked[gone + k] = (DiffSide.First, a, head, a.Length - tail);
                marked[came + k] = (DiffSide.Second, b, head, b.Length - tail);
            }

            if (i == gone) i++;
        }

        return marked;
    }

    private static string[] LinesOf(SipTrace.Message message) => message.Text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private void Copy(Session session)
    {
        session.Ask(new PhoneCommand.Copy(string.Join('\n', _lines.Select(l => (l.Side switch { DiffSide.First => "-", DiffSide.Second => "+", _ => " " }) + l.Line))));
        session.Tell("the comparison is in the clipboard");
    }
}
