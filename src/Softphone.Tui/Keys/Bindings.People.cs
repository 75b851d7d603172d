using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>What becomes of calls where nobody decides, and messages.</summary>
internal static partial class Bindings
{
    private const string Reach = "When somebody calls or writes";

    public static KeyBinding Disturb { get; } = new(["Z"], "dnd", "dnd", "no call rings, and all ring again", session => SetDisturb(session, AccountInUse(session), null))
    {
        Group = Reach,
        Rank = 100,
        Label = session => AccountInUse(session) is { Manners.DoNotDisturb: true } ? "ring again" : "dnd",
        Disabled = NeedsAccount,
        Argument = "ON|OFF",
        Choices = _ => ["on", "off"],
        RunWith = (session, typed) =>
        {
            if (NeedsAccount(session) is { } why) session.Tell(why);
            else if (typed is "" or "on" or "off") SetDisturb(session, AccountInUse(session), typed.Length == 0 ? null : typed == "on");
            else session.Tell("on or off");
        },
    };

    public static KeyBinding Forward { get; } = new(["F"], "forward", "forward", "send callers to somebody else; off ends it", session =>
        session.Open(new MannersScreen(AccountInUse(session)!)))
    {
        Group = Reach,
        Rank = 100,
        Disabled = NeedsAccount,
        Argument = "WHEN URI",
        Choices = _ => ["always ", "busy ", "no-answer ", "off"],
        RunWith = SetForward,
    };

    public static KeyBinding AnswerItself { get; } = new(["B"], "auto-answer", "auto-answer", "calls answer themselves; off ends it", session =>
        session.Open(new MannersScreen(AccountInUse(session)!, isAnswering: true)))
    {
        Group = Reach,
        Rank = 100,
        Disabled = NeedsAccount,
        Argument = "TIME WHO",
        Choices = _ => ["off", "2s all"],
        RunWith = SetAutoAnswer,
    };

    public static KeyBinding Messages { get; } = new(["M"], "message", "messages", "read what others write, and write to them", session => session.Open(new MessagesScreen()))
    {
        Group = Reach,
        Rank = 100,
        Label = session => session.View.Unread is > 0 and var unread ? $"messages ({unread})" : "messages",
        Argument = "WHO TEXT",
        Choices = session => People.Find(session.View, "", 50).Select(p => $"{(p.IsContact ? p.Name : p.Uri)} "),
        RunWith = Write,
    };

    internal static AccountView? AccountInUse(Session session)
    {
        var accounts = session.View.Accounts;
        for (var i = 0; i < accounts.Count; i++)
            if (accounts[i].Name == session.View.Account) return accounts[i];
        return accounts.Count > 0 ? accounts[0] : null;
    }

    /// <summary>On or off; null is the other of what it is.</summary>
    internal static void SetDisturb(Session session, AccountView? account, bool? on)
    {
        if (account is null) return;
        var wanted = on ?? !account.Manners.DoNotDisturb;
        session.Ask(new PhoneCommand.SetManners(account.Name, account.Manners with { DoNotDisturb = wanted }));
        session.Tell(wanted ? $"{account.Name}: no call rings until Z is pressed again" : $"{account.Name}: calls ring again");
    }

    private static void SetForward(Session session, string typed)
    {
        if (AccountInUse(session) is not { } account)
        {
            session.Tell(NeedsAccount(session)!);
            return;
        }

        var at = typed.IndexOf(' ', StringComparison.Ordinal);
        var (when, who) = at < 0 ? (typed, "") : (typed[..at], typed[(at + 1)..].Trim());
        if (when == "off" && who.Length == 0)
        {
            session.Ask(new PhoneCommand.SetManners(account.Name, account.Manners with { ForwardAlways = null, ForwardBusy = null, ForwardNoAnswer = null }));
            return;
        }

        if (when is not ("always" or "busy" or "no-answer"))
        {
            session.Tell("always, busy or no-answer, and whom to; or off");
            return;
        }

        if (who == "off") who = "";
        Sip.SipUri? target = null;
        if (who.Length > 0 && !MannersScreen.TryTarget(account, People.Named(session.View, who)?.Uri ?? who, out target))
        {
            session.Tell($"“{who}” is no address");
            return;
        }

        if (target is null && at < 0)
        {
            session.Tell($"forward {when} whom to?");
            return;
        }

        MannersScreen.Ask(session, account, when switch
        {
            "always" => account.Manners with { ForwardAlways = target },
            "busy" => account.Manners with { ForwardBusy = target },
            _ => account.Manners with { ForwardNoAnswer = target },
        });
    }

    private static void SetAutoAnswer(Session session, string typed)
    {
        var words = MannersScreen.Items(typed);
        if (AccountInUse(session) is not { } account) session.Tell(NeedsAccount(session)!);
        else if (words.Length == 0) session.Do(AnswerItself!);
        else if (!ProfileSetting.TryAutoAnswer(words[0], out var how)) session.Tell("a time of 0s to 60s such as 2s, asked, or off");
        else if (how is not (null, false) && words.Length == 1 && account.Manners.AutoAnswerFrom.Count == 0) session.Tell("whose calls? users or addresses, or all");
        else session.Ask(new PhoneCommand.SetManners(account.Name, account.Manners with { AutoAnswer = how.After, AutoAnswerAsked = how.IsAsked, AutoAnswerFrom = words.Length > 1 ? words[1..] : account.Manners.AutoAnswerFrom }));
    }

    /// <summary>The name of a contact may have spaces: the longest that fits is meant.</summary>
    private static void Write(Session session, string typed)
    {
        if (NeedsAccount(session) is { } why)
        {
            session.Tell(why);
            return;
        }

        var who = session.View.Contacts.Select(c => c.Name).Where(n => typed.StartsWith(n, StringComparison.OrdinalIgnoreCase) && (typed.Length == n.Length || typed[n.Length] == ' '))
            .MaxBy(n => n.Length) ?? typed.Split(' ')[0];
        var text = typed[who.Length..].Trim();
        var person = People.Named(session.View, who);
        var account = person?.Account ?? InUse(session);
        if (text.Length == 0) session.Open(new ThreadScreen(account, person?.Uri ?? Dialling.Clean(who)));
        else session.Ask(new PhoneCommand.SendText(person?.Uri ?? Dialling.Clean(who), text, account));
    }
}
