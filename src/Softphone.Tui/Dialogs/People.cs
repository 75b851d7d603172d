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

    /// <summary>Who matches, the likeliest first: the beginning of a name or number before the beginning of a word, before any other place.</summary>
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
        var place = Math.Min(Place(person.Name, typed), Place(address, typed));
        return place == int.MaxValue ? null : place;
    }

    private static int Place(string text, string typed)
    {
        var at = text.IndexOf(typed, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return int.MaxValue;
        return at == 0 ? 0 : char.IsLetterOrDigit(text[at - 1]) ? 2 : 1;
    }
}
