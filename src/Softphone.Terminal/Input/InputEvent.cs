using System.Text;

namespace Softphone.Terminal;

/// <summary>What a person did at the terminal.</summary>
public abstract record InputEvent
{
    private InputEvent()
    {
    }

    /// <summary>A key went down, or repeats.</summary>
    /// <param name="Code">Which one.</param>
    /// <param name="Rune">The character of <see cref="KeyCode.Character"/>; with Control the letter in lower case.</param>
    /// <param name="Modifiers">What was held with it.</param>
    public sealed record Key(KeyCode Code, Rune Rune = default, Modifiers Modifiers = Modifiers.None) : InputEvent
    {
        public override string ToString()
        {
            var name = Code != KeyCode.Character ? Code.ToString() : Rune.Value == ' ' ? "Space" : Rune.ToString();
            return (Modifiers.HasFlag(Modifiers.Control) ? "Ctrl-" : "") + (Modifiers.HasFlag(Modifiers.Alt) ? "Alt-" : "")
                + (Modifiers.HasFlag(Modifiers.Shift) ? "Shift-" : "") + name;
        }
    }

    /// <summary>The mouse.</summary>
    /// <param name="Action">What it did.</param>
    /// <param name="Button">0 left, 1 middle, 2 right; 0 for the wheel.</param>
    /// <param name="X">Column from 0.</param>
    /// <param name="Y">Row from 0.</param>
    /// <param name="Modifiers">What was held with it.</param>
    public sealed record Mouse(MouseAction Action, int Button, int X, int Y, Modifiers Modifiers) : InputEvent;

    /// <summary>Text from the clipboard: never keys, whatever it contains.</summary>
    public sealed record Paste(string Text) : InputEvent;

    /// <summary>The terminal window got or lost the keyboard.</summary>
    public sealed record Focus(bool Has) : InputEvent;
}
