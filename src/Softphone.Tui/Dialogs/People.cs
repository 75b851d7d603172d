using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>Somebody that typed letters may mean.</summary>
/// <param name="Name">As it is shown; empty when unknown.</param>
/// <param name="Uri">What is called.</param>
/// <param name="Account">The account to call with; null takes the one chosen.</param>
/// <param name="IsContact">Of the contacts, not of the history.</param>
internal readonly record struct Person(string Name, string Uri, string? Account, bool IsContact);

/// <summary>Contacts and history as one book to complete from.</summary>
internal static class People
{
    /// <summary>History further back is not looked at.</summary>
    private const int LastCalls = 200;

    private const int MostNames = 200;

    /// <summary>Who has every word typed, the likeliest first: the beginning of a name or number before the beginning of a word, before any other place.</summary>
    public static List<Person> Find(PhoneView view, string typed, int most)
    {
        var found = new List<(int Rank, Person Person)>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var contact in view.Contacts) Add(new Person(contact.Name, contact.Uri, contact.Account, IsContact: true));
        foreach (var entry in view.History.Take(LastCalls)) Add(new Person(entry.Name, entry.Peer, entry.Account, IsContact: false));
        // A stable sort: within a rank contacts stay before history, and the newest call first.
        return [.. found.OrderBy(f => f.Rank).Take(most).Select(f => f.Person)];

        void Add(Person person)
        {
            if (Rank(person, typed) is not { } rank || !seen.Add(Wording.Address(person.Uri))) return;
            found.Add((rank, person));
        }
    }

    /// <summary>What may follow a word that takes somebody: contacts by name, whoever else called by address.</summary>
    public static IEnumerable<string> Names(Session session) =>
        Find(session.View, "", MostNames).Select(p => p.IsContact ? p.Name : Wording.Address(p.Uri)).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The address of a contact, to stand beside its name; empty for an address itself.</summary>
    public static string AddressOf(Session session, string name) => Named(session.View, name) is { } person ? Wording.Address(person.Uri) : "";

    /// <summary>The contact of exactly this name; null when there is none.</summary>
    public static Person? Named(PhoneView view, string name)
    {
        foreach (var contact in view.Contacts)
            if (string.Equals(contact.Name, name, StringComparison.OrdinalIgnoreCase)) return new Person(contact.Name, contact.Uri, contact.Account, IsContact: true);
        return null;
    }

    private static int? Rank(Person person, string typed)
    {
        if (typed.Length == 0) return 0;
        var address = Wording.Address(person.Uri);
        if (!Letters.Have(typed, person.Name, address)) return null;
        var whole = Letters.Fold(typed);
        return Math.Min(Place(person.Name, whole), Place(address, whole));
    }

    /// <summary>Words that stand apart rank last.</summary>
    private static int Place(string text, string plain)
    {
        var at = Letters.Place(text, plain);
        return at < 0 ? 3 : at == 0 ? 0 : at <= text.Length && char.IsLetterOrDigit(text[at - 1]) ? 2 : 1;
    }
}
