using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>What screens share: the view of the phone, which call is meant, the stack of screens, and the way to ask for something.</summary>
public sealed class Session
{
    private static readonly TimeSpan NoticeTime = TimeSpan.FromSeconds(4);

    private readonly List<Screen> _screens = [];
    private readonly Queue<PhoneCommand> _commands = [];
    private (string Text, Instant Until)? _notice;

    internal Session(TuiSetup setup) => Setup = setup;

    public TuiSetup Setup { get; }

    public Instant Now { get; internal set; }

    public PhoneView View { get; internal set; } = new();

    /// <summary>The call that keys act on: the selected one; null when there is none.</summary>
    public CallView? Call => View.Calls.FirstOrDefault(c => c.Id == Selected) ?? View.Calls.LastOrDefault(c => c.State != CallState.Ended);

    /// <summary>The call that was selected; it may be gone.</summary>
    public CallId? Selected { get; set; }

    /// <summary>The call whose trace the owner must put into the views; null when no screen shows one.</summary>
    public CallId? Watched { get; set; }

    /// <summary>The bottom one first; never empty.</summary>
    public IReadOnlyList<Screen> Screens => _screens;

    public Screen Top => _screens[^1];

    /// <summary>A short word to the person, seen for some seconds.</summary>
    public string Notice => _notice is { } notice && Now < notice.Until ? notice.Text : "";

    /// <summary>Asks the phone for something.</summary>
    public void Ask(PhoneCommand command) => _commands.Enqueue(command);

    public void Open(Screen screen)
    {
        _screens.Add(screen);
        screen.Refresh(this);
    }

    /// <summary>Closes the screen on top; the last one stays.</summary>
    public void Back()
    {
        Close(Top);
    }

    /// <summary>Closes this screen, wherever it lies.</summary>
    public void Close(Screen screen)
    {
        if (_screens.Count > 1 && _screens.Remove(screen)) screen.Closed(this);
    }

    public void Tell(string text) => _notice = (text, Now + NoticeTime);

    internal Instant? NoticeEnds => _notice?.Until;

    internal bool TryCommand([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PhoneCommand? command) => _commands.TryDequeue(out command);
}
