using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>What a terminal UI starts with.</summary>
public sealed record TuiSetup
{
    /// <summary>The first screen is the set-up wizard: there is no profile yet.</summary>
    public bool NeedsProfile { get; init; }

    /// <summary>Names of profiles that exist, which the wizard must not take.</summary>
    public IReadOnlyList<string> ProfileNames { get; init; } = [];

    /// <summary>The keys that the person chose.</summary>
    public KeyMap Keys { get; init; } = KeyMap.Default;

    /// <summary>What the screen looks like at first.</summary>
    public Theme Theme { get; init; } = Theme.Terminal;

    /// <summary>Accounts that another softphone uses, and who that is, for a person: they are asked about at the start.</summary>
    public IReadOnlyList<(string Account, string Why)> InUse { get; init; } = [];

    /// <summary>A capture to look at, in the place of a phone; null for a phone.</summary>
    public CaptureSight? Capture { get; init; }

    /// <summary>What is told on the main screen of a demonstration; empty otherwise.</summary>
    public string Demo { get; init; } = "";
}
