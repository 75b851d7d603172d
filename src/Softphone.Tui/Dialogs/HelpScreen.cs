using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Every key and every word of the command line, under headings; made from the key table, with the reason where something cannot be done now.</summary>
internal sealed class HelpScreen : Screen
{
    private readonly List<(string Heading, KeyBinding? Binding)> _lines = [];
    private int _top;
    private int _page = 1;

    public HelpScreen(Session session)
    {
        Add("Here", session.Top.Keys);
        foreach (var group in Bindings.Global.GroupBy(b => b.Group)) Add(group.Key, group);
        Note("Moving", "↑ ↓ j k", "by lines; g G to the ends, PgUp PgDn by pages");
        Note("", "Mouse", "click selects, twice opens; keys below can be clicked");
        Note("", "Digits", "dial, or are sent to the call, on every screen");
    }

    public override string Title => "Help";

    public override bool IsOverlay => true;

    public override IReadOnlyList<KeyBinding> Keys => field ??=
    [
        new(["Esc", "q", "?", "F1"], "", "back", "leave it", session => session.Close(this)) { Rank = 1 },
    ];

    public override bool Handle(Session session, InputEvent input)
    {
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
        var height = Math.Min(_lines.Count + 2, area.Height);
        _page = Math.Max(height - 3, 1);
        _top = Math.Clamp(_top, 0, Math.Max(_lines.Count - (height - 2), 0));
        var inner = Dialog.Draw(surface, area, 110, height, Title, _lines.Count > height - 2 ? $"{_top + 1}–{Math.Min(_top + height - 2, _lines.Count)} of {_lines.Count}" : "");
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
        var pen = new Pen(surface, row.X + 1, row.Y, row.X + 11);
        for (var i = 0; i < binding.Keys.Count; i++)
        {
            if (i > 0) pen.Space();
            if (!pen.TryWrite(binding.Keys[i], why is null ? Style.Bold : Style.Dim)) break;
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

    private void Add(string heading, IEnumerable<KeyBinding> bindings)
    {
        var shown = bindings.Where(b => b.Help.Length > 0).ToList();
        if (shown.Count == 0) return;
        if (_lines.Count > 0) _lines.Add(("", null));
        _lines.Add((heading, null));
        _lines.AddRange(shown.Select(b => ("", (KeyBinding?)b)));
    }

    private void Note(string heading, string key, string help)
    {
        if (heading.Length > 0)
        {
            _lines.Add(("", null));
            _lines.Add((heading, null));
        }

        _lines.Add(("", new KeyBinding([key], "", "", help, _ => { })));
    }
}
