namespace Softphone.Interop;

/// <summary>What a person sees in a window, told to a report. Who does not see what must come next goes no further.</summary>
internal sealed class ScreenWatch(Report report, TerminalWindow window, string part)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public void Sees(string what, string text) => Until(what, s => s.Contains(text, StringComparison.Ordinal));

    public void SeesNot(string what, string text) => Until(what, s => !s.Contains(text, StringComparison.Ordinal));

    /// <summary>Leaves a screen; a key right behind Escape would be one with Alt.</summary>
    public void Leave(string screen)
    {
        window.Press("Escape");
        SeesNot($"Esc leaves {screen}", screen);
    }

    public void Until(string what, Func<string, bool> holds)
    {
        var (isSo, screen) = window.Wait(holds, Patience);
        if (!isSo) throw new InvalidOperationException($"{part}: not seen: {what}\n{screen}");
        report.Check(true, $"{part}: {what}");
    }
}
