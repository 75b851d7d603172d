using System.Globalization;
using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// Every SIP dialog and transaction of every account: calls, registrations, OPTIONS, subscriptions, messages. Sorted by a column, held against a
/// filter expression, several marked for one ladder.
/// </summary>
internal sealed class DialogsScreen : ListScreen
{
    private const string Group = "SIP dialogs";

    /// <summary>The columns that a list can be sorted by, in the order in which "o" goes through them.</summary>
    private static readonly SipDialogColumn[] Orders =
    [
        SipDialogColumn.Last, SipDialogColumn.Time, SipDialogColumn.Method, SipDialogColumn.From, SipDialogColumn.To, SipDialogColumn.State, SipDialogColumn.Messages, SipDialogColumn.Account,
    ];

    private readonly CaptureSight? _capture;
    private readonly Dictionary<long, CaptureFinding> _worst = [];
    private readonly HashSet<long> _marked = [];
    private IReadOnlyList<SipDialog> _all = [];
    private List<SipDialog> _rows = [];
    private SipDialogFilter _filter = SipDialogFilter.All;
    private SipDialogFilter _kept = SipDialogFilter.All;
    private SipDialogOrder _order = new(SipDialogColumn.Last, IsFalling: true);
    private string _mistake = "";
    private string _read = "";
    private long _selected;

    /// <summary>What the rows were made of.</summary>
    private (IReadOnlyList<SipDialog> All, SipDialogFilter Filter, SipDialogOrder Order, long Second)? _made;

    /// <summary>The list of a phone's own dialogs, or of those in a capture.</summary>
    public DialogsScreen(string filter = "", CaptureSight? capture = null)
    {
        Filter.Text = filter;
        _capture = capture;
        // What is over is read from its beginning on.
        if (capture is not null) _order = new SipDialogOrder(SipDialogColumn.Time);
        foreach (var problem in capture?.Problems ?? [])
            if (problem.Dialog is { } number) _worst.TryAdd(number, problem);
        Keys =
        [
            new(["Enter"], "", "ladder", "show its messages, or those of all marked", Show) { Group = Group, Rank = 1, Disabled = NeedsRow },
            new(["Space"], "", "mark", "mark it for one ladder or one file", Mark) { Group = Group, Rank = 2, Disabled = NeedsRow, Label = _ => Selected is { } row && _marked.Contains(row.Number) ? "unmark" : "mark" },
            new(["o"], "sort", "sort", "sort by the next column", Sort) { Group = Group, Rank = 3, Argument = "COLUMN", Choices = _ => Orders.Select(NameOf), RunWith = SortBy },
            new(["O"], "", "turn round", "sort the other way round", s => Order(s, _order with { IsFalling = !_order.IsFalling })) { Group = Group, Rank = 50 },
            new(["/", "F3"], "filter", "filter", "show only what fits: method:register status:>=400", _ => Filter.Open()) { Group = Group, Rank = 4, Argument = "EXPRESSION", RunWith = FilterBy },
            new(["."], "", "unmark all", "mark nothing", _ => _marked.Clear()) { Group = Group, Rank = 51, Disabled = _ => _marked.Count == 0 ? "nothing is marked" : null },
            .. SaveKeys.Of(() => ("sip", Meant().SelectMany(d => d.Messages).OrderBy(m => m.At).ToList()), Group),
            .. capture is null ? [] : CaptureKeys.Of(capture, () => Selected is { } row ? [row] : [], Group),
            new(["y"], "", "copy", "copy the Call-ID", Copy) { Group = Group, Rank = 60, Disabled = NeedsRow },
        ];
    }

    public override string Title => "SIP";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    private protected override int Count => _rows.Count;

    private SipDialog? Selected => List.Selected < _rows.Count ? _rows[List.Selected] : null;

    public override void Refresh(Session session)
    {
        // Where the selection stands now is what a person chose; rows may come above it.
        if (Selected is { } chosen) _selected = chosen.Number;
        if (_read != Filter.Text)
        {
            List.Select(0, _rows.Count);
            _read = Filter.Text;
            // A word that is half typed lets through what passed before it was begun.
            _filter = SipDialogFilter.TryParse(_read, out var filter, out _mistake) ? filter : _kept;
        }

        if (!Filter.IsOpen) _kept = _filter;

        // What silence makes of a state is looked for once a second.
        var second = session.View.Now.Nanoseconds / 1_000_000_000;
        if (_made is { } made && ReferenceEquals(made.All, session.View.Dialogs) && made.Filter == _filter && made.Order == _order && made.Second == second) return;
        _made = (_all = session.View.Dialogs, _filter, _order, second);
        _rows = _order.Of(_all, _filter, session.View.Now);
        // Who looks at the top wants to see what comes.
        if (List.Selected > 0 && _rows.FindIndex(d => d.Number == _selected) is >= 0 and var at) List.Select(at, _rows.Count);
        List.Fit(_rows.Count, Page);
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var note = _rows.Count == _all.Count ? $"{_all.Count}" : $"{_rows.Count} of {_all.Count}";
        if (_marked.Count > 0) note = $"{_marked.Count} marked, {note}";
        var inner = Filter.Draw(surface, Frame.Draw(surface, area, $"SIP dialogs by {NameOf(_order.Column)}{(_order.IsFalling ? '↓' : '↑')}", hasFocus: true, note));
        if (_mistake.Length > 0)
        {
            (var line, inner) = inner.CutRows(-1);
            surface.Write(line.X + 1, line.Y, _mistake, new Style(Color.Yellow, Emphasis: Emphasis.Bold), line.Width - 1);
        }

        if (_rows.Count == 0) surface.Write(inner.X + 1, inner.Y + 1, _all.Count == 0 ? "No SIP message yet." : "No dialog passes the filter.", Style.Dim, inner.Width - 1);
        (Body, Page) = (inner.CutRows(1).Remainder, inner.Height - 1);
        if (_rows.Count > 0) Table.Draw(surface, inner, Columns(area.Width, _capture is not null), _rows.Count, i => Row(session, _rows[i], area.Width), List, hasFocus: true);
    }

    private static Column[] Columns(int width, bool isCapture)
    {
        var isRoomy = width >= 120;
        return
        [
            new("", 1), new("time", isRoomy ? 12 : 8, Importance: 4), new("", 1, Importance: 5), new("method", 9), new("from", 0, Importance: 6, Least: 13), new("to", 0, Least: 13),
            new("state", width < 60 ? 12 : isRoomy ? 26 : 16), new("msgs", 4, IsRight: true, Importance: 3), new("lasted", 6, IsRight: true, Importance: 2), new("with", isRoomy ? 25 : 21, Importance: 1),
            isCapture ? new("problem", 19, Importance: 3) : new("account", 8, Importance: 2),
        ];
    }

    /// <summary>The time of day, or the day of what another run has left.</summary>
    private static string Clock(DateTimeOffset at, DateTimeOffset now, int width) =>
        at.ToString(now - at > TimeSpan.FromHours(20) ? width >= 120 ? "d MMM HH:mm" : "d MMM" : width >= 120 ? "HH:mm:ss.fff" : "HH:mm:ss", CultureInfo.InvariantCulture);

    private TableCell[] Row(Session session, SipDialog dialog, int width)
    {
        var now = session.View.Now;
        var (at, isOurs) = (session.View.Clock - (now - dialog.First), dialog.IsSent);
        return
        [
            new(_marked.Contains(dialog.Number) ? "✓" : "", new Style(Color.Yellow, Emphasis: Emphasis.Bold)),
            new(Clock(at, session.View.Clock, width), Style.Dim), new(dialog.Account.Length == 0 ? "" : isOurs ? "→" : "←", isOurs ? Color.Cyan : Color.Green),
            dialog.Method, dialog.From, dialog.To, new(SipDialogWords.StateOf(dialog, now), StyleOf(dialog.StateAt(now))),
            dialog.Count.ToString(CultureInfo.InvariantCulture), new(Lasted(dialog.Last - dialog.First), Style.Dim),
            new($"{(isOurs || dialog.Account.Length == 0 ? dialog.Target : dialog.Source)} {dialog.Transport.ToString().ToLowerInvariant()}", Style.Dim), _capture is null ? new(dialog.Account, Style.Dim) : Problem(dialog),
        ];
    }

    private TableCell Problem(SipDialog dialog) =>
        _worst.TryGetValue(dialog.Number, out var worst) ? new TableCell(worst.Kind, worst.Severity switch { 0 => new Style(Color.Red), 1 => new Style(Color.Yellow), _ => Style.Dim }) : new TableCell("");

    private static string Lasted(TimeSpan time) =>
        time.TotalSeconds < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms") : time.TotalHours < 1 ? time.ToString(@"m\:ss", CultureInfo.InvariantCulture) : Wording.Clock(time);

    private static Style StyleOf(SipDialogState state) => state switch
    {
        SipDialogState.Refused or SipDialogState.NoAnswer => Color.Red,
        SipDialogState.Up or SipDialogState.Answered => Color.Green,
        SipDialogState.Trying or SipDialogState.Ringing or SipDialogState.Challenged or SipDialogState.Redirected => Color.Yellow,
        _ => Style.Plain,
    };

    private static string NameOf(SipDialogColumn column) => column.ToString().ToLowerInvariant();

    private void Show(Session session)
    {
        if (Meant(isOne: true) is { Count: > 0 } dialogs) session.Open(new DialogLadderScreen(dialogs, session.Setup.Capture));
    }

    /// <summary>The marked ones in the order of their time, filtered out or not; else the selected one, or all that are shown.</summary>
    private List<SipDialog> Meant(bool isOne = false) =>
        _marked.Count > 0 ? [.. _all.Where(d => _marked.Contains(d.Number))] : isOne ? Selected is { } one ? [one] : [] : _rows;

    private void Mark(Session session)
    {
        var number = Selected!.Number;
        if (!_marked.Remove(number)) _marked.Add(number);
        List.Select(List.Selected + 1, _rows.Count);
    }

    private void Sort(Session session)
    {
        Order(session, new SipDialogOrder(Orders[(Array.IndexOf(Orders, _order.Column) + 1) % Orders.Length]));
    }

    private void SortBy(Session session, string name)
    {
        if (Orders.Where(o => NameOf(o).StartsWith(name, StringComparison.OrdinalIgnoreCase)).ToArray() is [var column]) Order(session, new SipDialogOrder(column));
        else session.Tell($"there is no column {name}: {string.Join(", ", Orders.Select(NameOf))}");
    }

    private void FilterBy(Session session, string expression)
    {
        Filter.Text = expression;
        Refresh(session);
        if (_mistake.Length > 0) session.Tell(_mistake);
    }

    /// <summary>Another order begins at its top.</summary>
    private void Order(Session session, SipDialogOrder order)
    {
        _order = order;
        List.Select(0, _rows.Count);
        Refresh(session);
    }

    private void Copy(Session session)
    {
        session.Ask(new PhoneCommand.Copy(Selected!.CallId));
        session.Tell($"copied {PlainText.Clean(Selected.CallId)}");
    }

    private string? NeedsRow(Session session) => Selected is null ? "no dialog is selected" : null;
}
