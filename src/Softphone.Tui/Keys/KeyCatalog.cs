using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Tui;

/// <summary>
/// Every binding there is, by the place where it holds: what the page of keys is made of, what keys.yaml may name, and what is searched for a key
/// with two meanings.
/// </summary>
internal static class KeyCatalog
{
    public static IReadOnlyList<KeySection> Sections => field ??= [.. Everywhere(), .. Panels(), .. Screens()];

    /// <summary>Keys with another meaning somewhere, each with what tells a person so. All others have one meaning wherever they have any.</summary>
    public static IReadOnlyDictionary<string, string> Shared { get; } = new Dictionary<string, string>
    {
        ["Enter"] = "opens or does what is selected; the footer says what that is",
        ["Esc"] = "leaves what is open, and changes nothing",
        ["Tab"] = "the next panel, pane, field or suggestion",
        ["Shift-Tab"] = "the one before",
        ["Left"] = "the panel, pane or message before",
        ["Right"] = "the next panel, pane or message",
        ["Space"] = "holds the call; where a list has marks, it sets them",
        ["F2"] = "keeps what was written: the report of a call, or the form",
        ["/"] = "looks for letters: rows of a list that have them, or where they stand in a message",
        ["w"] = "writes a file: the report of a call, or the messages that are shown",
        ["n"] = "the next call; in a message, where the letters that were looked for stand next",
        ["N"] = "a new account; in a message, where the letters stood before",
    };

    /// <summary>The meanings that keys.yaml may give keys to, each with its first binding.</summary>
    public static IReadOnlyDictionary<string, KeyBinding> Meanings => field ??= Sections.Where(s => !s.IsQuestion).SelectMany(s => s.Bindings)
        .Where(b => b.Help.Length > 0 && b.Keys.Any(k => !KeyNames.IsFixed(k)))
        .DistinctBy(b => b.Name).ToDictionary(b => b.Name);

    /// <summary>Which meanings each key has, outside of questions.</summary>
    public static Dictionary<string, List<string>> MeaningsByKey(KeyMap map)
    {
        var found = new Dictionary<string, List<string>>();
        foreach (var binding in Sections.Where(s => !s.IsQuestion).SelectMany(s => s.Bindings))
        {
            foreach (var key in map.Of(binding))
            {
                var names = found.TryGetValue(key, out var known) ? known : found[key] = [];
                if (!names.Contains(binding.Name)) names.Add(binding.Name);
            }
        }

        return found;
    }

    private static IEnumerable<KeySection> Everywhere() => Bindings.Global.GroupBy(b => b.Group).Select(g => new KeySection(g.Key, [.. g]));

    private static IEnumerable<KeySection> Panels()
    {
        (string Title, Panel Panel)[] panels = [("calls", new CallsPanel()), ("accounts", new AccountsPanel()), ("history", new HistoryPanel()), ("contacts", new ContactsPanel()), ("events", new EventsPanel())];
        foreach (var (title, panel) in panels) yield return new($"In the panel {title}", panel.Keys);
        var main = new MainScreen();
        yield return new("Between panels", [.. main.Keys.Where(k => k.Group == MainScreen.PanelKeys)]) { Screen = main };
    }

    /// <summary>One of each, over a phone that has nothing.</summary>
    private static IEnumerable<KeySection> Screens()
    {
        var session = new TuiMachine(new TuiSetup()).Session;
        var call = new CallView(default, CallState.Connected, CallDirection.Outgoing, "sip:nobody@invalid");
        var message = new SipTrace.Message(default, "", false, default, default, default, default, "", "", "", false);
        yield return Of("On the page of a call", new CallScreen(default));
        yield return Of("On the SIP ladder", new SipScreen(default));
        yield return Of("In a SIP message", new SipMessageScreen(new LadderView(() => ""), message));
        yield return Of("Reading messages as they are", new SipMessageScreen(new LadderView(() => ""), null));
        yield return Of("On all SIP dialogs", new DialogsScreen());
        yield return Of("On the ladder of dialogs", new DialogLadderScreen([]));
        yield return Of("On the dialogs of a capture", new DialogsScreen("", new CaptureSight()));
        yield return Of("On the problems of a capture", new ProblemsScreen(new CaptureSight()));
        yield return Of("Reading about a dialog of a capture", new StoryScreen("", []));
        yield return Of("Comparing two messages", new DiffScreen(message, message));
        yield return Of("On the ICE inspector", new IceScreen(default));
        yield return Of("On the STUN messages of a pair", new StunScreen(default, 0));
        yield return Of("In the history", new HistoryScreen());
        yield return Of("In the contacts", new ContactsScreen());
        yield return Of("On the message threads", new MessagesScreen());
        yield return Of("In a thread", new ThreadScreen("", ""));
        yield return Of("Sending callers on", new MannersScreen(new AccountView("", "", default)));
        yield return Of("In the settings", new SettingsScreen());
        yield return Of("Choosing a sound device", new DevicePicker(DeviceRole.Ring));
        yield return Of("In a set-up of an account", new WizardScreen());
        yield return Of("In a contact", new ContactForm(null));
        yield return Of("Dialling", new DialScreen(DialPurpose.Consult, call));
        yield return Of("In the command line", new CommandScreen(session));
        yield return Of("In the menu", new MenuScreen(session));
        yield return Of("In this help", new HelpScreen(session));
        yield return Of("Joining two calls", new AttendScreen(default));
        yield return Of("In a conference", new ConferenceScreen(session));
        yield return Of("Reading a text", new TextScreen("", ""));
        yield return Of("Reading why", new WhyScreen(call));
        yield return Of("Asked whether", new ConfirmScreen("", _ => "", "yes", _ => { })) with { IsQuestion = true };
        yield return Of("Asked to call somebody else", new TransferScreen(default, new TransferQuestion("sip:nobody@invalid", default), default)) with { IsQuestion = true };

        static KeySection Of(string title, Screen screen) => new(title, screen.Keys) { Screen = screen };
    }
}
