using System.Text.RegularExpressions;

namespace Softphone.Interop;

/// <summary>
/// Screens of the running phone as they were judged good, under Golden. What differs from run to run counts alike: every number is "#",
/// levels and curves are gone, and runs of spaces are one, since numbers push what stands beside them. SOFTPHONE_GOLDEN=renew writes them.
/// </summary>
internal static partial class GoldenScreen
{
    public static bool IsRenewed => Environment.GetEnvironmentVariable("SOFTPHONE_GOLDEN") == "renew";

    public static string Normal(string screen) => string.Join('\n', Masked([.. screen.TrimEnd().Split('\n')]).Select(NormalLine)) + "\n";

    /// <summary>The golden screen; empty when there is none.</summary>
    public static string Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : "";

    public static void Write(string name, string normal)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), normal);
    }

    /// <summary>The first row that differs, both ways.</summary>
    public static string Difference(string expected, string found)
    {
        var (left, right) = (expected.Split('\n'), found.Split('\n'));
        for (var i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            var (a, b) = (left.ElementAtOrDefault(i) ?? "(nothing)", right.ElementAtOrDefault(i) ?? "(nothing)");
            if (a != b) return $"row {i + 1}: \"{b}\" in place of \"{a}\"";
        }

        return "nothing differs";
    }

    private static string PathOf(string name) => Path.Combine(Binary.Repository, "tests", "Softphone.Interop", "Golden", $"{name}.txt");

    /// <summary>
    /// Without what hangs on chance or on the order of packets: timelines, handshakes and logs of the inspector, marks between messages, and
    /// the text of a message with its tags and nonces.
    /// </summary>
    private static IEnumerable<string> Masked(string[] rows)
    {
        int? timeline = null, handshake = null, message = null;
        var isLog = false;
        foreach (var row in rows)
        {
            if (row.StartsWith('├') || row.StartsWith('└') || row.StartsWith('┌'))
            {
                timeline = null;
                isLog = row.Contains("What happened", StringComparison.Ordinal);
                handshake = row.Contains("Handshake", StringComparison.Ordinal) && row.LastIndexOf('┬') is > 0 and var divide ? divide : null;
            }
            else if (isLog || row.Contains('·'))
            {
                continue;
            }
            else if (handshake is { } right && right < row.Length)
            {
                yield return row[right..];
                continue;
            }
            else if (row.Contains(" note ", StringComparison.Ordinal))
            {
                var scale = row.IndexOf("note", StringComparison.Ordinal) + 4;
                while (scale < row.Length && row[scale] == ' ') scale++;
                timeline = scale;
            }

            // Whether it rings with or without an answer in it hangs on how soon candidates were there.
            if (row.StartsWith(' ') && (row.Contains(" Ringing", StringComparison.Ordinal) || (row.Contains('│') && row.All(c => c is ' ' or '│')))) continue;
            if (row.StartsWith(' ') && row.IndexOf('┌') is > 0 and var pane) message = pane;
            if (message is { } edge && edge < row.Length)
            {
                yield return row[..edge];
                continue;
            }

            yield return timeline is { } from && from < row.Length ? row[..from] : row;
        }
    }

    private static string NormalLine(string line)
    {
        line = Curves().Replace(line, " ");
        line = Dates().Replace(line, "#");
        line = Numbers().Replace(line, "#");
        line = Unknown().Replace(line, " # ");
        line = Units().Replace(line, "#");
        return Spaces().Replace(line, " ").TrimEnd();
    }

    [GeneratedRegex("[▁▂▃▄▅▆▇█▮▯]+")]
    private static partial Regex Curves();

    [GeneratedRegex(@"[+-]?\d+([.:]\d+)*")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")]
    private static partial Regex Dates();

    /// <summary>What is not measured yet.</summary>
    [GeneratedRegex(" – ")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"#(\s?(ms|dB|s|m|h|pps)\b|%)")]
    private static partial Regex Units();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}
