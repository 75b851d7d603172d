using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Yes or no.</summary>
/// <param name="label">A word or two at its left.</param>
public sealed class ToggleField(string label) : FormField(label)
{
    public bool IsOn { get; set; }

    public override bool Handle(InputEvent input)
    {
        if (input is not InputEvent.Key { Modifiers: Modifiers.None } key) return false;
        bool? on = key switch
        {
            { Code: KeyCode.Left or KeyCode.Right } or { Rune.Value: ' ' } => !IsOn,
            { Rune.Value: 'y' } => true,
            { Rune.Value: 'n' } => false,
            _ => null,
        };
        if (on is null) return false;
        IsOn = on.Value;
        return true;
    }

    public override void Draw(Surface surface, Rect area, bool hasFocus) =>
        surface.Write(area.X, area.Y, IsOn ? "[✓] yes" : "[ ] no", hasFocus ? Style.Reverse : Style.Plain, area.Width);
}
