using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>People to call; Enter calls.</summary>
internal sealed class ContactsPanel : TablePanel<Contact>
{
    private static readonly Column[] All = [new("name", 0, Least: 12), new("address", 0, Importance: 2, Least: 14), new("account", 10, Importance: 1)];

    private readonly KeyBinding[] _keys;

    public ContactsPanel() => _keys =
    [
        new(["Enter"], "", "call", "call this contact", Open) { Rank = 11, Disabled = NeedsRow },
        new(["e"], "", "edit", "change contacts", session => session.Open(new ContactsScreen())) { Rank = 12 },
        new(["y"], "", "copy", "copy the address", session =>
        {
            session.Ask(new PhoneCommand.Copy(Selected!.Uri));
            session.Tell($"copied {Selected.Uri}");
        }) { Rank = 100, Disabled = NeedsRow },
    ];

    public override string Title => "Contacts";

    public override IReadOnlyList<KeyBinding> Keys => _keys;

    protected override IReadOnlyList<Column> Columns => All;

    protected override bool HasHeadings => false;

    protected override string Empty(Session session) => "none yet: C adds one";

    protected override IReadOnlyList<Contact> Of(PhoneView view) => view.Contacts;

    protected override bool IsSame(Contact one, Contact other) => one == other;

    protected override bool Matches(Contact thing, string letters) => Has(thing.Name, letters) || Has(Wording.Address(thing.Uri), letters);

    public override void Open(Session session)
    {
        if (Selected is { } contact) Dialling.Place(session, contact.Uri, contact.Account);
    }

    protected override void Fill(Session session, Contact thing, TableCell[] fields)
    {
        fields[0] = new(thing.Name);
        fields[1] = new(Wording.AtHome(session.View, thing.Account ?? session.View.Account, thing.Uri), Style.Dim);
        fields[2] = new(thing.Account ?? "", Style.Dim);
    }

    private string? NeedsRow(Session session) => Selected is null ? "there is no contact: C adds one" : null;
}
