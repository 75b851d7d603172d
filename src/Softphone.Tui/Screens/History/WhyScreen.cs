using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Why a call that is over went as it did, over the history.</summary>
internal sealed class WhyScreen(HistoryEntry entry) : Screen
{
    public override string Title => "why";

    public override bool IsOverlay => true;

    public override bool Handle(Session session, InputEvent input)
    {
        if (input is not InputEvent.Key { Code: KeyCode.Escape or KeyCode.Enter } and not InputEvent.Key { Rune.Value: 'q' or 'w', Modifiers: Modifiers.None }) return false;
        session.Close(this);
        return true;
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var width = Math.Min(area.Width - 4, 84);
        var box = area.Centre(width, Math.Min(Lines(entry, width - 4).Count + 4, area.Height));
        surface.Fill(box, Style.Plain);
        var inner = Frame.Draw(surface, box, "Why", hasFocus: true, "Esc");
        DrawText(surface, inner.Inset(1, 1), entry);
    }

    /// <summary>What happened in figures, then the explanation.</summary>
    public static void DrawText(Surface surface, Rect area, HistoryEntry entry)
    {
        var lines = Lines(entry, area.Width);
        for (var i = 0; i < lines.Count && i < area.Height; i++) surface.Write(area.X, area.Y + i, lines[i], i == 0 ? Style.Bold : Style.Plain, area.Width);
    }

    private static List<string> Lines(HistoryEntry entry, int width)
    {
        string[] facts =
        [
            HistoryText.Bare(entry.Peer), entry.At.ToString("ddd d MMM HH:mm:ss", CultureInfo.InvariantCulture), entry.Status > 0 ? $"{entry.Status} {entry.Reason}" : entry.Reason,
        ];
        var explanation = entry.Explanation.Length > 0 ? entry.Explanation : "Nothing more is known of this call.";
        return [string.Join("  ", facts.Where(f => f.Length > 0)), "", .. Paragraph.Wrap(explanation, width)];
    }
}
