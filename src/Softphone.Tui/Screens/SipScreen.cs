using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The SIP messages of a call as a ladder.</summary>
public sealed class SipScreen(CallId call) : Screen
{
    public override string Title => "Sip";

    public override void Draw(Session session, Surface surface, Rect area) => Frame.Draw(surface, area, $"call {call}");
}
