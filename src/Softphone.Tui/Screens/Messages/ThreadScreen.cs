using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>What was written with somebody, and a line to answer. Texts are seen while it is on top.</summary>
/// <param name="account">Which of our accounts.</param>
/// <param name="peer">The other side, as typed where nothing was written yet.</param>
public sealed class ThreadScreen(string account, string peer) : Screen
{
    private readonly LineEditor _line = new(longest: 4096);
    private readonly TextRows _texts = new();
    private ThreadView? _thread;
    private int _up;
    private int _most;
    private int _page = 10;

    public override string Title => "message";

    public override bool TakesText => true;

    public override IReadOnlyList<KeyBinding> Keys => field ??=
    [
        new(["Enter"], "", "send", "send what was typed", Send) { Group = "Message", Rank = 10 },
        new(["PgUp"], "", "up", "older texts", _ => Scroll(_page - 1)) { Group = "Message", Rank = 20, Disabled = _ => _most > _up ? null : "that is the first one" },
        new(["PgDn"], "", "down", "newer texts", _ => Scroll(1 - _page)) { Group = "Message", Rank = 100 },
        new(["Esc"], "", "back", "to the screen before", session => session.Close(this)) { Group = "Message", Rank = 30 },
    ];

    public override void Refresh(Session session)
    {
        _thread = session.View.Threads.FirstOrDefault(t => t.Account == account && IsPeer(session, t.Peer));
        if (_thread is { Unread: > 0 } unread && ReferenceEquals(session.Top, this)) session.Ask(new PhoneCommand.SeenTexts(unread.Account, unread.Peer));
    }

    public override bool Handle(Session session, InputEvent input)
    {
        switch (input)
        {
            case InputEvent.Key { Code: KeyCode.Enter }:
                Send(session);
                return true;
            case InputEvent.Key { Code: KeyCode.Escape }:
                session.Close(this);
                return true;
            case InputEvent.Key { Code: KeyCode.PageUp } or InputEvent.Mouse { Action: MouseAction.WheelUp }:
                Scroll(input is InputEvent.Mouse ? 3 : _page - 1);
                return true;
            case InputEvent.Key { Code: KeyCode.PageDown } or InputEvent.Mouse { Action: MouseAction.WheelDown }:
                Scroll(input is InputEvent.Mouse ? -3 : 1 - _page);
                return true;
            default:
                return _line.Handle(input) || input is InputEvent.Mouse;
        }
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var name = _thread is null ? Wording.AtHome(session.View, account, peer) : Wording.Peer(session.View, account, _thread.Name, _thread.Peer);
        var inner = Frame.Draw(surface, area, name, hasFocus: true, session.View.Accounts.Count > 1 ? account : "").Inset(1, 0);
        var (above, typed) = inner.CutRows(inner.Height - 1);
        var (texts, rule) = above.CutRows(above.Height - 1);
        for (var x = rule.X; x < rule.Right; x++) surface.Put(x, rule.Y, '─', Style.Dim);
        if (_up > 0) surface.Write(rule.X + 2, rule.Y, " newer texts below: PgDn ", new Style(Color.Yellow), rule.Width - 2);
        _page = texts.Height;
        if (_thread is null) surface.Write(texts.X, texts.Y, "Nothing was written yet.", Style.Dim, texts.Width);
        else _up = Math.Min(_up, _most = _texts.Draw(session, surface, texts, _thread, _up));
        surface.Write(typed.X, typed.Y, "▸", Color.Cyan);
        if (_line.Text.Length == 0) surface.Write(typed.X + 2, typed.Y, "a message; Enter sends it", Style.Dim, typed.Width - 2);
        _line.Draw(surface, typed.CutColumns(2).Remainder);
    }

    /// <summary>Known by its address once something was written; until then by what was typed.</summary>
    private bool IsPeer(Session session, string other) =>
        other == peer || other.Equals($"sip:{Wording.Address(peer)}", StringComparison.OrdinalIgnoreCase) || Wording.AtHome(session.View, account, other) == peer;

    private void Send(Session session)
    {
        if (string.IsNullOrWhiteSpace(_line.Text)) return;
        _up = 0;
        session.Ask(new PhoneCommand.SendText(_thread?.Peer ?? peer, _line.Commit(), account));
    }

    private void Scroll(int rows) => _up = Math.Clamp(_up + rows, 0, Math.Max(_most + Math.Max(rows, 0), 0));
}
