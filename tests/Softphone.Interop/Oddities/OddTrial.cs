namespace Softphone.Interop;

/// <summary>
/// What other programs were seen to send, as public bug reports tell of it, and further inputs of the same kinds, given to the executable by
/// a peer who writes octets by hand. In a network namespace of its own that ends with it.
/// </summary>
internal static class OddTrial
{
    private static readonly IReadOnlyList<(string Name, Action<AttackField> Run)> Cells =
    [
        ("offers", OddDescriptions.Offers),
        ("answers", OddDescriptions.Answers),
        ("dialogs", OddDialogs.Run),
        ("registrars", OddRegistrars.Run),
        ("media", OddMedia.Run),
        ("ICE", OddIce.Run),
        ("TURN", OddTurn.Run),
    ];

    public static void Run(string runRoot, Report report, string? only)
    {
        if (OwnNetwork.Enter("odd", report, "each is taken for what it is", only)) AttackField.Run(runRoot, "odd", report, Cells);
    }
}
