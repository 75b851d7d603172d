namespace Softphone.Terminal;

/// <summary>What the mouse did.</summary>
public enum MouseAction
{
    Press,
    Release,
    Drag,
    WheelUp,
    WheelDown,
}
