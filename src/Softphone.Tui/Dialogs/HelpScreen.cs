using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// Every key and every word of the command line, under headings; made from the key table, with the reason where something cannot be done now.
/// "/" leaves those that have the letters typed.
/// </summary>
internal sealed class HelpScreen : Screen
{
    private const int Widest = 110;
    private const int BeforeText = 32;

    private readonly List<(string Heading, KeyBinding? Binding)> _all = [];
    private readonly ListFilter _filter = new();
    private readonly ScrollView _seen = new();
    private List<(string Heading, KeyBinding? Binding)> _lines = [];
    private int _tallest;

    public HelpScreen(Session session)
    {
        Add("Here", session.Top.Keys);
        foreach (var group in session.Global.GroupBy(b => b.Group)) Add(group.Key, group);
        Note("Moving", "↑ ↓ j k", "by lines; g G to the ends, PgUp PgDn by pages");
        Note("", "Mouse", "click selects, twice opens; keys below can be clicked");
        if (session.Setup.Capture is null) Note("", "Digits", "dial, or are sent to the call, on every screen");
        _lines = _all;
    }

    public override string Title => "Help";

    public override bool IsOverlay => true;

    public override bool TakesText => _filter.IsOpen;

    public override IReadOnlyList<KeyBinding> Keys => field ??=
    [
        new(["Esc", "q"], "", "back", "leave it", Leave) { Rank = 1 },
        new(["/", "F3"], "", "filter", "show only what has these letters", _ => _filter.Open()) { Rank = 2 },
        new(["?", "F1"], "", "help", "", session => session.Close(this)) { Rank = 100 },
    ];

    public override bool Handle(Session session, InputEvent input)
    {
        if (_filter.Handle(input))
        {
            Show(session);
            return true;
        }

        return _seen.Handle(input) || input is InputEvent.Mouse;
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var width = area.Width - Widest < 6 ? area.Width : Widest;
        // The edges, a column of air at each side, and what stands left of the text.
        var rows = Rows(session, width - 4 - BeforeText).ToList();
        var inner = _filter.Draw(surface, Dialog.Draw(surface, area, Widest, Math.Min(Math.Max(rows.Count, _tallest) + 2, area.Height), Title));
        _tallest = Math.Max(rows.Count, _tallest);
        _seen.Fit(rows.Count, inner.Height);
        Dialog.Note(surface, inner, Dialog.Seen(_seen.Top, inner.Height, rows.Count), _filter.IsShown ? 1 : 0);
        if (_lines.Count == 0) surface.Write(inner.X, inner.Y, "Nothing has these letters.", Style.Dim, inner.Width);
        for (var i = 0; i < inner.Height && _seen.Top + i < rows.Count; i++)
        {
            var row = new Rect(inner.X, inner.Y + i, inner.Width, 1);
            var (line, text, isFirst) = rows[_seen.Top + i];
            if (line.Binding is not { } binding) surface.Write(row.X, row.Y, line.Heading, new Style(Color.Cyan, Emphasis: Emphasis.Bold), row.Width);
            else DrawLine(session, surface, row, binding, text, isFirst);
        }
    }

    /// <summary>What is too long for its line goes on below it: nothing is cut.</summary>
    private IEnumerable<((string Heading, KeyBinding? Binding) Line, string Text, bool IsFirst)> Rows(Session session, int room)
    {
        foreach (var line in _lines)
        {
            if (line.Binding is not { } binding)
            {
                yield return (line, "", true);
                continue;
            }

            var text = binding.Disabled(session) is { } why ? $"{binding.Help} ({why})" : binding.Help;
            var isFirst = true;
            foreach (var part in Paragraph.Wrap(text, Math.Max(room, 10)))
            {
                yield return (line, part, isFirst);
                isFirst = false;
            }
        }
    }

    private static void DrawLine(Session session, Surface surface, Rect row, KeyBinding binding, string part, bool isFirst)
    {
        var isAble = binding.Disabled(session) is null;
        new Pen(surface, row.X + BeforeText, row.Y, row.Right).Write(part, isAble ? Style.Plain : Style.Dim);
        if (!isFirst) return;
        var keys = session.Keys.Of(binding);
        var pen = new Pen(surface, row.X + 1, row.Y, row.X + 11);
        for (var i = 0; i < keys.Count; i++)
        {
            if (i > 0) pen.Space();
            if (!pen.TryWrite(keys[i], isAble ? Style.Bold : Style.Dim)) break;
        }

        var text = new Pen(surface, row.X + 12, row.Y, row.X + BeforeText - 1);
        if (binding.Word.Length == 0) return;
        text.Write(":", Style.Dim);
        text.Write(binding.Word, isAble ? Style.Plain : Style.Dim);
        if (binding.Argument.Length == 0) return;
        text.Space();
        text.Write(binding.Argument, Style.Dim);
    }

    private void Leave(Session session)
    {
        if (_filter.Clear()) Show(session);
        else session.Close(this);
    }

    /// <summary>The lines that have the letters, under their headings.</summary>
    private void Show(Session session)
    {
        _seen.To(0);
        if (_filter.Text.Length == 0)
        {
            _lines = _all;
            return;
        }

        _lines = [];
        var heading = "";
        foreach (var line in _all)
        {
            if (line.Binding is not { } binding)
            {
                heading = line.Heading;
                continue;
            }

            if (!_filter.Matches(binding.Word, binding.Short, binding.Help, string.Join(' ', session.Keys.Of(binding)), heading)) continue;
            if (heading.Length > 0 && !_lines.Exists(l => l.Binding is null && l.Heading == heading)) _lines.Add((heading, null));
            _lines.Add(line);
        }
    }

    private void Add(string heading, IEnumerable<KeyBinding> bindings)
    {
        var shown = bindings.Where(b => b.Help.Length > 0).ToList();
        if (shown.Count == 0) return;
        if (_all.Count > 0) _all.Add(("", null));
        _all.Add((heading, null));
        _all.AddRange(shown.Select(b => ("", (KeyBinding?)b)));
    }

    private void Note(string heading, string key, string help)
    {
        if (heading.Length > 0)
        {
            _all.Add(("", null));
            _all.Add((heading, null));
        }

        _all.Add(("", new KeyBinding([key], "", "", help, _ => { })));
    }
}
