using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Accounts, calls, contacts, history and events at one glance, or as tabs where there is no room; the bottom of the stack.</summary>
internal sealed partial class MainScreen : Screen
{
    /// <summary>The heading of the keys that go between panels.</summary>
    public const string PanelKeys = "Panels";

    private readonly CallsPanel _calls = new();
    private readonly AccountsPanel _accounts = new();
    private readonly HistoryPanel _history = new();
    private readonly ContactsPanel _contacts = new();
    private readonly EventsPanel _events = new();
    private readonly Panel[] _panels;
    private readonly IReadOnlyList<KeyBinding>[] _keys;
    private readonly KeyBinding[] _filterKeys;
    private int _focus;

    /// <summary>The filter of the panel in focus is being typed.</summary>
    private bool _isFiltering;
    private (Instant At, Panel Panel, int Row)? _lastClick;

    public MainScreen()
    {
        _panels = [_calls, _accounts, _history, _contacts, _events];
        _filterKeys =
        [
            new(["Enter"], "", "keep", "", _ => _isFiltering = false) { Rank = 1 },
            new(["Esc"], "", "show all", "", session =>
            {
                _isFiltering = false;
                SetFilter(session, "");
            }) { Rank = 2 },
        ];
        _keys = [.. _panels.Select(panel => (IReadOnlyList<KeyBinding>)[.. panel.Keys, .. Own()])];
    }

    public override string Title => "softphone";

    public override IReadOnlyList<KeyBinding> Keys => _isFiltering ? _filterKeys : _keys[_focus];

    public override bool TakesText => _isFiltering;

    private Panel Focus => _panels[_focus];

    public override void Refresh(Session session)
    {
        foreach (var panel in _panels) panel.Refresh(session);
    }

    public override bool Handle(Session session, InputEvent input) => input switch
    {
        InputEvent.Mouse mouse => Point(session, mouse),
        InputEvent.Key key when _isFiltering => TypeFilter(session, key),
        InputEvent.Paste paste when _isFiltering => SetFilter(session, Focus.Filter + paste.Text.ReplaceLineEndings(" ").Trim()),
        InputEvent.Key { Code: KeyCode.Escape } when Focus.Filter.Length > 0 => SetFilter(session, ""),
        InputEvent.Key { Code: KeyCode.Enter } when ReferenceEquals(Focus, _calls) && _calls.Selected is not null => Open(session),
        InputEvent.Key key => Focus.Handle(session, key),
        _ => false,
    };

    private bool Open(Session session)
    {
        Focus.Open(session);
        return true;
    }

    /// <summary>Keys that hold in whichever panel.</summary>
    private List<KeyBinding> Own()
    {
        List<KeyBinding> keys =
        [
            new(["/", "F3"], "filter", "filter", "show only rows with these letters", session => _isFiltering = true)
            {
                Group = PanelKeys,
                Rank = 50,
                Argument = "LETTERS",
                RunWith = (session, letters) => SetFilter(session, letters),
            },
            new(["Tab", "Right"], "", "next panel", "to the next panel; Alt-1 to Alt-5 to each", session => Go(session, _focus + 1)) { Group = PanelKeys, Rank = 55 },
            new(["Shift-Tab", "Left"], "", "panel before", "to the panel before", session => Go(session, _focus - 1)) { Group = PanelKeys, Rank = 100 },
        ];
        for (var i = 0; i < _panels.Length; i++)
        {
            var index = i;
            keys.Add(new([$"Alt-{i + 1}"], "", _panels[i].Title.ToLowerInvariant(), "", session => Go(session, index)) { Name = $"panel-{i + 1}", Group = PanelKeys, Rank = 100 });
        }

        return keys;
    }

    private void Go(Session session, int panel)
    {
        _isFiltering = false;
        _focus = (panel + _panels.Length) % _panels.Length;
        Focus.Focused(session);
    }

    private bool TypeFilter(Session session, InputEvent.Key key)
    {
        switch (key)
        {
            case { Code: KeyCode.Backspace }:
                if (Focus.Filter.Length == 0) _isFiltering = false;
                return SetFilter(session, Shorter(Focus.Filter));
            case { Code: KeyCode.Character, Modifiers: Modifiers.Control, Rune.Value: 'u' }:
                return SetFilter(session, "");
            case { Code: KeyCode.Character, Modifiers: Modifiers.None or Modifiers.Shift }:
                return SetFilter(session, Focus.Filter + key.Rune);
            default:
                return key.Code is KeyCode.Up or KeyCode.Down or KeyCode.PageUp or KeyCode.PageDown && Focus.Handle(session, key);
        }
    }

    /// <summary>Without its last character, which may be two.</summary>
    private static string Shorter(string text) => text.Length == 0 ? "" : text[..^(text.Length > 1 && char.IsLowSurrogate(text[^1]) ? 2 : 1)];

    private bool SetFilter(Session session, string letters)
    {
        Focus.Filter = letters;
        Focus.Refresh(session);
        return true;
    }

    private bool Point(Session session, InputEvent.Mouse mouse)
    {
        if (mouse is { Action: MouseAction.Press, Button: 0 } && TabAt(mouse.X, mouse.Y) is { } tab)
        {
            Go(session, tab);
            return true;
        }

        var index = Array.FindIndex(_panels, p => p.Area.Contains(mouse.X, mouse.Y));
        if (index < 0) return true;
        var panel = _panels[index];
        switch (mouse.Action)
        {
            case MouseAction.WheelDown:
                panel.Scroll(session, 1);
                break;
            case MouseAction.WheelUp:
                panel.Scroll(session, -1);
                break;
            case MouseAction.Press when mouse.Button == 0:
                if (index != _focus) Go(session, index);
                Click(session, panel, mouse);
                break;
        }

        return true;
    }

    private void Click(Session session, Panel panel, InputEvent.Mouse mouse)
    {
        if (!panel.Click(session, mouse.X, mouse.Y)) return;
        var row = panel.List.Selected;
        var isDouble = _lastClick is { } last && ReferenceEquals(last.Panel, panel) && last.Row == row && session.Now - last.At < DoubleClick;
        _lastClick = isDouble ? null : (session.Now, panel, row);
        if (isDouble) panel.DoubleClick(session);
    }

    private static readonly TimeSpan DoubleClick = TimeSpan.FromMilliseconds(400);
}
