using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>What happened, the newest first.</summary>
internal sealed class EventsPanel : TablePanel<EventLine>
{
    private static readonly Column[] All = [new("time", 8), new("", 1), new("event", 0)];

    private readonly KeyBinding[] _keys;

    public EventsPanel() => _keys =
    [
        new(["Enter"], "", "show", "all of it", Open) { Rank = 11, Disabled = NeedsRow },
        new(["y"], "", "copy", "copy the line", session =>
        {
            session.Ask(new PhoneCommand.Copy(Selected!.Text));
            session.Tell("copied");
        }) { Rank = 100, Disabled = NeedsRow },
    ];

    public override string Title => "Events";

    public override IReadOnlyList<KeyBinding> Keys => _keys;

    protected override IReadOnlyList<Column> Columns => All;

    protected override bool HasHeadings => false;

    protected override bool FollowsTop => true;

    protected override string Empty(Session session) => "nothing has happened yet";

    protected override IReadOnlyList<EventLine> Of(PhoneView view) => view.Events;

    protected override bool IsSame(EventLine one, EventLine other) => ReferenceEquals(one, other) || one == other;

    protected override bool Matches(EventLine thing, string letters) => Letters.Have(letters, thing.Text);

    public override string Note(Session session) => "";

    public override void Open(Session session)
    {
        if (Selected is not { } line) return;
        // The keys that look at a call mean the one it tells of.
        if (line.Call is { } id && session.View.Calls.Any(c => c.Id == id)) session.Selected = id;
        session.Open(new TextScreen(line.At.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture), line.Text));
    }

    protected override void Fill(Session session, EventLine thing, TableCell[] fields)
    {
        fields[0] = new(thing.At.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture), Style.Dim);
        fields[1] = new(thing.IsProblem ? "!" : "", new Style(Color.Red, Emphasis: Emphasis.Bold));
        fields[2] = new(thing.Text, thing.IsProblem ? Color.Red : Style.Plain);
    }

    private string? NeedsRow(Session session) => Selected is null ? "nothing has happened yet" : null;
}
