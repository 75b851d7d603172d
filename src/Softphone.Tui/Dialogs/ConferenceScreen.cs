using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Who is in the conference: every answered call with a mark; fewer than two end it.</summary>
internal sealed class ConferenceScreen : Screen
{
    private readonly ListView _list = new();
    private readonly List<CallView> _calls = [];
    private readonly HashSet<CallId> _chosen = [];
    private readonly KeyBinding[] _keys;
    private Rect _rows;

    public ConferenceScreen(Session session)
    {
        foreach (var call in session.View.Calls.Where(CallFacts.IsAnswered))
            if (call.InConference) _chosen.Add(call.Id);
        if (_chosen.Count == 0) _chosen.UnionWith(session.View.Calls.Where(CallFacts.IsAnswered).Select(c => c.Id));
        _keys =
        [
            new(["Enter"], "", "do it", "make this the conference", Take)
            {
                Rank = 1,
                Label = _ => _chosen.Count > 1 ? $"conference of {_chosen.Count + 1}" : "end the conference",
            },
            new(["Space"], "", "in or out", "take the call in, or leave it out", Toggle) { Rank = 2 },
            new(["Esc", "q"], "", "back", "leave it", closing => closing.Close(this)) { Rank = 3 },
        ];
    }

    public override string Title => "Conference";

    public override bool IsOverlay => true;

    public override IReadOnlyList<KeyBinding> Keys => _keys;

    public override void Refresh(Session session)
    {
        _calls.Clear();
        _calls.AddRange(session.View.Calls.Where(CallFacts.IsAnswered));
        _chosen.IntersectWith(_calls.Select(c => c.Id));
        if (_calls.Count < 2) session.Close(this);
    }

    public override bool Handle(Session session, InputEvent input) => input switch
    {
        InputEvent.Key key => _list.Handle(key, _calls.Count, 10),
        InputEvent.Mouse mouse => Point(session, mouse),
        _ => false,
    };

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = Dialog.Draw(surface, area, 60, _calls.Count + 5, Title);
        _list.Fit(_calls.Count, inner.Height);
        _rows = new Rect(inner.X, inner.Y + 1, inner.Width, _calls.Count);
        surface.Write(inner.X, inner.Y, "You and:", Style.Dim);
        for (var i = 0; i < _calls.Count; i++)
        {
            var call = _calls[i];
            var row = new Rect(inner.X, inner.Y + i + 1, inner.Width, 1);
            surface.Write(row.X + 2, row.Y, _chosen.Contains(call.Id) ? "[x]" : "[ ]", Style.Bold);
            surface.Write(row.X + 6, row.Y, Wording.Peer(call), Style.Plain, row.Width - 24);
            var (word, style) = Marks.Of(call);
            surface.Write(row.Right - 17, row.Y, word, style);
            surface.WriteRight(row.Right, row.Y, Wording.Clock(call.Age(session.View.Now)), Style.Dim);
            if (i != _list.Selected) continue;
            surface.Put(row.X, row.Y, '▸', Style.Bold);
            surface.Select(row);
        }
    }

    private bool Point(Session session, InputEvent.Mouse mouse)
    {
        if (mouse is not { Action: MouseAction.Press, Button: 0 } || !_rows.Contains(mouse.X, mouse.Y)) return true;
        _list.Select(mouse.Y - _rows.Y, _calls.Count);
        Toggle(session);
        return true;
    }

    private void Toggle(Session session)
    {
        if (_list.Selected >= _calls.Count) return;
        var id = _calls[_list.Selected].Id;
        if (!_chosen.Remove(id)) _chosen.Add(id);
    }

    private void Take(Session session)
    {
        session.Close(this);
        session.Ask(new PhoneCommand.Conference(_chosen.Count > 1 ? [.. _calls.Where(c => _chosen.Contains(c.Id)).Select(c => c.Id)] : []));
    }
}
