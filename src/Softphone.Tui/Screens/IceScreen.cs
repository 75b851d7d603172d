using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>How a call's path was found: candidates, checks, handshakes and why.</summary>
public sealed class IceScreen(CallId call) : Screen
{
    public override string Title => "Ice";

    public override void Draw(Session session, Surface surface, Rect area) => Frame.Draw(surface, area, $"call {call}");
}
