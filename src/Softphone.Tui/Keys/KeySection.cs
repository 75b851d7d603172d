namespace Softphone.Tui;

/// <summary>Keys that hold at one place of the full screen.</summary>
/// <param name="Title">Where: a heading of the page of keys.</param>
/// <param name="Bindings">What can be done there.</param>
internal sealed record KeySection(string Title, IReadOnlyList<KeyBinding> Bindings)
{
    /// <summary>A question: nothing but its own keys is heard until it is answered, so that they mean what they say there alone.</summary>
    public bool IsQuestion { get; init; }

    /// <summary>The screen that has them; null for what holds everywhere.</summary>
    public Screen? Screen { get; init; }
}
