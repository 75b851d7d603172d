using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Calls that are over, the newest first; Enter opens their record.</summary>
internal sealed class HistoryPanel : TablePanel<HistoryEntry>
{
    private static readonly Column[] All =
    [
        new("when", 6),
        new("", 1),
        new("peer", 0, Least: 22),
        new("outcome", 18),
        new("path", 5, Importance: 4),
        new("codec", 6, Importance: 2),
        new("MOS", 3, IsRight: true, Importance: 3),
        new("account", 10, Importance: 1),
    ];

    private readonly ListOrder<HistoryEntry> _order = Orders.OfHistory();
    private readonly KeyBinding[] _keys;

    public HistoryPanel() => _keys =
    [
        .. PastKeys.Of(() => Selected, ""),
        new(["b"], "", "call back", "call the same again", CallBack) { Name = "redial", Rank = 15, Disabled = NeedsRow },
        new(["y"], "", "copy", "copy the address", session =>
        {
            session.Ask(new PhoneCommand.Copy(Selected!.Peer));
            session.Tell($"copied {Selected.Peer}");
        }) { Rank = 100, Disabled = NeedsRow },
        PastKeys.Delete(() => Selected, ""),
        .. _order.Keys("", Refresh),
    ];

    public override string Title => "History";

    public override IReadOnlyList<KeyBinding> Keys => _keys;

    protected override ListOrder<HistoryEntry> Order => _order;

    protected override IReadOnlyList<Column> Columns => All;

    protected override bool HasHeadings => false;

    protected override bool FollowsTop => true;

    protected override string Empty(Session session) => "no calls yet";

    protected override IReadOnlyList<HistoryEntry> Of(PhoneView view) => view.History;

    protected override bool IsSame(HistoryEntry one, HistoryEntry other) => one.Number > 0 ? one.Number == other.Number : one.At == other.At && one.Peer == other.Peer;

    protected override bool Matches(HistoryEntry thing, string letters) => Letters.Have(letters, thing.Peer, thing.Name, HistoryText.Result(thing));

    public override string Note(Session session) => session.View.Missed is > 0 and var missed ? $"{missed} missed" : "";

    public override void Focused(Session session)
    {
        if (session.View.Missed > 0) session.Ask(new PhoneCommand.SeenMissed());
    }

    public override void Open(Session session) => session.Do(_keys[0]);

    private void CallBack(Session session)
    {
        if (Selected is not { } entry) return;
        var account = session.View.Accounts.Any(a => a.Name == entry.Account) ? entry.Account : null;
        Dialling.Place(session, entry.Peer, account);
    }

    protected override void Fill(Session session, HistoryEntry thing, TableCell[] fields)
    {
        fields[0] = new(When(thing.At, session.View.Clock), Style.Dim);
        fields[1] = new(Marks.Arrow(thing.Direction), Style.Dim);
        fields[2] = new(Wording.Peer(session.View, thing.Account, thing.Name, thing.Peer), thing.IsMissed ? Style.Bold : Style.Plain);
        fields[3] = Outcome(thing);
        fields[4] = new(thing.Path, Marks.OfPath(thing.Path));
        fields[5] = new(thing.Codec, Style.Dim);
        fields[6] = thing.Mos is { } mos ? new($"{mos:0.0}", Marks.OfMos(mos)) : new TableCell("");
        fields[7] = new(thing.Account, Style.Dim);
    }

    /// <summary>The time today, the day before that.</summary>
    internal static string When(DateTimeOffset at, DateTimeOffset now) =>
        (at.Year, at.DayOfYear) == (now.Year, now.DayOfYear) ? at.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)
        : at.ToString(at.Year == now.Year ? "d MMM" : "yyyy", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How long it was talked, or why it was not.</summary>
    internal static TableCell Outcome(HistoryEntry entry) =>
        entry.Talked is { } talked ? new(Wording.Clock(talked)) : new(HistoryText.Result(entry), HistoryText.ResultStyle(entry));

    private string? NeedsRow(Session session) => Selected is null ? "there is no call to repeat" : null;
}
