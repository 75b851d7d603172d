using System.Text;

namespace Softphone.Cli;

/// <summary>The clipboard of the person's own machine, through the terminal, over SSH too (OSC 52).</summary>
internal static class Clipboard
{
    /// <summary>Terminals take no more than about this.</summary>
    private const int Longest = 74_000;

    public static ReadOnlySpan<byte> Copy(string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        return Encoding.ASCII.GetBytes($"\e]52;c;{Convert.ToBase64String(octets.AsSpan(0, Math.Min(octets.Length, Longest)))}\a");
    }
}
