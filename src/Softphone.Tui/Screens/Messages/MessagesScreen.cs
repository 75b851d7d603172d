using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Who was written with, the newest first, and the end of the selected thread beside or below it.</summary>
public sealed class MessagesScreen : ListScreen
{
    private const int RoomForTexts = 12;

    private static readonly Column[] Columns =
    [
        new("", 1), new("when", 12), new("who", 24, Least: 10), new("last message", 0), new("new", 3, IsRight: true), new("account", 10, Importance: 1),
    ];

    private readonly TextRows _texts = new();
    private IReadOnlyList<ThreadView> _rows = [];

    public MessagesScreen() =>
        Keys =
        [
            new(["Enter"], "", "open", "read the selected thread, and answer", Open) { Group = "Messages", Rank = 10, Disabled = _ => NeedsRow() },
            new(["M"], "", "write", "write to somebody", session => session.Open(new DialScreen(DialPurpose.Write, null))) { Name = "message", Group = "Messages", Rank = 20, Disabled = Bindings.NeedsAccount },
            new(["d"], "", "call", "call the other side of the selected thread", Dial) { Name = "dial", Group = "Messages", Rank = 30, Disabled = _ => NeedsRow() },
            new(["/", "F3"], "", "filter", "show only threads with these words", _ => Filter.Open()) { Group = "Messages", Rank = 40 },
        ];

    public override string Title => "messages";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    private protected override int Count => _rows.Count;

    private ThreadView? Selected => List.Selected < _rows.Count ? _rows[List.Selected] : null;

    public override void Refresh(Session session)
    {
        var selected = Selected;
        _rows = [.. session.View.Threads.Where(t => Filter.Matches(t.Name, t.Peer, t.Account, t.Texts[^1].Text))];
        // A text that comes moves its thread to the top; the selection goes with the thread it was on.
        for (var i = 0; i < _rows.Count; i++)
            if (selected is not null && _rows[i].Account == selected.Account && _rows[i].Peer == selected.Peer) List.Select(i, _rows.Count);
        List.Fit(_rows.Count, Page);
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var hasTexts = area.Height >= RoomForTexts && Selected is not null;
        var (list, texts) = hasTexts ? area.CutRows(area.Height / 2) : (area, default);
        var all = session.View.Threads.Count;
        var inner = Filter.Draw(surface, Frame.Draw(surface, list, "Messages", hasFocus: true, _rows.Count == all ? $"{all}" : $"{_rows.Count} of {all}"));
        if (_rows.Count == 0) surface.Write(inner.X + 1, inner.Y + 1, all == 0 ? "Nothing was written yet: M writes to somebody." : "No thread has these words.", Style.Dim, inner.Width - 1);
        (Body, Page) = (inner.CutRows(1).Remainder, inner.Height - 1);
        if (_rows.Count > 0) Table.Draw(surface, inner, Columns, _rows.Count, i => Row(session, _rows[i]), List, hasFocus: true);
        if (!hasTexts) return;
        var thread = Selected!;
        var below = Frame.Draw(surface, new Rect(texts.X, texts.Y - 1, texts.Width, texts.Height + 1), Wording.Peer(session.View, thread.Account, thread.Name, thread.Peer)).Inset(1, 0);
        _texts.Draw(session, surface, below, thread, up: 0);
    }

    private static TableCell[] Row(Session session, ThreadView thread)
    {
        var last = thread.Texts[^1];
        var style = thread.Unread > 0 ? Style.Bold : Style.Plain;
        return
        [
            new(TextRows.Arrow(last), Style.Dim), new(TextRows.When(last.At, session.View.Clock), style),
            new(Wording.Peer(session.View, thread.Account, thread.Name, thread.Peer), style),
            last.State == TextState.Failed ? new($"✗ {PlainLine(last.Text)}", Color.Red) : new(PlainLine(last.Text), style),
            thread.Unread > 0 ? new($"{thread.Unread}", new Style(Color.Yellow, Emphasis: Emphasis.Bold)) : new(""), new(thread.Account, Style.Dim),
        ];
    }

    private static string PlainLine(string text) => text.ReplaceLineEndings(" ");

    private void Open(Session session)
    {
        if (Selected is { } thread) session.Open(new ThreadScreen(thread.Account, thread.Peer));
    }

    private void Dial(Session session)
    {
        if (Selected is not { } thread) return;
        Dialling.Place(session, thread.Peer, session.View.Accounts.Any(a => a.Name == thread.Account) ? thread.Account : null);
    }

    private string? NeedsRow() => Selected is null ? "no thread is selected" : null;
}
