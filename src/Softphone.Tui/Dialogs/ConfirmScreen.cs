using System.Text;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Asks before something that cannot be undone. No other key does anything until it is answered.</summary>
/// <param name="title">What it is about.</param>
/// <param name="why">Why it asks, one sentence, as things stand now.</param>
/// <param name="deed">What "yes" does, as a verb.</param>
/// <param name="act">Does it.</param>
internal sealed class ConfirmScreen(string title, Func<Session, string> why, string deed, Action<Session> act) : Screen
{
    private readonly KeyBinding[] _keys =
    [
        new(["y", "Enter"], "", deed, deed, session =>
        {
            session.Back();
            act(session);
        }) { Rank = 1 },
        new(["n", "Esc"], "", "no", "leave it", session => session.Back()) { Rank = 2 },
    ];

    public override string Title => title;

    public override bool IsOverlay => true;

    public override IReadOnlyList<KeyBinding> Keys => _keys;

    /// <summary>But for function keys, which take or reject a call that rings meanwhile, and Ctrl-C.</summary>
    public override bool Handle(Session session, InputEvent input) => input is not InputEvent.Key key || !KeyNames.IsSpecial(key);

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var text = why(session);
        var width = Math.Max(GlyphWidth.Of(text), deed.Length + 12) + 6;
        var inner = Dialog.Draw(surface, area, width, 6, title);
        surface.Write(inner.X, inner.Y + 1, text, Style.Plain, inner.Width);
        var pen = new Pen(surface, inner.X, inner.Y + 2, inner.Right);
        pen.Write("y ", new Style(Color.Cyan, Emphasis: Emphasis.Bold));
        pen.Write(deed);
        pen.Write("   n ", new Style(Color.Cyan, Emphasis: Emphasis.Bold));
        pen.Write("no");
    }
}
