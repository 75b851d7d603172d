using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>A screen drawn from a view, as the text of its cells.</summary>
internal static class Shot
{
    public static Session Open(PhoneView view, Screen screen)
    {
        var session = new Session(new TuiSetup()) { View = view, Now = view.Now };
        session.Open(new MainScreen());
        session.Open(screen);
        return session;
    }

    public static string Text(Session session, int width, int height)
    {
        var surface = new Surface(width, height);
        session.Top.Draw(session, surface, new Rect(0, 1, width, height - 2));
        return surface.ToString();
    }
}
