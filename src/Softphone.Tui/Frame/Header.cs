using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The first row of every screen: who we are to which servers, what is on, the microphone, the time.</summary>
internal static class Header
{
    private const int Meter = 5;

    public static void Draw(Session session, Surface surface, Rect row)
    {
        if (session.Setup.Capture is { } capture)
        {
            DrawCapture(session, capture, surface, row);
            return;
        }

        var right = DrawRight(session, surface, row);
        var pen = new Pen(surface, row.X + 1, row.Y, right - 1);
        pen.Write("softphone", new Style(Color.Cyan, Emphasis: Emphasis.Bold));
        if (Page(session) is { } page)
        {
            pen.Write(" ▸ ", Color.Grey);
            pen.Write(page.Title, Style.Bold);
            if (page is not CallPage) DrawCall(session, ref pen);
        }

        var view = session.View;
        for (var i = 0; i < view.Accounts.Count; i++)
        {
            // Room for this one, or for how many are left out.
            if (pen.Room < 14 + view.Accounts[i].Name.Length)
            {
                if (pen.Room >= 5) pen.Write(Style.Dim, $"  +{view.Accounts.Count - i}");
                return;
            }

            pen.Space(2);
            DrawAccount(ref pen, view.Accounts[i], view.Accounts.Count > 1 && view.Accounts[i].Name == view.Account);
        }

        pen.Space(3);
        if (view.Nat.Length > 0) pen.TryWrite(view.Nat, Style.Dim);
    }

    /// <summary>Of a capture: the file and what is in it, and which page this is.</summary>
    private static void DrawCapture(Session session, CaptureSight capture, Surface surface, Rect row)
    {
        var pen = new Pen(surface, row.X + 1, row.Y, row.Right - 1);
        pen.Write(capture.Name, new Style(Color.Cyan, Emphasis: Emphasis.Bold));
        if (Page(session) is { } page)
        {
            pen.Write(" ▸ ", Color.Grey);
            pen.Write(page.Title, Style.Bold);
        }

        pen.Space(3);
        pen.TryWrite(capture.Summary, Style.Dim);
    }

    /// <summary>The call that goes on, where the screen below is about something else.</summary>
    private static void DrawCall(Session session, ref Pen pen)
    {
        if (session.Call is not { State: not CallState.Ended } call || call.RingsHere()) return;
        var (word, style) = Marks.Of(call);
        pen.Space(2);
        pen.Write(word, style);
        pen.Space();
        pen.Write(Wording.Who(call), Style.Bold);
        pen.Space();
        pen.Write(Wording.Clock(call.Age(session.View.Now)));
    }

    private static void DrawAccount(ref Pen pen, AccountView account, bool isInUse)
    {
        pen.Write(account.Name, isInUse ? Style.Bold : Style.Plain);
        pen.Space();
        var (mark, style) = Marks.Of(account.State);
        pen.Write(new ReadOnlySpan<char>(in mark), style);
        switch (account.State)
        {
            case RegistrationState.Registered when account.ExpiresIn is { } left:
                pen.Write(Style.Dim, $" {(int)left.TotalSeconds}s");
                break;
            case RegistrationState.Registered or RegistrationState.Registering:
                break;
            case RegistrationState.Failed when account.RetryIn is { } retry:
                pen.Write(style, $" retry {(int)retry.TotalSeconds}s");
                break;
            case RegistrationState.Failed:
                pen.Write(" failed", style);
                break;
            default:
                pen.Write(" off", style);
                break;
        }

        var waits = new Style(Color.Yellow, Emphasis: Emphasis.Bold);
        if (account.Manners.DoNotDisturb) pen.Write(" DND", waits);
        if (account.Manners.HasForward) pen.Write(" fwd", waits);
        if (account.Manners.MayAnswerItself) pen.Write(" auto", waits);
        if (account.Messages is { New: > 0 and var waiting }) pen.Write(new Style(Color.Yellow, Emphasis: Emphasis.Bold), $" ✉{waiting}");
    }

    /// <summary>From the right edge inwards; gives the first column that it took.</summary>
    private static int DrawRight(Session session, Surface surface, Rect row)
    {
        var view = session.View;
        var isWide = row.Width >= 72;
        Span<char> clock = stackalloc char[8];
        view.Clock.TryFormat(clock, out var length, isWide && row.Width >= 120 ? "HH:mm:ss" : "HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        var x = Left(surface, row.Right - 1, row.Y, clock[..length], Style.Bold) - 2;
        if (view.Audio.IsMuted)
        {
            x = Left(surface, x, row.Y, " MUTED ", new Style(Color.Red, Emphasis: Emphasis.Reverse | Emphasis.Bold)) - 1;
        }
        else if (view.Audio.InputDbfs is { } level && isWide)
        {
            Bars.Level(surface, x - Meter, row.Y, Meter, Level(level));
            x = Left(surface, x - Meter, row.Y, "mic ", Style.Dim) - 2;
        }

        if (view.Audio.VolumeDb != 0 && isWide)
        {
            Span<char> volume = stackalloc char[16];
            volume.TryWrite($"vol {view.Audio.VolumeDb:+0;-0} dB", out length);
            x = Left(surface, x, row.Y, volume[..length], Style.Dim) - 2;
        }

        if (IsRecording(view)) x = Left(surface, x, row.Y, "● REC", new Style(Color.Red, Emphasis: Emphasis.Bold)) - 2;
        if (view.Missed is > 0 and var missed)
        {
            Span<char> text = stackalloc char[20];
            text.TryWrite($"{missed} missed", out length);
            x = Left(surface, x, row.Y, text[..length], new Style(Color.Yellow, Emphasis: Emphasis.Bold)) - 2;
        }

        if (view.Unread is > 0 and var unread)
        {
            Span<char> text = stackalloc char[20];
            text.TryWrite($"{unread} unread", out length);
            x = Left(surface, x, row.Y, text[..length], new Style(Color.Yellow, Emphasis: Emphasis.Bold)) - 2;
        }

        return x + 1;
    }

    /// <summary>A level in dBFS as a share of a meter whose bottom is at -60.</summary>
    internal static double Level(double dbfs) => (dbfs + 60) / 60;

    private static int Left(Surface surface, int end, int y, ReadOnlySpan<char> text, Style style)
    {
        surface.WriteRight(end, y, text, style);
        return end - GlyphWidth.Of(text);
    }

    private static bool IsRecording(PhoneView view)
    {
        for (var i = 0; i < view.Calls.Count; i++)
            if (view.Calls[i] is { Recording: not null, State: not CallState.Ended }) return true;
        return false;
    }

    /// <summary>The full screen on top, unless it is the main one.</summary>
    private static Screen? Page(Session session)
    {
        for (var i = session.Screens.Count - 1; i > 0; i--)
            if (!session.Screens[i].IsOverlay) return session.Screens[i];
        return null;
    }
}
