using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// Every key and every word of the command line, under headings; made from the key table, with the reason where something cannot be done now.
/// "/" leaves those that have the letters typed.
/// </summary>
internal sealed class HelpScreen : Screen
{
    private readonly List<(string Heading, KeyBinding? Binding)> _all = [];
    private readonly ListFilter _filter = new();
    private List<(string Heading, KeyBinding? Binding)> _lines = [];
    private int _top;
    private int _page = 1;

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

        var step = input switch
        {
            InputEvent.Key { Code: KeyCode.Down } or InputEvent.Key { Rune.Value: 'j', Modifiers: Modifiers.None } => 1,
            InputEvent.Key { Code: KeyCode.Up } or InputEvent.Key { Rune.Value: 'k', Modifiers: Modifiers.None } => -1,
            InputEvent.Key { Code: KeyCode.PageDown } or InputEvent.Key { Rune.Value: ' ' } => _page,
            InputEvent.Key { Code: KeyCode.PageUp } => -_page,
            InputEvent.Key { Code: KeyCode.Home } or InputEvent.Key { Rune.Value: 'g', Modifiers: Modifiers.None } => -_lines.Count,
            InputEvent.Key { Code: KeyCode.End } or InputEvent.Key { Rune.Value: 'G' } => _lines.Count,
            InputEvent.Mouse { Action: MouseAction.WheelDown } => 3,
            InputEvent.Mouse { Action: MouseAction.WheelUp } => -3,
            _ => 0,
        };
        _top += step;
        return step != 0 || input is InputEvent.Mouse;
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var height = Math.Min(_all.Count + 2, area.Height);
        var rows = height - 2 - (_filter.IsShown ? 1 : 0);
        _page = Math.Max(rows - 1, 1);
        _top = Math.Clamp(_top, 0, Math.Max(_lines.Count - rows, 0));
        var inner = _filter.Draw(surface, Dialog.Draw(surface, area, 110, height, Title, Dialog.Seen(_top, rows, _lines.Count)));
        if (_lines.Count == 0) surface.Write(inner.X, inner.Y, "Nothing has these letters.", Style.Dim, inner.Width);
        for (var i = 0; i < inner.Height && _top + i < _lines.Count; i++) DrawLine(session, surface, new Rect(inner.X, inner.Y + i, inner.Width, 1), _lines[_top + i]);
    }

    private static void DrawLine(Session session, Surface surface, Rect row, (string Heading, KeyBinding? Binding) line)
    {
        if (line.Binding is not { } binding)
        {
            surface.Write(row.X, row.Y, line.Heading, new Style(Color.Cyan, Emphasis: Emphasis.Bold), row.Width);
            return;
        }

        var why = binding.Disabled(session);
        var keys = session.Keys.Of(binding);
        var pen = new Pen(surface, row.X + 1, row.Y, row.X + 11);
        for (var i = 0; i < keys.Count; i++)
        {
            if (i > 0) pen.Space();
            if (!pen.TryWrite(keys[i], why is null ? Style.Bold : Style.Dim)) break;
        }

        var text = new Pen(surface, row.X + 12, row.Y, row.X + 31);
        if (binding.Word.Length > 0)
        {
            text.Write(":", Style.Dim);
            text.Write(binding.Word, why is null ? Style.Plain : Style.Dim);
            if (binding.Argument.Length > 0)
            {
                text.Space();
                text.Write(binding.Argument, Style.Dim);
            }
        }

        var help = new Pen(surface, row.X + 32, row.Y, row.Right);
        help.Write(binding.Help, why is null ? Style.Plain : Style.Dim);
        if (why is null) return;
        help.Write(" (", Style.Dim);
        help.Write(why, Style.Dim);
        help.Write(")", Style.Dim);
    }

    private void Leave(Session session)
    {
        if (_filter.Clear()) Show(session);
        else session.Close(this);
    }

    /// <summary>The lines that have the letters, under their headings.</summary>
    private void Show(Session session)
    {
        _top = 0;
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
