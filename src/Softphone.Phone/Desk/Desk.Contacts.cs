using Softphone.Core;

namespace Softphone.Phone;

/// <summary>Contacts, and the names of peers by them.</summary>
public sealed partial class Desk
{
    private const int MostContacts = 10_000;

    private IReadOnlyList<Contact> _contacts;
    private ContactIndex _book;

    private void Save(Instant now, PhoneCommand.SaveContact command)
    {
        var contact = command.Contact with { Name = PlainText.Clean(command.Contact.Name), Uri = command.Contact.Uri.Trim() };
        if (contact.Name.Length == 0)
            Problem(now, "a contact needs a name");
        else if (contact.Account is { Length: > 0 } account && Find(account) is null)
            Problem(now, $"there is no account {account}", $"leave it empty, or take one of {string.Join(", ", _lines.Select(l => l.Account.Name))}");
        else if (!DialTarget.TryRead(contact.Uri, AnyIdentity, out _, out var fault))
            Problem(now, fault);
        else if (_book.Named(contact.Name) is { } other && other != command.Old)
            Problem(now, $"there is a contact {contact.Name} already", "give it another name");
        else if (_contacts.Count >= MostContacts && command.Old is null)
            Problem(now, $"{MostContacts} contacts are the most", "delete some first");
        else
            Keep([.. _contacts.Where(c => c != command.Old), contact]);
    }

    private void Delete(Instant now, Contact contact)
    {
        if (_contacts.Contains(contact)) Keep([.. _contacts.Where(c => c != contact)]);
        else Problem(now, $"there is no contact {PlainText.Clean(contact.Name)}");
    }

    private void Keep(List<Contact> contacts)
    {
        contacts.Sort((a, b) => string.Compare(a.Name, b.Name, StringComparison.OrdinalIgnoreCase));
        _contacts = contacts.AsReadOnly();
        _book = new ContactIndex(_contacts);
        foreach (var call in _calls) Name(call);
        NameThreads();
        _shell.Keep(_contacts);
    }

    private void Name(DeskCall call) => call.Name = _book.At(call.Peer)?.Name ?? call.ToldName;
}
