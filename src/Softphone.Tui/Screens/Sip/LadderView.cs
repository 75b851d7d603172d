using System.Globalization;
using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// A ladder that is looked at: which row is selected, which message waits for another one to be compared with. Where there is room, the selected
/// message stands beside it. Used by the screen of one call and by that of any dialogs.
/// </summary>
/// <param name="title">What its screen is called now.</param>
internal sealed class LadderView(Func<string> title)
{
    private const int LadderWidth = 100;
    private const int BesideFrom = 150;

    private readonly ListView _list = new();
    private readonly int[] _columns = new int[SipStory.MostParties];
    private MessageView? _beside;
    private bool _isMoved;
    private Rect _rows;

    public SipStory? Story { get; private set; }

    /// <summary>The first of two messages to be compared; null when none waits.</summary>
    public SipTrace.Message? Compared { get; private set; }

    public string Title => title();

    /// <summary>Its messages, oldest first.</summary>
    public IEnumerable<SipTrace.Message> Messages => Story is { } story ? story.Rows.Where(r => r.Message is not null).Select(r => r.Message!) : [];

    private SipRow? Selected => Story is { } story && _list.Selected < story.Rows.Count ? story.Rows[_list.Selected] : null;

    /// <summary>What can be done with a row, for a screen's table of keys.</summary>
    public IEnumerable<KeyBinding> Keys()
    {
        yield return new KeyBinding(["Enter"], "message", "message", "show the selected message whole", Open) { Group = "SIP", Rank = 1, Disabled = NeedsMessage };
        yield return new KeyBinding(["y"], "", "copy", "copy the selected message", Copy) { Group = "SIP", Rank = 2, Disabled = NeedsMessage };
        yield return new KeyBinding(["D"], "diff", "diff", "compare the selected message with the next one chosen so", Compare)
        {
            Group = "SIP",
            Rank = 3,
            Label = _ => Compared is null ? "diff" : "diff with it",
            Disabled = NeedsMessage,
        };
        yield return new KeyBinding(["V"], "raw", "raw", "show every message, one below the other", s => s.Open(new SipMessageScreen(this, null))) { Group = "SIP", Rank = 4, Disabled = NeedsAny };
        yield return new KeyBinding(["Y"], "copyall", "copy all", "copy every message", CopyAll) { Group = "SIP", Rank = 60, Disabled = NeedsAny };
    }

    /// <summary>Another story, or more of it: the newest message is followed until a person looks at another one.</summary>
    public void Show(SipStory story)
    {
        Story = story;
        if (!_isMoved && story.MessageAt(story.Rows.Count - 1) is { } newest) _list.Select(story.IndexOf(newest), story.Rows.Count);
    }

    public void Reset() => (Story, _isMoved, Compared) = (null, false, null);

    public bool Handle(Session session, InputEvent input)
    {
        var count = Story?.Rows.Count ?? 0;
        switch (input)
        {
            case InputEvent.Key key when _list.Handle(key, count, _rows.Height):
                _isMoved = _list.Selected < count - 1;
                return true;
            case InputEvent.Mouse { Action: MouseAction.WheelDown or MouseAction.WheelUp } wheel:
                Select(_list.Selected + (wheel.Action == MouseAction.WheelDown ? 1 : -1), count);
                return true;
            case InputEvent.Mouse { Action: MouseAction.Press, Button: 0 } press when _rows.Contains(press.X, press.Y):
                var row = _list.Top + press.Y - _rows.Y;
                if (row >= count) return false;
                if (row == _list.Selected) Open(session);
                else Select(row, count);
                return true;
            default:
                return false;
        }
    }

    public void Draw(Surface surface, Rect area)
    {
        if (Story is not { Rows.Count: > 0 } story)
        {
            surface.Write(area.X + 1, area.Y, "no message yet", Style.Dim);
            return;
        }

        var isWide = area.Width >= BesideFrom;
        var (ladder, beside) = isWide ? area.CutColumns(area.Width - (area.Width - LadderWidth < 60 ? 62 : area.Width - LadderWidth)) : (area, default);
        DrawLadder(surface, ladder, story);
        if (!isWide) return;
        var shown = story.MessageAt(_list.Selected);
        if (shown?.Message is { } message && _beside?.Messages[0] != message) _beside = new MessageView(message);
        var inner = Frame.Draw(surface, beside, shown?.Label ?? "");
        if (shown is not null) _beside?.Draw(surface, inner, 0, "");
    }

    private void DrawLadder(Surface surface, Rect area, SipStory story)
    {
        var (head, body) = area.CutRows(2);
        var isNarrow = area.Width < 96;
        var times = isNarrow ? 18 : 20;
        var peers = story.Peers.Count;
        var columns = _columns.AsSpan(0, peers + 1);
        var first = area.X + times + 2;
        var last = area.Right - (peers <= 1 ? Math.Clamp(area.Width / 10, 3, 12) : 8);
        for (var i = 0; i <= peers; i++) columns[i] = first + (last - first) * i / Math.Max(peers, 1);
        surface.Write(area.X + 1, head.Y, string.Create(CultureInfo.InvariantCulture, $"{story.Messages} messages"), Style.Plain, times - 1);
        if (story.Repeats > 0) surface.Write(area.X + 1, head.Y + 1, string.Create(CultureInfo.InvariantCulture, $"{story.Repeats} sent again"), Color.Yellow, times - 1);
        surface.Write(first, head.Y, story.IsOurs ? "us" : "from", Style.Bold);
        surface.Write(first, head.Y + 1, story.Us, Style.Dim, peers > 1 ? columns[1] - first - 2 : int.MaxValue);
        for (var i = 1; i <= peers; i++) Name(surface, head.Y, columns, i, story.Peers[i - 1].Name);
        _rows = body;
        _list.Fit(story.Rows.Count, body.Height);
        for (var i = 0; i < body.Height; i++)
        {
            var (y, index) = (body.Y + i, _list.Top + i);
            Ladder.Lines(surface, y, columns);
            if (index >= story.Rows.Count) continue;
            var row = story.Rows[index];
            DrawRow(surface, y, columns, row, times, story.Began);
            if (row.Message is not null && row.Message == Compared) surface.Put(area.X, y, '=', new Style(Color.Yellow, Emphasis: Emphasis.Bold));
            if (index != _list.Selected) continue;
            surface.Put(area.X, y, '▸', Style.Bold);
            surface.Select(new Rect(area.X, y, area.Width, 1));
        }
    }

    private static void Name(Surface surface, int y, ReadOnlySpan<int> columns, int index, string name)
    {
        // Address over transport; the last one ends at the edge, the others stand at their line.
        var space = name.IndexOf(' ', StringComparison.Ordinal);
        var (address, transport) = space < 0 ? (name, "") : (name[..space], name[(space + 1)..]);
        if (index == columns.Length - 1)
        {
            surface.WriteRight(Math.Min(columns[index] + Math.Max(address.Length / 2, 3), surface.Width), y, address, Style.Bold);
            surface.WriteRight(columns[index] + 1, y + 1, transport, Style.Dim);
            return;
        }

        surface.Write(columns[index] - Math.Min(address.Length / 2, 10), y, address, Style.Bold, columns[index + 1] - columns[index] - 1);
        surface.Write(columns[index], y + 1, transport, Style.Dim);
    }

    private static void DrawRow(Surface surface, int y, ReadOnlySpan<int> columns, SipRow row, int times, Instant? began)
    {
        Span<char> text = stackalloc char[24];
        if (began is { } start && row.At >= start && LadderTime.Format(row.At - start, text, out var length)) surface.WriteRight(10, y, text[..length], row.Message is null ? Style.Dim : Style.Plain);
        if (row.Message is null)
        {
            Ladder.Mark(surface, y, columns, row.Label, row.Style);
            return;
        }

        if (row.Since > TimeSpan.Zero && LadderTime.FormatDelta(row.Since, text, out length)) surface.WriteRight(times, y, text[..length], Style.Dim);
        // Parties that share a line write beside it.
        if (row.Sender == row.Receiver) Ladder.Mark(surface, y, columns, row.Text, row.Style);
        else Ladder.Arrow(surface, y, columns, row.Sender, row.Receiver, row.Text, row.Style, row.IsRepeat);
    }

    private void Select(int row, int count)
    {
        _list.Select(row, count);
        _isMoved = _list.Selected < count - 1;
    }

    private void Open(Session session)
    {
        if (Selected?.Message is { } message) session.Open(new SipMessageScreen(this, message));
    }

    private void Compare(Session session)
    {
        var message = Selected!.Message!;
        if (Compared is not { } first)
        {
            Compared = message;
            session.Tell("choose another message and press D: the two are compared");
            return;
        }

        Compared = null;
        if (first == message) session.Tell("the message is no more to be compared");
        else session.Open(new DiffScreen(first, message));
    }

    private void Copy(Session session)
    {
        session.Ask(new PhoneCommand.Copy(Selected!.Message!.Text));
        session.Tell("the message is in the clipboard");
    }

    private void CopyAll(Session session)
    {
        session.Ask(new PhoneCommand.Copy(Story!.Transcript()));
        session.Tell("all messages are in the clipboard");
    }

    private string? NeedsMessage(Session session) => Selected?.Message is null ? "this is no message" : null;

    private string? NeedsAny(Session session) => Story is { Messages: > 0 } ? null : "there is no message yet";
}
