using System.Globalization;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>STUN messages of a pair between us, left, and the peer, right.</summary>
internal static class StunLadder
{
    public static void Step(Surface surface, int y, ReadOnlySpan<int> lines, StunStep step)
    {
        var style = StyleOf(step.Mark);
        switch (step.Way)
        {
            case StepWay.Ours:
                Ladder.Arrow(surface, y, lines, 0, 1, step.Text, style, step.IsRepeat);
                break;
            case StepWay.Theirs:
                Ladder.Arrow(surface, y, lines, 1, 0, step.Text, style, step.IsRepeat);
                break;
            default:
                Ladder.Mark(surface, y, lines, step.Text, style);
                break;
        }
    }

    /// <summary>Milliseconds since the checks began, ending before a column.</summary>
    public static void Time(Surface surface, int end, int y, TimeSpan since)
    {
        Span<char> text = stackalloc char[24];
        text.TryWrite(CultureInfo.InvariantCulture, $"{since.TotalMilliseconds:0.0}", out var length);
        surface.WriteRight(end, y, text[..length], Style.Dim);
    }

    private static Style StyleOf(StepMark mark) => mark switch
    {
        StepMark.Request => Color.Yellow,
        StepMark.TheirRequest => Color.Cyan,
        StepMark.Answer or StepMark.OurAnswer => Color.Green,
        StepMark.Error or StepMark.Failed => Color.Red,
        StepMark.Nominated or StepMark.Selected => new Style(Color.Green, Emphasis: Emphasis.Bold),
        _ => Style.Dim,
    };
}
