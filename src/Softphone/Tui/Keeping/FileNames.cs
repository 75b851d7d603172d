using System.Globalization;

namespace Softphone.Cli;

/// <summary>Names of files that are made of a time and of somebody from the network.</summary>
internal static class FileNames
{
    private const int Longest = 40;

    /// <summary>"20261121-140210", in local time.</summary>
    public static string Stamp(DateTimeOffset at) => at.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);

    /// <summary>What of a URI or a name can stand in a file's name: letters, digits, "-", "_" and "@".</summary>
    public static string Of(string text)
    {
        var colon = text.IndexOf(':');
        if (text.StartsWith("sip", StringComparison.OrdinalIgnoreCase) && colon is 3 or 4) text = text[(colon + 1)..];
        var kept = new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '@' or '.' ? c : '-')]).Trim('-', '.');
        return kept.Length == 0 ? "nobody" : kept.Length > Longest ? kept[..Longest] : kept;
    }
}
