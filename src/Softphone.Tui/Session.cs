using System.Diagnostics.CodeAnalysis;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>What screens share: the view of the phone, which call is meant, the stack of screens, and the way to ask for something.</summary>
public sealed class Session
{
    private static readonly TimeSpan NoticeTime = TimeSpan.FromSeconds(4);

    private readonly List<Screen> _screens = [];
    private readonly Queue<PhoneCommand> _commands = [];
    private (string Text, Instant Until)? _notice;
    private (long Number, Action<CallId> Act)? _awaited;

    internal Session(TuiSetup setup) => (Setup, Theme) = (setup, setup.Theme);

    public TuiSetup Setup { get; }

    /// <summary>What the screen looks like.</summary>
    internal Theme Theme { get; set; }

    /// <summary>Which keys mean what.</summary>
    public KeyMap Keys => Setup.Keys;

    /// <summary>What can be done on every screen: of a phone, or of a capture, which nobody can be called in.</summary>
    internal IReadOnlyList<KeyBinding> Global => Setup.Capture is null ? Bindings.Global : Bindings.OfCapture;

    public Instant Now { get; internal set; }

    public PhoneView View { get; internal set; } = new();

    /// <summary>The call that keys act on: the selected one, or the last that goes on; null when there is none.</summary>
    public CallView? Call
    {
        get
        {
            CallView? last = null;
            for (var i = 0; i < View.Calls.Count; i++)
            {
                if (View.Calls[i].Id == Selected) return View.Calls[i];
                if (View.Calls[i].State != CallState.Ended) last = View.Calls[i];
            }

            return last;
        }
    }

    /// <summary>The call that keys to look closer act on: the past one whose page is open, else <see cref="Call"/>.</summary>
    public CallView? Looked
    {
        get
        {
            for (var i = _screens.Count - 1; i > 0; i--)
                if (_screens[i] is CallPage page) return page.IsPast ? page.Call : Call;
            return Call;
        }
    }

    /// <summary>The first call that rings here and waits for an answer; null when none does.</summary>
    public CallView? Incoming
    {
        get
        {
            for (var i = 0; i < View.Calls.Count; i++)
                if (View.Calls[i].RingsHere()) return View.Calls[i];
            return null;
        }
    }

    /// <summary>The call that was selected; it may be gone.</summary>
    public CallId? Selected { get; set; }

    /// <summary>The call whose trace the owner must put into the views; null when no screen shows one.</summary>
    public CallId? Watched { get; set; }

    /// <summary>The bottom one first; never empty.</summary>
    public IReadOnlyList<Screen> Screens => _screens;

    public Screen Top => _screens[^1];

    /// <summary>A short word to the person, seen for some seconds.</summary>
    public string Notice => _notice is { } notice && Now < notice.Until ? notice.Text : "";

    /// <summary>Lines typed after ":" before.</summary>
    internal LineEditor CommandLine { get; } = new();

    /// <summary>The number that was dialled last.</summary>
    internal string LastDialled { get; set; } = "";

    /// <summary>When something was asked last; null before.</summary>
    internal Instant? AskedAt { get; private set; }

    /// <summary>Keys sent to a call one after the other, and when the last was.</summary>
    internal (string Keys, CallId Call, Instant At) SentKeys { get; set; }

    internal Instant? NoticeEnds => _notice is { } notice && Now < notice.Until ? notice.Until : null;

    /// <summary>Asks the phone for something.</summary>
    public void Ask(PhoneCommand command)
    {
        _commands.Enqueue(command);
        AskedAt = Now;
    }

    /// <summary>The key to name for it in a sentence.</summary>
    internal string KeyOf(KeyBinding binding) => Keys.First(binding);

    /// <summary>What can be taken back, the last on top.</summary>
    internal Stack<(PhoneCommand Back, string Told)> Undoable { get; } = [];

    /// <summary>Asks for something that can be taken back, and tells how.</summary>
    /// <param name="command">What to do.</param>
    /// <param name="back">What undoes it.</param>
    /// <param name="done">What is told now.</param>
    /// <param name="undone">What is told when it was taken back.</param>
    internal void AskUndoable(PhoneCommand command, PhoneCommand back, string done, string undone)
    {
        Ask(command);
        Undoable.Push((back, undone));
        Tell($"{done}: {KeyOf(Bindings.Undo)} brings it back");
    }

    /// <summary>Does what a key means, or tells why it cannot be done now.</summary>
    public void Do(KeyBinding binding)
    {
        if (binding.Disabled(this) is { } why) Tell(why);
        else binding.Run(this);
    }

    /// <summary>
    /// Does it to a call of the history, once its record is in the views: at once, or when it has come back from its file. Where none is left
    /// that is told.
    /// </summary>
    internal void WithRecord(HistoryEntry entry, Action<CallId> act)
    {
        _awaited = null;
        if (InViews(entry) is { } id)
        {
            act(id);
        }
        else if (entry.Record == RecordPlace.Disk)
        {
            _awaited = (entry.Number, act);
            Ask(new PhoneCommand.Recall(entry.Number));
            Tell("reading the record of that call");
        }
        else
        {
            Tell(HistoryText.NoRecord(this));
        }
    }

    /// <summary>A new view is there: perhaps with the record that is waited for.</summary>
    internal void DoAwaited()
    {
        if (_awaited is not { } awaited) return;
        var entry = View.History.FirstOrDefault(h => h.Number == awaited.Number);
        if (entry?.Record == RecordPlace.Disk) return;
        var id = entry is null ? null : InViews(entry);
        if (id is null && entry?.Record == RecordPlace.Memory) return;
        _awaited = null;
        if (id is { } call) awaited.Act(call);
    }

    private CallId? InViews(HistoryEntry entry) =>
        entry is { Record: RecordPlace.Memory, Call: { } id } && (View.Past.Find(id) ?? View.Calls.Find(id)) is not null ? id : null;

    /// <summary>Closes pages of calls that are over: somebody asks for another one.</summary>
    internal void LeavePast()
    {
        for (var i = _screens.Count - 1; i > 0; i--)
            if (_screens[i] is CallPage { IsPast: true }) Close(_screens[i]);
    }

    /// <summary>Shows a screen. A full one of its kind that is open already gives way, so that the way back stays short.</summary>
    public void Open(Screen screen)
    {
        for (var i = _screens.Count - 1; i > 0 && !screen.IsOverlay; i--)
            if (_screens[i].GetType() == screen.GetType()) Close(_screens[i]);
        _screens.Add(screen);
        _awaited = null;
        // What was told of the screen before is not about this one.
        _notice = null;
        screen.Refresh(this);
    }

    /// <summary>Closes the screen on top; the last one stays.</summary>
    public void Back() => Close(Top);

    /// <summary>Closes this screen, wherever it lies.</summary>
    public void Close(Screen screen)
    {
        if (_screens.Count > 1 && _screens.Remove(screen)) screen.Closed(this);
    }

    public void Tell(string text) => _notice = (text, Now + NoticeTime);

    internal bool TryCommand([NotNullWhen(true)] out PhoneCommand? command) => _commands.TryDequeue(out command);
}
