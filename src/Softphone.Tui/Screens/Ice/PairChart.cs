using System.Globalization;
using Softphone.Nat;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>When what passed on each pair, from the first check on: a row of marks for each, all on one scale.</summary>
internal static class PairChart
{
    private static readonly double[] Scales = [0.5, 1, 2, 5, 10, 20, 40, 60];

    /// <summary>What the marks mean.</summary>
    public const string Legend = "▸ we ask  ◀ they ask  ✓ answer  ✗ failed  N nominated  S selected";

    /// <summary>The shortest of some round lengths that holds all that matters, in seconds.</summary>
    public static double ScaleOf(IceStory story, Instant now)
    {
        if (story.Began is not { } began) return Scales[1];
        var end = story.Took ?? LastFailure(story) - began ?? now - began;
        foreach (var scale in Scales)
            if (end.TotalSeconds <= scale) return scale;
        return Scales[^1];
    }

    /// <summary>The scale over the chart: "0    .5    1 s".</summary>
    public static void Head(Surface surface, Rect area, double scale)
    {
        if (area.Width < 8) return;
        surface.Write(area.X, area.Y, "0", Style.Dim, area.Width);
        Span<char> text = stackalloc char[16];
        text.TryWrite(CultureInfo.InvariantCulture, $"{scale:0.##} s", out var length);
        surface.WriteRight(area.Right, area.Y, text[..length], Style.Dim);
        if (area.Width < 18) return;
        text.TryWrite(CultureInfo.InvariantCulture, $"{scale / 2:0.##}", out length);
        surface.Write(area.X + area.Width / 2, area.Y, text[..length], Style.Dim);
    }

    public static void Row(Surface surface, Rect area, PairStory pair, Instant began, double scale)
    {
        if (area.Width < 1) return;
        Span<StepMark> marks = stackalloc StepMark[Math.Min(area.Width, 256)];
        marks.Clear();
        foreach (var step in pair.Steps)
        {
            var at = (step.At - began).TotalSeconds / scale;
            if (at is < 0 or > 1) continue;
            ref var mark = ref marks[Math.Min((int)(at * marks.Length), marks.Length - 1)];
            if (step.Mark > mark) mark = step.Mark;
        }

        for (var i = 0; i < marks.Length; i++)
        {
            var (glyph, style) = GlyphOf(marks[i]);
            if (glyph != ' ') surface.Put(area.X + i, area.Y, glyph, style);
        }
    }

    private static (char Glyph, Style Style) GlyphOf(StepMark mark) => mark switch
    {
        StepMark.Request => ('▸', Color.Yellow),
        StepMark.TheirRequest => ('◀', Color.Cyan),
        StepMark.Error => ('×', Color.Red),
        StepMark.Answer => ('✓', Color.Green),
        StepMark.Failed => ('✗', Color.Red),
        StepMark.Nominated => ('N', new Style(Color.Green, Emphasis: Emphasis.Bold)),
        StepMark.Selected => ('S', new Style(Color.Green, Emphasis: Emphasis.Bold)),
        _ => (' ', default),
    };

    private static Instant? LastFailure(IceStory story)
    {
        if (story.State != IceState.Failed) return null;
        Instant? last = null;
        foreach (var pair in story.Pairs)
            foreach (var step in pair.Steps)
                if (step.Mark == StepMark.Failed && (last is not { } l || step.At > l)) last = step.At;
        return last;
    }
}
