using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Lines to read and to scroll through, whole on a page of their own.</summary>
/// <param name="title">What they are about.</param>
/// <param name="lines">The lines; what is too long is wrapped.</param>
internal sealed class StoryScreen(string title, IReadOnlyList<string> lines) : Screen
{
    private readonly ScrollView _seen = new();
    private List<string> _wrapped = [];
    private int _width;

    public override string Title => title;

    public override IReadOnlyList<KeyBinding> Keys => field ??=
    [
        new(["y"], "", "copy", "copy the text", session =>
        {
            session.Ask(new PhoneCommand.Copy(string.Join("\r\n", lines)));
            session.Tell("copied");
        }) { Rank = 2 },
    ];

    public override bool Handle(Session session, InputEvent input) => _seen.Handle(input) || input is InputEvent.Mouse;

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = area.Inset(1, 0);
        if (inner.Width != _width)
        {
            _width = inner.Width;
            _wrapped = [.. lines.SelectMany(l => Wrap(l, _width))];
        }

        (var head, inner) = _wrapped.Count > inner.Height ? inner.CutRows(1) : (default, inner);
        _seen.Fit(_wrapped.Count, inner.Height);
        for (var i = 0; i < inner.Height && _seen.Top + i < _wrapped.Count; i++) surface.Write(inner.X, inner.Y + i, _wrapped[_seen.Top + i], Style.Plain, inner.Width);
        if (_seen.Seen is { } percent) surface.WriteRight(head.Right, head.Y, string.Create(CultureInfo.InvariantCulture, $"{percent} % seen"), Style.Dim);
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
