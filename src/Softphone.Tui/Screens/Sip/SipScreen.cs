using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The SIP messages of a call as a ladder, with marks for what ICE and media did meanwhile. Enter shows a message whole; where there is room, it stands beside.</summary>
public sealed class SipScreen : CallPage
{
    private const int LadderWidth = 100;

    private readonly ListView _list = new();
    private readonly int[] _columns = new int[5];
    private SipStory? _story;
    private MessageView? _beside;
    private bool _isMoved;
    private Rect _rows;

    public SipScreen(CallId call)
        : base(call) => Keys =
    [
        new KeyBinding(["Enter"], "message", "message", "shows the selected message whole", Open) { Group = "SIP", Rank = 1, Disabled = _ => Selected?.Message is null ? "this is no message" : null },
        new KeyBinding(["y"], "", "copy", "copies the selected message", Copy) { Group = "SIP", Rank = 2 },
        new KeyBinding(["Y"], "copyall", "copy all", "copies every message of the call", CopyAll) { Group = "SIP", Rank = 60 },
    ];

    public override string Title => $"SIP of {Named}";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    private SipRow? Selected => _story is { } story && _list.Selected < story.Rows.Count ? story.Rows[_list.Selected] : null;

    public override bool Handle(Session session, InputEvent input)
    {
        var count = _story?.Rows.Count ?? 0;
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

    public override void Draw(Session session, Surface surface, Rect area)
    {
        if (_story is not { Rows.Count: > 0 } story)
        {
            surface.Write(area.X + 1, area.Y, "no message yet", Style.Dim);
            return;
        }

        var isWide = area.Width >= 150;
        var (ladder, beside) = isWide ? area.CutColumns(area.Width - (area.Width - LadderWidth < 60 ? 62 : area.Width - LadderWidth)) : (area, default);
        DrawLadder(surface, ladder, story);
        if (!isWide) return;
        var shown = story.MessageAt(_list.Selected);
        if (shown?.Message is { } message && _beside?.Message != message) _beside = new MessageView(message);
        var inner = Frame.Draw(surface, beside, shown?.Label ?? "");
        if (shown is not null) _beside?.Draw(surface, inner, 0, "");
    }

    internal override void Read(CallView call)
    {
        _story = SipStory.Of(call.Trace);

        // The newest message is followed until a person looks at another one.
        if (!_isMoved && _story.MessageAt(_story.Rows.Count - 1) is { } newest) _list.Select(_story.IndexOf(newest), _story.Rows.Count);
    }

    internal override void Reset() => (_story, _isMoved) = (null, false);

    private void DrawLadder(Surface surface, Rect area, SipStory story)
    {
        var (head, body) = area.CutRows(2);
        var isNarrow = area.Width < 96;
        var times = isNarrow ? 18 : 20;
        var peers = story.Peers.Count;
        var columns = _columns.AsSpan(0, peers + 1);
        var first = area.X + times + 2;
        var last = area.Right - (peers == 1 ? Math.Clamp(area.Width / 10, 3, 12) : 8);
        for (var i = 0; i <= peers; i++) columns[i] = first + (last - first) * i / Math.Max(peers, 1);
        surface.Write(area.X + 1, head.Y, string.Create(CultureInfo.InvariantCulture, $"{story.Messages} messages"), Style.Plain, times - 1);
        if (story.Repeats > 0) surface.Write(area.X + 1, head.Y + 1, string.Create(CultureInfo.InvariantCulture, $"{story.Repeats} sent again"), Color.Yellow, times - 1);
        surface.Write(first, head.Y, "us", Style.Bold);
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
        if (row.Message is not { } message)
        {
            Ladder.Mark(surface, y, columns, row.Label, row.Style);
            return;
        }

        if (row.Since > TimeSpan.Zero && LadderTime.FormatDelta(row.Since, text, out length)) surface.WriteRight(times, y, text[..length], Style.Dim);
        Ladder.Arrow(surface, y, columns, message.IsSent ? 0 : row.Peer + 1, message.IsSent ? row.Peer + 1 : 0, row.Text, row.Style, row.IsRepeat);
    }

    private void Select(int row, int count)
    {
        _list.Select(row, count);
        _isMoved = _list.Selected < count - 1;
    }

    private void Open(Session session)
    {
        if (_story is { } story && Selected?.Message is { } message) session.Open(new SipMessageScreen(Id, message, story));
    }

    private void Copy(Session session)
    {
        if (Selected?.Message is not { } message) return;
        session.Ask(new PhoneCommand.Copy(message.Text));
        session.Tell("the message is in the clipboard");
    }

    private void CopyAll(Session session)
    {
        if (_story is not { } story) return;
        session.Ask(new PhoneCommand.Copy(story.Transcript()));
        session.Tell("all messages are in the clipboard");
    }
}
