using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>A line of text, or a secret of which only dots are shown.</summary>
/// <param name="label">A word or two at its left.</param>
public sealed class TextField(string label) : FormField(label)
{
    private readonly LineEditor _editor = new();

    /// <summary>What was typed, without spaces around it; a secret as it is.</summary>
    public string Text
    {
        get => IsSecret ? _editor.Text : _editor.Text.Trim();
        set => _editor.Text = value;
    }

    public bool IsSecret { get; init; }

    /// <summary>An example, or what holds while nothing is typed.</summary>
    public Func<string> Example { get; init; } = () => "";

    public override bool TakesText => true;

    public override bool Handle(InputEvent input) => _editor.Handle(input);

    public override void Draw(Surface surface, Rect area, bool hasFocus)
    {
        if (_editor.Text.Length == 0) surface.Write(area.X, area.Y, Example(), Style.Dim, area.Width);
        var cursor = surface.Cursor;
        _editor.Draw(surface, area, IsSecret);
        if (!hasFocus) surface.Cursor = cursor;
        surface.Restyle(area, s => s.With(Emphasis.Underline));
    }
}
