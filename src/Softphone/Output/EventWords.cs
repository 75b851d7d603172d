using System.Text;

namespace Softphone.Cli;

/// <summary>Names of values as the contract writes them: "UdpBlocked" is "udp-blocked".</summary>
internal static class EventWords
{
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
