using Softphone.Sip;

namespace Softphone.Tui;

/// <summary>Keys that tell what a capture has besides the messages of a dialog.</summary>
internal static class CaptureKeys
{
    /// <param name="capture">The capture.</param>
    /// <param name="which">The dialogs that are meant.</param>
    /// <param name="group">The heading they stand under in help.</param>
    public static IEnumerable<KeyBinding> Of(CaptureSight capture, Func<IReadOnlyList<SipDialog>> which, string group)
    {
        yield return new KeyBinding(["e"], "explain", "explain", "what was agreed on, how media went and why, its ICE, what is wrong", s => Explain(s, capture, which())) { Group = group, Rank = 5, Disabled = _ => which().Count == 0 ? "no dialog is selected" : null };
        yield return new KeyBinding(["!"], "problems", "problems", "everything that is wrong in the capture, the worst first", s => s.Open(new ProblemsScreen(capture))) { Group = group, Rank = 6 };
    }

    private static void Explain(Session session, CaptureSight capture, IReadOnlyList<SipDialog> dialogs) =>
        session.Open(new StoryScreen($"{dialogs[0].Method} {dialogs[0].To}", [.. dialogs.SelectMany(d => capture.Story(d.Number))]));
}
