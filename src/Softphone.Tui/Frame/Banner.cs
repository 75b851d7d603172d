using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>A call that rings here, over whatever screen is shown: nobody has to look for it.</summary>
internal static class Banner
{
    public static void Draw(Session session, CallView call, Surface surface, Rect row)
    {
        var style = new Style(Color.Yellow, Emphasis: Emphasis.Reverse | Emphasis.Bold);
        surface.Fill(row, style);
        var isTyping = session.Top.TakesText;
        var keys = isTyping ? "F5 answer  F8 reject " : "a answer  h reject ";
        surface.WriteRight(row.Right, row.Y, keys, style);
        var pen = new Pen(surface, row.X + 1, row.Y, row.Right - keys.Length - 1);
        pen.Write("← ", style);
        pen.Write(Wording.Peer(call), style);
        if (call.Account.Length > 0 && session.View.Accounts.Count > 1)
        {
            pen.Write(" for ", style);
            pen.Write(call.Account, style);
        }

        var age = call.Age(session.View.Now);
        if (pen.Room > 8) pen.Write(style, $"   rings {(int)age.TotalMinutes}:{age.Seconds:00}");
        if (session.View.Live() > 1 && pen.Room > 32) pen.Write("   answering holds the others", style);
    }
}
