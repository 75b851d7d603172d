using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>People to call, by name: added, changed, deleted, called.</summary>
public sealed class ContactsScreen : Screen
{
    private static readonly Column[] Columns = [new("name", 28), new("address", 0), new("account", 12, Importance: 2), new("last call", 14, Importance: 1)];

    private readonly ListView _list = new();
    private readonly ListFilter _filter = new();
    private IReadOnlyList<Contact> _rows = [];
    private Rect _body;
    private int _page = 10;

    public ContactsScreen() =>
        Keys =
        [
            new(["Enter"], "", "call", "Call the selected contact", s => Call(s)) { Group = "Contacts", Rank = 10, Disabled = _ => NeedsRow() },
            new(["N", "Ins"], "", "new", "Add a contact", s => s.Open(new ContactForm(null))) { Group = "Contacts", Rank = 20 },
            new(["e"], "", "edit", "Change the selected contact", s => s.Open(new ContactForm(Selected))) { Group = "Contacts", Rank = 30, Disabled = _ => NeedsRow() },
            new(["X", "Del"], "", "delete", "Delete the selected contact", s => Delete(s)) { Group = "Contacts", Rank = 40, Disabled = _ => NeedsRow() },
            new(["/", "F3"], "", "filter", "Show only contacts with these words", _ => _filter.Open()) { Group = "Contacts", Rank = 50 },
        ];

    public override string Title => "contacts";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    public override bool TakesText => _filter.IsOpen;

    private Contact? Selected => _list.Selected < _rows.Count ? _rows[_list.Selected] : null;

    public override void Refresh(Session session)
    {
        var selected = Selected;
        _rows = [.. session.View.Contacts.Where(c => _filter.Matches(c.Name, c.Uri)).OrderBy(c => c.Name, StringComparer.InvariantCultureIgnoreCase)];
        for (var i = 0; i < _rows.Count; i++)
            if (_rows[i] == selected) _list.Select(i, _rows.Count);
        _list.Fit(_rows.Count, _page);
    }

    public override bool Handle(Session session, InputEvent input)
    {
        if (_filter.Handle(input))
        {
            Refresh(session);
            return true;
        }

        switch (input)
        {
            case InputEvent.Key { Code: KeyCode.Escape } when _filter.Clear():
                Refresh(session);
                return true;
            case InputEvent.Key key:
                return _list.Handle(key, _rows.Count, _page);
            case InputEvent.Mouse { Action: MouseAction.Press, Button: 0 } mouse when mouse.Y >= _body.Y && mouse.Y < _body.Bottom && _list.Top + mouse.Y - _body.Y < _rows.Count:
                _list.Select(_list.Top + mouse.Y - _body.Y, _rows.Count);
                return true;
            default:
                return false;
        }
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var all = session.View.Contacts.Count;
        var inner = _filter.Draw(surface, Frame.Draw(surface, area, "Contacts", hasFocus: true, _rows.Count == all ? $"{all}" : $"{_rows.Count} of {all}"));
        if (_rows.Count == 0) surface.Write(inner.X + 1, inner.Y + 1, all == 0 ? "No contacts yet: N adds one." : "No contact has these words.", Style.Dim, inner.Width - 1);
        (_body, _page) = (inner.CutRows(1).Remainder, inner.Height - 1);
        if (_rows.Count > 0) Table.Draw(surface, inner, Columns, _rows.Count, i => Row(session, _rows[i]), _list, hasFocus: true);
    }

    private static TableCell[] Row(Session session, Contact contact)
    {
        var last = session.View.History.FirstOrDefault(h => HistoryText.Bare(h.Peer) == HistoryText.Bare(contact.Uri));
        return
        [
            contact.Name, HistoryText.Bare(contact.Uri), new(contact.Account ?? "", Style.Dim),
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
        session.Open(new ConfirmScreen("Delete", $"{contact.Name} goes from the contacts.", "delete", s =>
        {
            s.Ask(new PhoneCommand.DeleteContact(contact));
            s.Tell($"{contact.Name} is deleted");
        }));
    }

    private string? NeedsRow() => Selected is null ? "no contact is selected" : null;
}
