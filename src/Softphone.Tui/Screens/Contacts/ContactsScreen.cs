using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>People to call.</summary>
public sealed class ContactsScreen : Screen
{
    private readonly ListView _list = new();

    public override string Title => "contacts";

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = Frame.Draw(surface, area, Title, hasFocus: true, $"{session.View.Contacts.Count}");
        Table.Draw(surface, inner, [new Column("name", 24), new Column("address", 0)], session.View.Contacts.Count,
            i => [session.View.Contacts[i].Name, session.View.Contacts[i].Uri], _list, hasFocus: true);
    }
}
