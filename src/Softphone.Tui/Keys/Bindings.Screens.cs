using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>Screens about a call, and about everything else.</summary>
internal static partial class Bindings
{
    private const string Look = "Look closer";
    private const string Phone = "Phone";

    public static KeyBinding Stats { get; } = new(["p"], "stats", "call", "levels, quality and path of the call", session => session.Open(new CallScreen(session.Looked!.Id)))
    {
        Group = Look,
        Rank = 30,
        Disabled = NeedsLooked,
        Argument = "CALL",
        Choices = CallNumbers,
        RunWith = ToCall(() => Stats!),
    };

    public static KeyBinding Ice { get; } = new(["i"], "ice", "ICE", "candidates, checks, and why this path", session => session.Open(new IceScreen(session.Looked!.Id)))
    {
        Group = Look,
        Rank = 31,
        Disabled = NeedsLooked,
        Argument = "CALL",
        Choices = CallNumbers,
        RunWith = ToCall(() => Ice!),
    };

    public static KeyBinding Sip { get; } = new(["s"], "sip", "SIP", "every SIP message of the call", session => session.Open(new SipScreen(session.Looked!.Id)))
    {
        Group = Look,
        Rank = 32,
        Disabled = NeedsLooked,
        Argument = "CALL",
        Choices = CallNumbers,
        RunWith = ToCall(() => Sip!),
    };

    public static KeyBinding Dialogs { get; } = new(["L"], "dialogs", "all SIP", "all SIP dialogs of all accounts and methods", session => session.Open(new DialogsScreen()))
    {
        Group = Look,
        Rank = 64,
        Argument = "EXPRESSION",
        RunWith = (session, expression) => session.Open(new DialogsScreen(expression)),
    };

    public static KeyBinding Report { get; } = new(["w", "F2"], "report", "report", "write the report of the call and its packets", session =>
        session.Ask(new PhoneCommand.SaveReport(session.Looked!.Id)))
    {
        Group = Look,
        Rank = 40,
        Disabled = NeedsLooked,
        Argument = "CALL",
        Choices = CallNumbers,
        RunWith = ToCall(() => Report!),
    };

    public static KeyBinding Explain { get; } = new(["e"], "explain", "explain", "why this path, or what failed", session =>
        session.Open(new WhyScreen(session.Looked!)))
    {
        Group = Look,
        Rank = 41,
        Disabled = NeedsLooked,
        Argument = "CALL",
        Choices = CallNumbers,
        RunWith = ToCall(() => Explain!),
    };

    public static KeyBinding Yank { get; } = new(["y"], "copy", "copy", "copy the other side's address", session =>
    {
        session.Ask(new PhoneCommand.Copy(session.Looked!.Peer));
        session.Tell($"copied {session.Looked.Peer}");
    })
    {
        Group = Look,
        Rank = 100,
        Disabled = NeedsLooked,
    };

    public static KeyBinding Register { get; } = new(["R"], "register", "register", "register the account anew, now", session =>
        session.Ask(new PhoneCommand.Register(InUse(session))))
    {
        Group = Phone,
        Rank = 70,
        Disabled = NeedsAccount,
        Argument = "ACCOUNT",
        Choices = AccountNames,
        RunWith = (session, name) => WithAccount(session, name, found => session.Ask(new PhoneCommand.Register(found))),
    };

    public static KeyBinding Unregister { get; } = new(["U"], "unregister", "unregister", "take the account out of service", session =>
        session.Ask(new PhoneCommand.Unregister(InUse(session))))
    {
        Group = Phone,
        Rank = 100,
        Disabled = NeedsAccount,
        Argument = "ACCOUNT",
        Choices = AccountNames,
        RunWith = (session, name) => WithAccount(session, name, found => session.Ask(new PhoneCommand.Unregister(found))),
    };

    public static KeyBinding Account { get; } = new(["A"], "account", "account", "call with the next account", session =>
    {
        var accounts = session.View.Accounts;
        var at = 0;
        while (at < accounts.Count - 1 && accounts[at].Name != session.View.Account) at++;
        Use(session, accounts[(at + 1) % accounts.Count].Name);
    })
    {
        Group = Phone,
        Rank = 100,
        Disabled = session => NeedsAccount(session) ?? (session.View.Accounts.Count == 1 ? "there is one account only" : null),
        Argument = "ACCOUNT",
        Choices = AccountNames,
        RunWith = (session, name) => WithAccount(session, name, found => Use(session, found)),
    };

    public static KeyBinding History { get; } = new(["H"], "history", "history", "calls that are over", session => session.Open(new HistoryScreen())) { Group = Phone, Rank = 61 };

    public static KeyBinding Contacts { get; } = new(["C"], "contacts", "contacts", "people to call", session => session.Open(new ContactsScreen())) { Group = Phone, Rank = 62 };

    public static KeyBinding Settings { get; } = new(["S", "F9"], "settings", "settings", "sound devices and accounts", session => session.Open(new SettingsScreen())) { Group = Phone, Rank = 63 };

    public static KeyBinding Wizard { get; } = new(["N"], "wizard", "new account", "set up another account, step by step", session => session.Open(new WizardScreen()))
    {
        Group = Phone,
        Rank = 100,
    };

    private static string? NeedsLooked(Session session) => session.Looked is null ? NoCall : null;

    private static string InUse(Session session) => session.View.Account.Length > 0 ? session.View.Account : session.View.Accounts[0].Name;

    private static IEnumerable<string> AccountNames(Session session) => session.View.Accounts.Select(a => a.Name);

    private static void Use(Session session, string name)
    {
        session.Ask(new PhoneCommand.UseAccount(name));
        session.Tell($"calls are placed with {name}");
    }

    private static void WithAccount(Session session, string name, Action<string> act)
    {
        if (name.Length == 0 && session.View.Accounts.Count > 0) act(InUse(session));
        else if (session.View.Accounts.Any(a => a.Name == name)) act(name);
        else session.Tell(name.Length == 0 ? NeedsAccount(session)! : $"there is no account {name}");
    }
}
