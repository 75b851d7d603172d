using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The screen itself: menu, command line, help, back and out.</summary>
internal static partial class Bindings
{
    private const string General = "Screen";
    private const string QuitTitle = "Quit";

    public static KeyBinding Menu { get; } = new(["x"], "menu", "menu", "everything that can be done here", session => session.Open(new MenuScreen(session))) { Group = General, Rank = 51 };

    public static KeyBinding Command { get; } = new([":"], "", "command", "type a command", session => session.Open(new CommandScreen(session))) { Group = General, Rank = 52 };

    public static KeyBinding Help { get; } = new(["?", "F1"], "help", "help", "all keys and commands", session => session.Open(new HelpScreen(session))) { Group = General, Rank = 99 };

    public static KeyBinding Back { get; } = new(["Esc", "q"], "back", "back", "to the screen before; never hangs up", session => session.Back())
    {
        Group = General,
        Rank = 95,
        Disabled = session => session.Screens.Count == 1 ? $"{session.KeyOf(Quit!)} quits" : null,
    };

    public static KeyBinding NextTheme { get; } = new(["K"], "theme", "theme", "the next theme of colours", session => Use(session, session.Theme.Next()))
    {
        Group = General,
        Rank = 100,
        Argument = "NAME",
        Choices = _ => Theme.All.Select(t => t.Name),
        Says = (_, name) => Theme.Named(name)?.About ?? "",
        RunWith = (session, name) =>
        {
            if (Theme.Named(name) is { } theme) Use(session, theme);
            else session.Tell($"there is no theme {name}: {string.Join(", ", Theme.All.Select(t => t.Name))}");
        },
    };

    public static KeyBinding Undo { get; } = new(["u"], "undo", "undo", "bring back what was deleted last", session =>
    {
        var (back, told) = session.Undoable.Pop();
        session.Ask(back);
        session.Tell(told);
    })
    {
        Group = General,
        Rank = 57,
        Disabled = session => session.Undoable.Count == 0 ? "nothing was deleted" : null,
    };

    public static KeyBinding Quit { get; } = new(["Q", "F10", "Ctrl-C"], "quit", "quit", "hang up and end; asks while a call goes on", session =>
    {
        // Ctrl-C twice means it.
        if (session.View.Live() == 0 || session.Top is ConfirmScreen { Title: QuitTitle }) Leave(session);
        else session.Open(new ConfirmScreen(QuitTitle, GoesOn, "hang up and quit", Leave));
    })
    {
        Group = General,
        Rank = 59,
    };

    private static void Use(Session session, Theme theme)
    {
        session.Theme = theme;
        session.Ask(new PhoneCommand.UseTheme(theme.Name));
        session.Tell($"theme {theme.Name}: {theme.About}");
    }

    private static string GoesOn(Session session) => session.View.Live() switch
    {
        0 => "No call goes on any more.",
        1 => $"The call with {Wording.Who(session.View.Calls.First(CallFacts.IsLive))} goes on.",
        var live => $"{live} calls go on.",
    };

    /// <summary>Ends without asking.</summary>
    public static void Leave(Session session)
    {
        session.Ask(new PhoneCommand.Quit());
        if (session.Setup.Capture is null) session.Tell("hanging up and unregistering…");
    }
}
