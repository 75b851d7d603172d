using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Which of the other calls a call is joined with, by attended transfer; or somebody to call first.</summary>
internal sealed class AttendScreen : Screen
{
    private readonly ListView _list = new();
    private readonly CallId _call;
    private readonly KeyBinding[] _keys;
    private readonly List<CallView> _others = [];
    private CallView? _shown;
    private Rect _rows;

    public AttendScreen(CallId call)
    {
        _call = call;
        _keys =
        [
            new(["Enter"], "", "join", "join the two, and leave", Take) { Rank = 1 },
            new(["Esc", "q"], "", "back", "leave it", session => session.Close(this)) { Rank = 2 },
        ];
    }

    public override string Title => _shown is null ? "Attended transfer" : $"Join {Wording.Who(_shown)} with";

    public override bool IsOverlay => true;

    public override IReadOnlyList<KeyBinding> Keys => _keys;

    public override void Refresh(Session session)
    {
        _shown = session.View.Calls.FirstOrDefault(c => c.Id == _call);
        _others.Clear();
        _others.AddRange(session.View.Calls.Where(c => c.IsAnswered() && c.Id != _call));
        if (_shown?.IsAnswered() != true) session.Close(this);
    }

    public override bool Handle(Session session, InputEvent input) => input switch
    {
        InputEvent.Key key => _list.Handle(key, _others.Count + 1, 10),
        InputEvent.Mouse mouse => Point(session, mouse),
        _ => false,
    };

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = Dialog.Draw(surface, area, 60, _others.Count + 5, Title);
        _list.Fit(_others.Count + 1, inner.Height);
        _rows = new Rect(inner.X, inner.Y + 1, inner.Width, _others.Count + 1);
        for (var i = 0; i <= _others.Count; i++)
        {
            var row = new Rect(inner.X, inner.Y + i + 1, inner.Width, 1);
            if (i < _others.Count)
            {
                var (word, style) = Marks.Of(_others[i]);
                var pen = new Pen(surface, row.X + 2, row.Y, row.Right);
                pen.Write(style, $"{_others[i].Id.Value}  ");
                surface.Write(pen.X, row.Y, Wording.Peer(_others[i]), Style.Plain, row.Right - pen.X - 18);
                surface.Write(row.Right - 17, row.Y, word, style);
                surface.WriteRight(row.Right, row.Y, Wording.Clock(_others[i].Age(session.View.Now)), Style.Dim);
            }
            else
            {
                surface.Write(row.X + 2, row.Y, "somebody else: call them first", Style.Plain, row.Width - 2);
            }

            if (i != _list.Selected) continue;
            surface.Put(row.X, row.Y, '▸', Style.Bold);
            surface.Select(row);
        }
    }

    private bool Point(Session session, InputEvent.Mouse mouse)
    {
        if (mouse is not { Action: MouseAction.Press, Button: 0 } || !_rows.Contains(mouse.X, mouse.Y)) return true;
        var row = mouse.Y - _rows.Y;
        if (row == _list.Selected) Take(session);
        else _list.Select(row, _others.Count + 1);
        return true;
    }

    private void Take(Session session)
    {
        session.Close(this);
        if (_list.Selected < _others.Count)
        {
            session.Ask(new PhoneCommand.TransferTo(_call, _others[_list.Selected].Id));
            session.Tell($"joining {Wording.Who(_shown!)} with {Wording.Who(_others[_list.Selected])}…");
        }
        else
        {
            session.Open(new DialScreen(DialPurpose.Consult, _shown));
        }
    }
}
