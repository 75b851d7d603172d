using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Asks whether a contact is really to go.</summary>
internal sealed class DeleteContact(Contact contact) : Screen
{
    public override string Title => "delete";

    public override bool IsOverlay => true;

    public override bool TakesText => true;

    public override bool Handle(Session session, InputEvent input)
    {
        switch (input)
        {
            case InputEvent.Key { Rune.Value: 'y' or 'Y', Modifiers: Modifiers.None or Modifiers.Shift }:
                session.Ask(new PhoneCommand.DeleteContact(contact));
                session.Tell($"{contact.Name} is deleted");
                session.Close(this);
                return true;
            case InputEvent.Key { Code: KeyCode.Escape or KeyCode.Enter } or InputEvent.Key { Rune.Value: 'n' or 'N' or 'q', Modifiers: Modifiers.None or Modifiers.Shift }:
                session.Close(this);
                return true;
            default:
                return input is InputEvent.Key { Modifiers: Modifiers.None } or InputEvent.Paste;
        }
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var box = area.Centre(Math.Max(GlyphWidth.Of(contact.Name) + 16, 34), 5);
        surface.Fill(box, Style.Plain);
        var inner = Frame.Draw(surface, box, "Delete", hasFocus: true);
        surface.Write(inner.X + 1, inner.Y, $"Delete {contact.Name}?", Style.Bold, inner.Width - 2);
        surface.Write(inner.X + 1, inner.Y + 2, "y delete   n keep", room: inner.Width - 2);
    }
}
