namespace Softphone.Terminal;

/// <summary>A key that is no character.</summary>
public enum KeyCode
{
    /// <summary>A character: see the rune.</summary>
    Character,
    Enter,
    Tab,
    BackTab,
    Backspace,
    Escape,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Insert,
    Delete,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F10,
    F11,
    F12,
}
