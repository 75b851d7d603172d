using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>One labelled value of a <see cref="Form"/>: what it is for, whether it is right, and how it is changed by keys.</summary>
/// <param name="label">A word or two at its left.</param>
public abstract class FormField(string label)
{
    public string Label { get; } = label;

    /// <summary>What to write here and why, shown while the keys go here; lines break where there is no more room.</summary>
    public string Help { get; init; } = "";

    /// <summary>What is wrong with the value, for a person; null when nothing is. Asked when the field is left.</summary>
    public Func<string?> Check { get; init; } = () => null;

    /// <summary>False hides it: another field makes it meaningless.</summary>
    public Func<bool> IsShown { get; init; } = () => true;

    /// <summary>What is wrong, as it was found last; empty when nothing is.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Keys are text here.</summary>
    public virtual bool TakesText => false;

    /// <summary>Rows of the value, without the one of a problem.</summary>
    public virtual int Height => 1;

    /// <summary>Looks whether the value is right and keeps what is wrong with it.</summary>
    public bool Validate()
    {
        Problem = Check() ?? "";
        return Problem.Length == 0;
    }

    /// <summary>Tells beside the field what somebody else found wrong with it.</summary>
    public void Blame(string problem) => Problem = problem;

    /// <summary>True when the input changed the value or was meant for it.</summary>
    public abstract bool Handle(InputEvent input);

    /// <summary>Draws the value.</summary>
    public abstract void Draw(Surface surface, Rect area, bool hasFocus);
}
