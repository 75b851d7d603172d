using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Lines to read and to scroll through, whole on a page of their own.</summary>
/// <param name="title">What they are about.</param>
/// <param name="lines">The lines; what is too long is wrapped.</param>
internal sealed class StoryScreen(string title, IReadOnlyList<string> lines) : Screen
{
    private List<string> _wrapped = [];
    private int _width;
    private int _top;
    private int _page = 1;

    public override string Title => title;

    public override IReadOnlyList<KeyBinding> Keys => field ??=
    [
        new(["y"], "", "copy", "copy the text", session =>
        {
            session.Ask(new PhoneCommand.Copy(string.Join("\r\n", lines)));
            session.Tell("copied");
        }) { Rank = 2 },
    ];

    public override bool Handle(Session session, InputEvent input)
    {
        var step = input switch
        {
            InputEvent.Key { Code: KeyCode.Down } or InputEvent.Key { Rune.Value: 'j', Modifiers: Modifiers.None } => 1,
            InputEvent.Key { Code: KeyCode.Up } or InputEvent.Key { Rune.Value: 'k', Modifiers: Modifiers.None } => -1,
            InputEvent.Key { Code: KeyCode.PageDown } or InputEvent.Key { Rune.Value: ' ' } => _page,
            InputEvent.Key { Code: KeyCode.PageUp } => -_page,
            InputEvent.Key { Code: KeyCode.Home } or InputEvent.Key { Rune.Value: 'g', Modifiers: Modifiers.None } => -_wrapped.Count,
            InputEvent.Key { Code: KeyCode.End } or InputEvent.Key { Rune.Value: 'G' } => _wrapped.Count,
            InputEvent.Mouse { Action: MouseAction.WheelDown } => 3,
            InputEvent.Mouse { Action: MouseAction.WheelUp } => -3,
            _ => 0,
        };
        _top += step;
        return step != 0 || input is InputEvent.Mouse;
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = area.Inset(1, 0);
        if (inner.Width != _width)
        {
            _width = inner.Width;
            _wrapped = [.. lines.SelectMany(l => Wrap(l, _width))];
        }

        (var head, inner) = _wrapped.Count > inner.Height ? inner.CutRows(1) : (default, inner);
        _page = Math.Max(inner.Height - 1, 1);
        _top = Math.Clamp(_top, 0, Math.Max(_wrapped.Count - inner.Height, 0));
        for (var i = 0; i < inner.Height && _top + i < _wrapped.Count; i++) surface.Write(inner.X, inner.Y + i, _wrapped[_top + i], Style.Plain, inner.Width);
        if (head.Height > 0)
            surface.WriteRight(head.Right, head.Y, string.Create(CultureInfo.InvariantCulture, $"{100 * Math.Min(_top + inner.Height, _wrapped.Count) / _wrapped.Count} % seen"), Style.Dim);
    }

    /// <summary>What follows stands in under its first line.</summary>
    private static IEnumerable<string> Wrap(string line, int width)
    {
        if (GlyphWidth.Of(line) <= width) return [line];
        var indent = new string(' ', Math.Min(line.Length - line.TrimStart().Length + 2, width / 2));
        var wrapped = Paragraph.Wrap(line.TrimStart(), Math.Max(width - indent.Length, 10));
        return wrapped.Select((l, i) => i == 0 ? indent[2..] + l : indent + l);
    }
}
