using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>All that can be done with the selected row and the call, and why the rest cannot. "/" leaves what has the letters typed.</summary>
internal sealed class MenuScreen : Screen
{
    private readonly ListView _list = new();
    private readonly ListFilter _filter = new();
    private readonly List<KeyBinding> _all;
    private List<KeyBinding> _items;
    private Rect _rows;

    public MenuScreen(Session session)
    {
        var seen = new HashSet<string>();
        var items = new List<KeyBinding>();
        foreach (var binding in session.Top.Keys.Concat(session.Global))
        {
            if (ReferenceEquals(binding, Bindings.Menu) || ReferenceEquals(binding, Bindings.Back) || ReferenceEquals(binding, Bindings.Dtmf)) continue;
            if (binding.Group == MainScreen.PanelKeys || binding.IsOfList || binding.Help.Length == 0) continue;
            if (seen.Add(session.KeyOf(binding))) items.Add(binding);
        }

        // What can be done stands first, in the order of the table.
        var able = items.Where(i => i.Disabled(session) is null).ToList();
        _items = _all = [.. able, .. items.Except(able)];
    }

    public override string Title => "Menu";

    public override bool IsOverlay => true;

    public override bool TakesText => _filter.IsOpen;

    public override IReadOnlyList<KeyBinding> Keys => field ??=
    [
        new(["Enter"], "", "do it", "do what is selected", RunSelected) { Rank = 1 },
        new(["Esc", "q"], "", "back", "leave it", Leave) { Rank = 2 },
        new(["/", "F3"], "", "filter", "show only what has these letters", _ => _filter.Open()) { Rank = 3 },
        new(["x"], "", "menu", "", session => session.Close(this)) { Rank = 100 },
    ];

    public override bool Handle(Session session, InputEvent input)
    {
        if (_filter.Handle(input))
        {
            Show(session);
            return true;
        }

        switch (input)
        {
            case InputEvent.Key key when _list.Handle(key, _items.Count, Math.Max(_rows.Height, 1)):
                return true;
            case InputEvent.Key key when _items.Find(i => session.Keys.Matches(i, key)) is { } binding:
                Run(session, binding);
                return true;
            case InputEvent.Mouse { Action: MouseAction.WheelDown }:
                _list.Select(_list.Selected + 1, _items.Count);
                return true;
            case InputEvent.Mouse { Action: MouseAction.WheelUp }:
                _list.Select(_list.Selected - 1, _items.Count);
                return true;
            case InputEvent.Mouse { Action: MouseAction.Press, Button: 0 } mouse when _rows.Contains(mouse.X, mouse.Y):
                var row = _list.Top + mouse.Y - _rows.Y;
                if (row == _list.Selected) RunSelected(session);
                else _list.Select(row, _items.Count);
                return true;
            default:
                return input is InputEvent.Mouse;
        }
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = _filter.Draw(surface, Dialog.Draw(surface, area, 76, _all.Count + 2, Title));
        _list.Fit(_items.Count, inner.Height);
        // Which of how many are seen stands in the lower edge.
        Dialog.Note(surface, inner, Dialog.Seen(_list.Top, inner.Height, _items.Count), _filter.IsShown ? 1 : 0);
        _rows = inner;
        if (_items.Count == 0) surface.Write(inner.X + 1, inner.Y, "Nothing has these letters.", Style.Dim, inner.Width - 1);
        for (var i = 0; i < inner.Height && _list.Top + i < _items.Count; i++)
        {
            var binding = _items[_list.Top + i];
            var row = new Rect(inner.X, inner.Y + i, inner.Width, 1);
            var why = binding.Disabled(session);
            var style = why is null ? Style.Plain : Style.Dim;
            surface.Write(row.X + 1, row.Y, session.KeyOf(binding), why is null ? new Style(Color.Cyan, Emphasis: Emphasis.Bold) : Style.Dim, 9);
            surface.Write(row.X + 11, row.Y, binding.LabelOf(session), style, 13);
            surface.Write(row.X + 25, row.Y, why is null ? binding.Help : $"({why})", Style.Dim, row.Width - 25);
            if (_list.Top + i != _list.Selected) continue;
            surface.Put(row.X, row.Y, '▸', Style.Bold);
            surface.Select(row);
        }
    }

    private void Leave(Session session)
    {
        if (_filter.Clear()) Show(session);
        else session.Close(this);
    }

    private void Show(Session session)
    {
        _items = _filter.Text.Length == 0 ? _all : [.. _all.Where(i => _filter.Matches(session.KeyOf(i), i.LabelOf(session), i.Word, i.Help))];
        _list.Select(0, _items.Count);
    }

    private void RunSelected(Session session)
    {
        if (_list.Selected < _items.Count) Run(session, _items[_list.Selected]);
    }

    private void Run(Session session, KeyBinding binding)
    {
        if (binding.Disabled(session) is null) session.Close(this);
        session.Do(binding);
    }
}
