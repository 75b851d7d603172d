using Softphone.Nat;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// How a call's path was found, while it is found and after: candidates of both sides, the check list with every pair as it changes and
/// when, the handshakes of the pairs in use, and why this path. What does not fit beside each other becomes tabs.
/// </summary>
public sealed partial class IceScreen : CallPage
{
    private readonly ListView _list = new();
    private readonly List<PairStory> _shown = [];
    private readonly List<(Rect Area, Tab Tab)> _tabs = [];
    private IceStory? _story;
    private string _why = "";
    private bool _failedOnly;
    private bool _isMoved;
    private Tab _tab;
    private Rect _rows;
    private int _logEnd;
    private int _logRows;

    public IceScreen(CallId call)
        : base(call) => Keys =
    [
        new KeyBinding(["Enter"], "stun", "STUN", "show every STUN message of the selected pair", Open) { Group = "ICE", Rank = 1, Disabled = _ => Selected is null ? "no pair yet" : null },
        new KeyBinding(["f"], "failed", "failed only", "show failed pairs only, or all", _ => ToggleFailed()) { Group = "ICE", Rank = 2, Label = _ => _failedOnly ? "all pairs" : "failed only" },
        new KeyBinding(["I"], "restart", "restart", "check all paths anew (ICE restart by re-INVITE)", Restart) { Group = "ICE", Rank = 3, Disabled = _ => Restartable() },
        new KeyBinding(["Tab", "Right"], "", "next pane", "go to the next pane where they do not fit side by side", _ => Turn(1)) { Group = "ICE", Rank = 100 },
        new KeyBinding(["Shift-Tab", "Left"], "", "pane before", "go to the pane before", _ => Turn(-1)) { Group = "ICE", Rank = 100 },
        new KeyBinding(["y"], "sdp", "copy SDP", "copy the last descriptions of both sides", CopySdp) { Name = Bindings.Yank.Name, Group = "ICE", Rank = 6 },
    ];

    public override string Title => $"ICE of {Named}";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    /// <summary>Panes, one at a time where there is no room for all.</summary>
    private enum Tab
    {
        Checks,
        Candidates,
        Handshake,
        Why,
        Log,
    }

    private PairStory? Selected => _list.Selected < _shown.Count ? _shown[_list.Selected] : null;

    public override bool Handle(Session session, InputEvent input)
    {
        switch (input)
        {
            case InputEvent.Key key when _tab == Tab.Log && LogStep(key) is var step and not 0:
                _logEnd += step;
                return true;
            case InputEvent.Mouse { Action: MouseAction.WheelDown or MouseAction.WheelUp } wheel when _tab == Tab.Log:
                _logEnd += wheel.Action == MouseAction.WheelDown ? -3 : 3;
                return true;
            case InputEvent.Key key when _list.Handle(key, _shown.Count, _rows.Height):
                _isMoved = true;
                return true;
            case InputEvent.Mouse { Action: MouseAction.WheelDown or MouseAction.WheelUp } wheel:
                Select(_list.Selected + (wheel.Action == MouseAction.WheelDown ? 1 : -1));
                return true;
            case InputEvent.Mouse { Action: MouseAction.Press, Button: 0 } press:
                return Press(session, press);
            default:
                return false;
        }
    }

    /// <summary>How far back the log moves; its end is the newest.</summary>
    private int LogStep(InputEvent.Key key) => key switch
    {
        { Code: KeyCode.Up } or { Rune.Value: 'k', Modifiers: Modifiers.None } => 1,
        { Code: KeyCode.Down } or { Rune.Value: 'j', Modifiers: Modifiers.None } => -1,
        { Code: KeyCode.PageUp } => Math.Max(_logRows - 1, 1),
        { Code: KeyCode.PageDown } => -Math.Max(_logRows - 1, 1),
        { Code: KeyCode.Home } or { Rune.Value: 'g', Modifiers: Modifiers.None } => int.MaxValue / 2,
        { Code: KeyCode.End } or { Rune.Value: 'G' } => int.MinValue / 2,
        _ => 0,
    };

    internal override void Read(CallView call)
    {
        _story = IceStory.Of(call);
        _why = IceWords.Why(_story, call);
        Show();
    }

    internal override void Reset()
    {
        (_story, _why, _isMoved) = (null, "", false);
        _shown.Clear();
    }

    /// <summary>Until a person moves the selection it follows what matters: the pair in use, else the one that goes best.</summary>
    private void Show()
    {
        var last = Selected?.Pair.Id;
        _shown.Clear();
        foreach (var pair in _story!.Pairs)
            if (!_failedOnly || pair.Pair.State == PairState.Failed) _shown.Add(pair);
        var at = _isMoved ? _shown.FindIndex(p => p.Pair.Id == last) : _shown.FindIndex(p => p.Pair.IsSelected);
        if (at < 0 && !_isMoved) at = _shown.FindIndex(p => p.Pair.State == PairState.Succeeded);
        if (at >= 0) _list.Select(at, _shown.Count);
    }

    private void Select(int row)
    {
        _list.Select(row, _shown.Count);
        _isMoved = true;
    }

    private bool Press(Session session, InputEvent.Mouse press)
    {
        foreach (var (area, tab) in _tabs)
        {
            if (!area.Contains(press.X, press.Y)) continue;
            _tab = tab;
            return true;
        }

        var row = _list.Top + press.Y - _rows.Y;
        if (!_rows.Contains(press.X, press.Y) || row >= _shown.Count) return false;
        if (row == _list.Selected && _isMoved) Open(session);
        else Select(row);
        return true;
    }

    private void Turn(int by) => _tab = (Tab)(((int)_tab + by + 5) % 5);

    private void ToggleFailed()
    {
        _failedOnly = !_failedOnly;
        if (_story is not null) Show();
    }

    private void Open(Session session)
    {
        if (Selected is { } pair) session.Open(new StunScreen(Id, pair.Pair.Id));
    }

    private string? Restartable() => Call switch
    {
        { State: CallState.Connected or CallState.Held } => Call.Ice is null ? "this call has no ICE" : null,
        { State: CallState.Ended } or null => "the call is over",
        _ => "not before the call is answered",
    };

    private void Restart(Session session)
    {
        session.Ask(new PhoneCommand.RestartIce(Id));
        session.Tell("ICE restarts: media goes on by the old path until the new one stands");
    }

    private void CopySdp(Session session)
    {
        var text = Call is null ? "" : SipStory.Of(Call.Trace).Descriptions();
        if (text.Length > 0) session.Ask(new PhoneCommand.Copy(text));
        session.Tell(text.Length > 0 ? "the descriptions are in the clipboard" : "no description yet");
    }
}
