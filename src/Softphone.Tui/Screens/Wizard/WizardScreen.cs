using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Asks a newcomer for an account, step by step, and registers it.</summary>
public sealed class WizardScreen : Screen
{
    public override string Title => "new account";

    public override bool TakesText => true;

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = Frame.Draw(surface, area, Title, hasFocus: true);
        surface.Write(inner.X + 1, inner.Y, "Which kind of server is it?");
    }
}
