using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>A paragraph to read, in lines that fit.</summary>
/// <param name="title">What it is about.</param>
/// <param name="text">The paragraph.</param>
internal sealed class TextScreen(string title, string text) : Screen
{
    private const int Widest = 76;

    public override string Title => title;

    public override bool IsOverlay => true;

    public override IReadOnlyList<KeyBinding> Keys => field ??=
    [
        new(["Esc", "q", "Enter"], "", "back", "leave it", session => session.Close(this)) { Rank = 1 },
        new(["y"], "", "copy", "copy the text", session =>
        {
            session.Ask(new Phone.PhoneCommand.Copy(text));
            session.Tell("copied");
        }) { Rank = 2 },
    ];

    public override bool Handle(Session session, InputEvent input) => input is InputEvent.Mouse;

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var lines = Paragraph.Wrap(text, Math.Min(Widest, area.Width) - 4);
        var inner = Dialog.Draw(surface, area, Widest, lines.Count + 4, title);
        for (var i = 0; i < lines.Count && i + 1 < inner.Height; i++) surface.Write(inner.X, inner.Y + 1 + i, lines[i], Style.Plain, inner.Width);
    }
}
