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
    private bool _hidesSame;
    private int _top;
    private int _page = 1;

    public DiffScreen(SipTrace.Message first, SipTrace.Message second)
    {
        (_first, _second) = second.At < first.At ? (second, first) : (first, second);
        _lines = Mark(LineDiff.Of(LinesOf(_first), LinesOf(_second)));
        Keys =
        [
            new KeyBinding([","], "", "changes", "shows only what differs, and all again", _ => _hidesSame = !_hidesSame) { Group = "SIP", Rank = 1, Label = _ => _hidesSame ? "all lines" : "changes only" },
            new KeyBinding(["y"], "", "copy", "copies the comparison", Copy) { Group = "SIP", Rank = 2 },
        ];
    }

    public override string Title => "two SIP messages";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    private IEnumerable<(DiffSide Side, string Line, int From, int To)> Shown => _hidesSame ? _lines.Where(l => l.Side != DiffSide.Both) : _lines;

    public override bool Handle(Session session, InputEvent input)
    {
        var step = input switch
        {
            InputEvent.Key { Code: KeyCode.Down } or InputEvent.Key { Rune.Value: 'j', Modifiers: Modifiers.None } => 1,
            InputEvent.Key { Code: KeyCode.Up } or InputEvent.Key { Rune.Value: 'k', Modifiers: Modifiers.None } => -1,
            InputEvent.Key { Code: KeyCode.PageDown } => Math.Max(_page - 1, 1),
            InputEvent.Key { Code: KeyCode.PageUp } => -Math.Max(_page - 1, 1),
            InputEvent.Key { Code: KeyCode.Home } or InputEvent.Key { Rune.Value: 'g', Modifiers: Modifiers.None } => -_top,
            InputEvent.Key { Code: KeyCode.End } or InputEvent.Key { Rune.Value: 'G' } => _lines.Count,
            InputEvent.Mouse { Action: MouseAction.WheelDown } => 3,
            InputEvent.Mouse { Action: MouseAction.WheelUp } => -3,
            _ => 0,
        };
        _top += step;
        return step != 0;
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var (head, body) = area.CutRows(2);
        var lines = Shown.ToList();
        var isSame = lines.TrueForAll(l => l.Side == DiffSide.Both);
        DrawHead(session, surface, head.X, head.Y, head.Right, '-', _first, Color.Red, isSame ? "the same, line by line" : "");
        _page = body.Height;
        _top = Math.Clamp(_top, 0, Math.Max(lines.Count - _page, 0));
        var place = lines.Count > _page ? string.Create(CultureInfo.InvariantCulture, $"{_top + 1}–{Math.Min(_top + _page, lines.Count)} of {lines.Count}") : "";
        DrawHead(session, surface, head.X, head.Y + 1, head.Right, '+', _second, Color.Green, place);
        for (var i = 0; i < _page && _top + i < lines.Count; i++)
        {
            var (side, line, from, to) = lines[_top + i];
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
