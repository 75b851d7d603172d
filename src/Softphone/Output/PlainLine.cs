using System.Globalization;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>Lines of which parts come from the network or a file: a part cannot begin a line of its own, nor command the terminal.</summary>
internal static class PlainLine
{
    /// <summary>Fills in, by the rules of no country.</summary>
    public static string Fill(FormattableString text)
    {
        var parts = text.GetArguments();
        for (var i = 0; i < parts.Length; i++)
            if (parts[i] is string part) parts[i] = PlainText.Line(part);
        return string.Format(CultureInfo.InvariantCulture, text.Format, parts);
    }
}
