using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Tui;

/// <summary>From what was typed to whom is called.</summary>
internal static class Dialling
{
    /// <summary>A telephone number as people write it, "+49 (30) 123-45", without what is between its digits; anything else only trimmed.</summary>
    public static string Clean(string typed)
    {
        var text = typed.Trim();
        if (text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase)) text = text[4..];
        foreach (var letter in text)
            if (letter is not ((>= '0' and <= '9') or '+' or '*' or '#' or ' ' or '-' or '.' or '/' or '(' or ')' or '\u00A0')) return text;
        return string.Concat(text.Where(c => c is (>= '0' and <= '9') or '+' or '*' or '#'));
    }

    /// <summary>Why nobody can be called so, for a person; null when somebody can. The phone asks the same before it calls.</summary>
    public static string? Refusal(Session session, string target, string? account)
    {
        var identity = SipUri.Create(null, "invalid");
        for (var i = 0; i < session.View.Accounts.Count; i++)
            if (session.View.Accounts[i].Name == account && SipUri.TryParse(session.View.Accounts[i].Aor, out var own, out _)) identity = own;
        return DialTarget.TryRead(target, identity, out _, out var fault) ? null : fault.What;
    }

    /// <summary>Calls: a contact by its name, or what was typed.</summary>
    public static void Place(Session session, string typed, string? account = null)
    {
        var person = People.Named(session.View, typed.Trim());
        var target = person?.Uri ?? Clean(typed);
        if (target.Length == 0) return;
        session.LastDialled = target;
        session.Ask(new PhoneCommand.Dial(target, account ?? person?.Account));
    }

    public static void Transfer(Session session, CallView call, string typed)
    {
        var target = People.Named(session.View, typed.Trim())?.Uri ?? Clean(typed);
        if (target.Length == 0) return;
        session.Ask(new PhoneCommand.Transfer(call.Id, target));
        session.Tell($"transferring {Wording.Who(call)} to {Wording.Address(target)}…");
    }
}
