using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>One call in full: levels, quality, path, timers, and how it went.</summary>
public sealed class CallScreen(CallId call) : Screen
{
    public override string Title => "Call";

    public override void Draw(Session session, Surface surface, Rect area) => Frame.Draw(surface, area, $"call {call}");
}
