namespace Softphone.Cli;

/// <summary>What is switched at the terminal beside what the renderer does.</summary>
internal static class TerminalModes
{
    /// <summary>Keeps the window's title while ours stands there (xterm's window operations 22 and 23).</summary>
    public static ReadOnlySpan<byte> SaveTitle => "\e[22;0t"u8;

    public static ReadOnlySpan<byte> RestoreTitle => "\e[23;0t"u8;

    /// <summary>Arrows and keypad as a shell expects them: the runtime's console switches them over when it is first used, and never back.</summary>
    public static ReadOnlySpan<byte> PlainKeys => "\e[?1l\e>"u8;
}
