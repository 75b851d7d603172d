namespace Softphone.Cli;

/// <summary>Keeps the window's title while ours stands there (xterm's window operations 22 and 23).</summary>
internal static class TitleStack
{
    public static ReadOnlySpan<byte> Save => "\e[22;0t"u8;

    public static ReadOnlySpan<byte> Restore => "\e[23;0t"u8;
}
