using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Accounts, calls, contacts, history and events at one glance; the bottom of the stack.</summary>
internal sealed class MainScreen : Screen
{
    public override string Title => "softphone";

    public override void Draw(Session session, Surface surface, Rect area) => Frame.Draw(surface, area, Title, hasFocus: true);
}
