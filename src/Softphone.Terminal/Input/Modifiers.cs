namespace Softphone.Terminal;

/// <summary>Keys held down with another one. Shift of a character is in the character.</summary>
[Flags]
public enum Modifiers : byte
{
    None = 0,
    Shift = 1,
    Alt = 2,
    Control = 4,
}
