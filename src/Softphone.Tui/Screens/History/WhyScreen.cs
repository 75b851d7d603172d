using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Why a call that is over went as it did, over the history.</summary>
internal sealed class WhyScreen(HistoryEntry entry) : Screen
{
    public override string Title => "why";

    public override bool IsOverlay => true;

    public override IReadOnlyList<KeyBinding> Keys { get; } = [new(["Esc", "Enter", "w", "q"], "", "back", "Back to the history", s => s.Back()) { Rank = 1 }];

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var width = Math.Min(area.Width - 4, 84);
        DrawText(surface, Dialog.Draw(surface, area, width, Lines(entry, width - 4).Count + 4, "Why").Inset(0, 1), entry);
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
            Wording.Address(entry.Peer), entry.At.ToString("ddd d MMM HH:mm:ss", CultureInfo.InvariantCulture), entry.Status > 0 ? $"{entry.Status} {entry.Reason}" : entry.Reason,
        ];
        var explanation = entry.Explanation.Length > 0 ? entry.Explanation : "Nothing more is known of this call.";
        return [string.Join("  ", facts.Where(f => f.Length > 0)), "", .. Paragraph.Wrap(explanation, width)];
    }
}
