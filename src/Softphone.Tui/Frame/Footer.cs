using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The last row: the keys that do something here and now, most wanted first, or a short word to the person. The keys can be clicked.</summary>
internal sealed class Footer
{
    private const int LongestNotice = 3;

    private readonly List<KeyBinding> _shown = [];
    private readonly WrappedText _notice = new();
    private readonly List<(int From, int To, KeyBinding Binding)> _places = [];
    private int _row = -1;

    /// <summary>What was drawn at this place; null when nothing was.</summary>
    public KeyBinding? At(int x, int y)
    {
        if (y != _row) return null;
        foreach (var (from, to, binding) in _places)
            if (x >= from && x < to) return binding;
        return null;
    }

    public void Draw(Session session, Surface surface, Rect row)
    {
        _places.Clear();
        _row = row.Y;
        if (session.Notice.Length > 0) return;
        Collect(session);
        var help = Bindings.Help;
        var helpWidth = session.Top.TakesText || session.Top.IsOverlay ? 0 : Width(help, session) + 2;
        var x = row.X + 1;
        foreach (var binding in _shown)
        {
            if (ReferenceEquals(binding, help)) continue;
            var width = Width(binding, session);
            if (x + width + 2 > row.Right - helpWidth) break;
            x = Put(session, surface, x, row.Y, binding) + 2;
        }

        if (helpWidth > 0 && row.Width > helpWidth) Put(session, surface, row.Right - helpWidth + 1, row.Y, help);
    }

    /// <summary>The word to the person, over the rows above where it is long.</summary>
    public void DrawNotice(Session session, Surface surface, Rect row)
    {
        if (session.Notice is not { Length: > 0 } notice) return;
        var width = row.Width - 2;
        var rows = GlyphWidth.Of(notice) <= width ? 1 : Math.Min(Math.Min(Paragraph.Wrap(notice, width).Count, LongestNotice), row.Y);
        for (var y = row.Bottom - rows; y < row.Bottom; y++) surface.Fill(new Rect(row.X, y, row.Width, 1), Style.Plain);
        _notice.Draw(surface, new Rect(row.X + 1, row.Bottom - rows, width, rows), notice, new Style(Color.Yellow, Emphasis: Emphasis.Bold));
    }

    /// <summary>What can be done now, in the order of rank; while text is typed only keys that are no text.</summary>
    private void Collect(Session session)
    {
        _shown.Clear();
        var isText = session.Top.TakesText;
        Add(session.Top.Keys);
        if (!session.Top.IsOverlay && !isText) Add(session.Global);
        else if (!session.Top.IsOverlay && session.View.Live() > 0) Add([Bindings.Hangup]);
        // Insertion: the list is short, nearly sorted, and equal ranks keep their order.
        for (var i = 1; i < _shown.Count; i++)
        {
            var binding = _shown[i];
            var at = i;
            for (; at > 0 && _shown[at - 1].Rank > binding.Rank; at--) _shown[at] = _shown[at - 1];
            _shown[at] = binding;
        }

        void Add(IReadOnlyList<KeyBinding> bindings)
        {
            for (var i = 0; i < bindings.Count; i++)
            {
                var binding = bindings[i];
                if (binding.Rank > 99 || (isText && KeyOf(binding, session).Length < 2) || IsShadowed(binding, session.Keys) || binding.Disabled(session) is not null) continue;
                _shown.Add(binding);
            }
        }
    }

    /// <summary>The screen has this key for something else.</summary>
    private bool IsShadowed(KeyBinding binding, KeyMap keys)
    {
        foreach (var shown in _shown)
            if (keys.First(shown) == keys.First(binding)) return true;
        return false;
    }

    private static int Width(KeyBinding binding, Session session) =>
        GlyphWidth.Of(KeyOf(binding, session)) + 1 + GlyphWidth.Of(binding.LabelOf(session));

    private int Put(Session session, Surface surface, int x, int y, KeyBinding binding)
    {
        var from = x;
        x = surface.Write(x, y, KeyOf(binding, session), new Style(Color.Cyan, Emphasis: Emphasis.Bold)) + 1;
        x = surface.Write(x, y, binding.LabelOf(session));
        _places.Add((from, x, binding));
        return x;
    }

    /// <summary>Its first key, or the first that works while text is typed.</summary>
    private static string KeyOf(KeyBinding binding, Session session) =>
        session.Top.TakesText ? session.Keys.WhileTyping(binding) : session.Keys.First(binding);
}
