using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>People to call, by name: added, changed, deleted, called.</summary>
public sealed class ContactsScreen : ListScreen
{
    private static readonly Column[] Columns =
        [new("name", 0, Least: 14, Most: 40), new("address", 0, Least: 16), new("account", 12, Importance: 2), new("last call", 14, Importance: 1)];

    private readonly ListOrder<Contact> _order = Orders.OfContacts();
    private IReadOnlyList<Contact> _rows = [];
    private (IReadOnlyList<Contact> Contacts, string Filter, int Order) _shown = ([], "", -1);

    public ContactsScreen() =>
        Keys =
        [
            new(["Enter"], "", "call", "call the selected contact", s => Call(s)) { Group = "Contacts", Rank = 10, Disabled = _ => NeedsRow() },
            new(["P", "Ins"], "", "new contact", "add a contact", s => s.Open(new ContactForm(null))) { Group = "Contacts", Rank = 20 },
            new(["E"], "", "edit", "change the selected contact", s => s.Open(new ContactForm(Selected))) { Group = "Contacts", Rank = 30, Disabled = _ => NeedsRow() },
            new(["X", "Del"], "", "delete", "delete the selected contact", s => Delete(s)) { Group = "Contacts", Rank = 40, Disabled = _ => NeedsRow() },
            new(["/", "F3"], "", "filter", "show only contacts with these words", _ => Filter.Open()) { IsOfList = true, Group = "Contacts", Rank = 50 },
            .. _order.Keys("Contacts", Refresh),
        ];

    public override string Title => "contacts";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    private protected override int Count => _rows.Count;

    private Contact? Selected => List.Selected < _rows.Count ? _rows[List.Selected] : null;

    public override void Refresh(Session session)
    {
        // Thousands are filtered and sorted when something changed, not ten times a second.
        var shown = (session.View.Contacts, Filter.Text, _order.Version);
        if (ReferenceEquals(shown.Contacts, _shown.Contacts) && (shown.Text, shown.Version) == (_shown.Filter, _shown.Order)) return;
        _shown = shown;
        var selected = Selected;
        _rows = _order.Sort([.. session.View.Contacts.Where(c => Filter.Matches(c.Name, c.Uri))]);
        for (var i = 0; i < _rows.Count; i++)
            if (_rows[i] == selected) List.Select(i, _rows.Count);
        List.Fit(_rows.Count, Page);
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var all = session.View.Contacts.Count;
        var inner = Filter.Draw(surface, Frame.Draw(surface, area, "Contacts", hasFocus: true, _rows.Count == all ? $"{all}" : $"{_rows.Count} of {all}"));
        if (_rows.Count == 0) surface.Write(inner.X + 1, inner.Y + 1, all == 0 ? $"No contacts yet: {session.KeyOf(Keys[1])} adds one." : "No contact has these words.", Style.Dim, inner.Width - 1);
        (Body, Page) = (inner.CutRows(1).Remainder, inner.Height - 1);
        if (_rows.Count > 0) Table.Draw(surface, inner, Columns, _rows.Count, i => Row(session, _rows[i]), List, hasFocus: true, sorted: _order.Heading);
    }

    private static TableCell[] Row(Session session, Contact contact)
    {
        var last = session.View.History.FirstOrDefault(h => Wording.Address(h.Peer) == Wording.Address(contact.Uri));
        return
        [
            contact.Name, Wording.Address(contact.Uri), new(contact.Account ?? "", Style.Dim),
            new(last is null ? "" : $"{HistoryText.Arrow(last)} {HistoryText.When(last, session.View.Clock)}", Style.Dim),
        ];
    }

    private void Call(Session session)
    {
        if (Selected is not { } contact) return;
        session.Ask(new PhoneCommand.Dial(contact.Uri, contact.Account));
        session.Tell($"calling {contact.Name}");
        session.Close(this);
    }

    private void Delete(Session session)
    {
        var contact = Selected!;
        session.Open(new ConfirmScreen("Delete", _ => $"{contact.Name} goes from the contacts.", "delete", s =>
            s.AskUndoable(new PhoneCommand.DeleteContact(contact), new PhoneCommand.SaveContact(contact), $"{contact.Name} is deleted", $"{contact.Name} is back")));
    }

    private string? NeedsRow() => Selected is null ? "no contact is selected" : null;
}
