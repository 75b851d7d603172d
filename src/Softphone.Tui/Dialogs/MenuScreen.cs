using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>All that can be done with the selected row and the call, and why the rest cannot.</summary>
internal sealed class MenuScreen : Screen
{
    private readonly ListView _list = new();
    private readonly List<KeyBinding> _items;
    private Rect _rows;

    public MenuScreen(Session session)
    {
        var seen = new HashSet<string>();
        _items = [];
        foreach (var binding in session.Top.Keys.Concat(Bindings.Global))
        {
            if (ReferenceEquals(binding, Bindings.Menu) || ReferenceEquals(binding, Bindings.Back) || ReferenceEquals(binding, Bindings.Dtmf)) continue;
            if (binding.Group != MainScreen.PanelKeys && binding.Help.Length > 0 && seen.Add(binding.Keys[0])) _items.Add(binding);
        }

        // What can be done stands first, in the order of the table.
        var able = _items.Where(i => i.Disabled(session) is null).ToList();
        _items = [.. able, .. _items.Except(able)];
    }

    public override string Title => "Menu";

    public override bool IsOverlay => true;

    public override IReadOnlyList<KeyBinding> Keys => field ??=
    [
        new(["Enter"], "", "do it", "do what is selected", session => Run(session, _items[_list.Selected])) { Rank = 1 },
        new(["Esc", "q", "x"], "", "back", "leave it", session => session.Close(this)) { Rank = 2 },
    ];

    public override bool Handle(Session session, InputEvent input)
    {
        switch (input)
        {
            case InputEvent.Key key when _list.Handle(key, _items.Count, Math.Max(_rows.Height, 1)):
                return true;
            case InputEvent.Key key when _items.Find(i => i.Matches(key)) is { } binding:
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
                if (row == _list.Selected) Run(session, _items[row]);
                else _list.Select(row, _items.Count);
                return true;
            default:
                return input is InputEvent.Mouse;
        }
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = Dialog.Draw(surface, area, 76, _items.Count + 2, Title);
        _list.Fit(_items.Count, inner.Height);
        _rows = inner;
        for (var i = 0; i < inner.Height && _list.Top + i < _items.Count; i++)
        {
            var binding = _items[_list.Top + i];
            var row = new Rect(inner.X, inner.Y + i, inner.Width, 1);
            var why = binding.Disabled(session);
            var style = why is null ? Style.Plain : Style.Dim;
            surface.Write(row.X + 1, row.Y, binding.Keys[0], why is null ? new Style(Color.Cyan, Emphasis: Emphasis.Bold) : Style.Dim, 9);
            surface.Write(row.X + 11, row.Y, binding.LabelOf(session), style, 13);
            surface.Write(row.X + 25, row.Y, why is null ? binding.Help : $"({why})", Style.Dim, row.Width - 25);
            if (_list.Top + i != _list.Selected) continue;
            surface.Put(row.X, row.Y, '▸', Style.Bold);
            surface.Select(row);
        }
    }

    private void Run(Session session, KeyBinding binding)
    {
        if (binding.Disabled(session) is null) session.Close(this);
        session.Do(binding);
    }
}
