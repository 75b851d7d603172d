using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Calls that are over, the newest first: who, when, how it ended and why. Missed ones are marked while the screen is open, and seen from then on.</summary>
public sealed class HistoryScreen : ListScreen
{
    /// <summary>From this height on there is room for why the selected call went as it did.</summary>
    private const int RoomForWhy = 26;

    /// <summary>Below this width the peer would be cut for what matters less.</summary>
    private const int RoomForAll = 96;

    private static readonly Column[] Columns =
    [
        new("", 1), new("when", 12), new("", 1), new("peer", 0), new("result", 20), new("rec", 3), new("time", 8, IsRight: true), new("path", 5, Importance: 2),
        new("MOS", 4, IsRight: true, Importance: 3), new("codec", 5, Importance: 1), new("account", 10, Importance: 1),
    ];

    private readonly ListOrder<HistoryEntry> _order = Orders.OfHistory();
    private readonly HashSet<long> _new = [];
    private (IReadOnlyList<HistoryEntry> History, string Filter, int Order) _shown = ([], "", -1);
    private IReadOnlyList<HistoryEntry> _rows = [];

    /// <summary>Why the selected call went as it did is on the screen, all of it.</summary>
    private bool _isExplained;

    public HistoryScreen() =>
        Keys =
        [
            .. PastKeys.Of(() => Selected, "History", () => _isExplained),
            new(["b"], "redial", "call back", "call the selected peer again", s => Redial(s)) { Group = "History", Rank = 20, Disabled = _ => NeedsRow() },
            new(["P"], "", "save contact", "keep the selected peer as a contact", s => s.Open(new ContactForm(null, AsContact(Selected!)))) { Name = "new-contact", Group = "History", Rank = 30, Disabled = _ => NeedsRow() },
            PastKeys.Delete(() => Selected, "History"),
            new(["/", "F3"], "", "filter", "show only calls with these words", _ => Filter.Open()) { IsOfList = true, Group = "History", Rank = 40 },
            .. _order.Keys("History", Refresh),
        ];

    public override string Title => "history";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    private protected override int Count => _rows.Count;

    private HistoryEntry? Selected => List.Selected < _rows.Count ? _rows[List.Selected] : null;

    public override void Refresh(Session session)
    {
        Sort(session);
        if (session.View.Missed == 0) return;
        foreach (var missed in session.View.History.Where(h => h.IsMissed)) _new.Add(missed.Number);
        session.Ask(new PhoneCommand.SeenMissed());
    }

    private void Sort(Session session)
    {
        var shown = (session.View.History, Filter.Text, _order.Version);
        if (ReferenceEquals(shown.History, _shown.History) && (shown.Text, shown.Version) == (_shown.Filter, _shown.Order)) return;
        var selected = Selected;
        _shown = shown;
        _rows = _order.Sort([.. session.View.History.Where(h => Filter.Matches(h.Name, h.Peer, h.Account, HistoryText.Result(h), h.Path, h.Codec))]);
        // The newest on top stays selected there; any other row is followed.
        for (var i = 0; selected is { Number: > 0 } && (List.Selected > 0 || !_order.IsPlain) && i < _rows.Count; i++)
            if (_rows[i].Number == selected.Number) List.Select(i, _rows.Count);
        List.Fit(_rows.Count, Page);
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var hasWhy = area.Height >= RoomForWhy && Selected is not null;
        var (list, why) = hasWhy ? area.CutRows(area.Height - 9) : (area, default);
        var all = session.View.History.Count;
        var note = _rows.Count == all ? $"{all}" : $"{_rows.Count} of {all}";
        var inner = Filter.Draw(surface, Frame.Draw(surface, list, "History", hasFocus: true, note));
        if (_rows.Count == 0) surface.Write(inner.X + 1, inner.Y + 1, all == 0 ? "No calls yet." : "No call has these words.", Style.Dim, inner.Width - 1);
        (Body, Page) = (inner.CutRows(1).Remainder, inner.Height - 1);
        if (_rows.Count > 0) Table.Draw(surface, inner, inner.Width < RoomForAll ? Columns[..^2] : Columns, _rows.Count, i => Row(session, _rows[i]), List, hasFocus: true, sorted: _order.Heading);
        _isExplained = false;
        if (!hasWhy) return;
        var text = Frame.Draw(surface, new Rect(why.X, why.Y - 1, why.Width, why.Height + 1), "Why");
        _isExplained = WhyScreen.DrawText(surface, text.Inset(1, 0), Selected!);
    }

    private static Contact AsContact(HistoryEntry entry) => new(entry.Name.Length > 0 ? entry.Name : Wording.Address(entry.Peer).Split('@')[0], entry.Peer);

    private TableCell[] Row(Session session, HistoryEntry entry)
    {
        var isNew = entry.IsMissed || _new.Contains(entry.Number);
        var style = isNew ? Style.Bold : Style.Plain;
        return
        [
            new(isNew ? "!" : "", new Style(Color.Red, Emphasis: Emphasis.Bold)),
            new(HistoryText.When(entry, session.View.Clock), style), new(HistoryText.Arrow(entry), style), new(HistoryText.Who(entry), style),
            new(HistoryText.Result(entry), HistoryText.ResultStyle(entry)), new(HistoryText.RecordMark(entry), Style.Dim), HistoryText.Duration(entry), entry.Path, HistoryText.Mos(entry), entry.Codec,
            new(entry.Account, Style.Dim),
        ];
    }

    private void Redial(Session session)
    {
        if (Selected is not { } entry) return;
        session.Ask(new PhoneCommand.Dial(entry.Peer, session.View.Accounts.Any(a => a.Name == entry.Account) ? entry.Account : null));
        session.Tell($"calling {HistoryText.Who(entry)}");
        session.Close(this);
    }

    private string? NeedsRow() => Selected is null ? "no call is selected" : null;
}
