using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Why a call goes or went as it did, over what was there.</summary>
internal sealed class WhyScreen : Screen
{
    private readonly string _facts;
    private readonly string _explanation;

    public WhyScreen(HistoryEntry entry) => (_facts, _explanation) = (Facts(entry), entry.Explanation);

    public WhyScreen(CallView call) => (_facts, _explanation) = (Join([Wording.Address(call.Peer), Marks.Of(call).Word, call.Ending]), call.Explanation);

    public override string Title => "why";

    public override bool IsOverlay => true;

    public override IReadOnlyList<KeyBinding> Keys { get; } =
    [
        new(["Esc", "Enter", "q"], "", "back", "leave it", s => s.Back()) { Rank = 1 },
        new(["e"], "", "explain", "", s => s.Back()) { Rank = 100 },
    ];

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var width = Math.Min(area.Width - 4, 84);
        var lines = Lines(_facts, _explanation, width - 4);
        Write(surface, Dialog.Draw(surface, area, width, lines.Count + 4, "Why").Inset(0, 1), lines);
    }

    /// <summary>What happened in figures, then the explanation.</summary>
    /// <returns>True when all of it fitted.</returns>
    public static bool DrawText(Surface surface, Rect area, HistoryEntry entry)
    {
        var lines = Lines(Facts(entry), entry.Explanation, area.Width);
        Write(surface, area, lines);
        return lines.Count <= area.Height;
    }

    private static void Write(Surface surface, Rect area, List<string> lines)
    {
        for (var i = 0; i < lines.Count && i < area.Height; i++) surface.Write(area.X, area.Y + i, lines[i], i == 0 ? Style.Bold : Style.Plain, area.Width);
    }

    private static string Facts(HistoryEntry entry) => Join(
    [
        Wording.Address(entry.Peer), entry.At.ToString("ddd d MMM HH:mm:ss", CultureInfo.InvariantCulture), entry.Status > 0 ? $"{entry.Status} {entry.Reason}" : entry.Reason,
        HistoryText.Record(entry),
    ]);

    private static string Join(string[] facts) => string.Join("  ", facts.Where(f => f.Length > 0));

    private static List<string> Lines(string facts, string explanation, int width) =>
        [facts, "", .. Paragraph.Wrap(explanation.Length > 0 ? explanation : "Nothing more is known of this call.", width)];
}
