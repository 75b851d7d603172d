using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>People to call; Enter calls.</summary>
internal sealed class ContactsPanel : TablePanel<Contact>
{
    private static readonly Column[] All = [new("name", 0, Least: 12), new("address", 0, Importance: 2, Least: 14), new("account", 10, Importance: 1)];

    private IReadOnlyList<Contact> _measured = [];
    private Column[] _columns = All;
    private readonly ListOrder<Contact> _order = Orders.OfContacts();
    private readonly KeyBinding[] _keys;

    public ContactsPanel() => _keys =
    [
        new(["Enter"], "", "call", "call this contact", Open) { Rank = 11, Disabled = NeedsRow },
        new(["E"], "", "edit", "change contacts", session => session.Open(new ContactsScreen())) { Rank = 12 },
        new(["y"], "", "copy", "copy the address", session =>
        {
            session.Ask(new PhoneCommand.Copy(Selected!.Uri));
            session.Tell($"copied {Selected.Uri}");
        }) { Rank = 100, Disabled = NeedsRow },
        .. _order.Keys("", Refresh),
    ];

    public override string Title => "Contacts";

    public override IReadOnlyList<KeyBinding> Keys => _keys;

    protected override ListOrder<Contact> Order => _order;

    protected override IReadOnlyList<Column> Columns => _columns;

    protected override bool HasHeadings => false;

    public override void Refresh(Session session)
    {
        if (!ReferenceEquals(_measured, session.View.Contacts)) Measure(session);
        base.Refresh(session);
    }

    /// <summary>No column for accounts where nobody has one, and none for addresses wider than they are: what is left is for the names.</summary>
    private void Measure(Session session)
    {
        _measured = session.View.Contacts;
        var longest = _measured.Select(c => GlyphWidth.Of(AddressOf(session, c))).DefaultIfEmpty().Max();
        var hasAccounts = _measured.Any(c => c.Account is { Length: > 0 });
        _columns = [All[0], All[1] with { Most = Math.Max(longest, 1), Least = Math.Clamp(longest, 1, 14) }, .. hasAccounts ? All[2..] : []];
    }

    private static string AddressOf(Session session, Contact contact) => Wording.AtHome(session.View, contact.Account ?? session.View.Account, contact.Uri);

    protected override string Empty(Session session) => $"none yet: {session.KeyOf(Bindings.Contacts)} adds one";

    protected override IReadOnlyList<Contact> Of(PhoneView view) => view.Contacts;

    protected override bool IsSame(Contact one, Contact other) => one == other;

    protected override bool Matches(Contact thing, string letters) => Letters.Have(letters, thing.Name, Wording.Address(thing.Uri));

    public override void Open(Session session)
    {
        if (Selected is { } contact) Dialling.Place(session, contact.Uri, contact.Account);
    }

    public override void DoubleClick(Session session)
    {
        if (Selected is { } contact) session.Open(new DialScreen(contact.Name));
    }

    protected override void Fill(Session session, Contact thing, TableCell[] fields)
    {
        fields[0] = new(thing.Name);
        fields[1] = new(AddressOf(session, thing), Style.Dim);
        fields[2] = new(thing.Account ?? "", Style.Dim);
    }

    private string? NeedsRow(Session session) => Selected is null ? $"there is no contact: {session.KeyOf(Bindings.Contacts)} adds one" : null;
}
