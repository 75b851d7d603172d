namespace Softphone.Tui;

/// <summary>What two texts have in common, line by line: the longest common subsequence, what only the first has before what only the second has.</summary>
internal static class LineDiff
{
    /// <summary>Past so many pairs of lines nothing is looked for between the beginning and the end that both share.</summary>
    private const int MostPairs = 1 << 21;

    /// <summary>A line and whose it is.</summary>
    public static List<(DiffSide Side, string Line)> Of(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var (head, tail) = (0, 0);
        var least = Math.Min(first.Count, second.Count);
        while (head < least && first[head] == second[head]) head++;
        while (tail < least - head && first[^(tail + 1)] == second[^(tail + 1)]) tail++;
        var lines = new List<(DiffSide, string)>();
        for (var i = 0; i < head; i++) lines.Add((DiffSide.Both, first[i]));
        Middle([.. first.Skip(head).Take(first.Count - head - tail)], [.. second.Skip(head).Take(second.Count - head - tail)], lines);
        for (var i = first.Count - tail; i < first.Count; i++) lines.Add((DiffSide.Both, first[i]));
        return lines;
    }

    private static void Middle(string[] first, string[] second, List<(DiffSide, string)> lines)
    {
        if ((long)first.Length * second.Length > MostPairs)
        {
            foreach (var line in first) lines.Add((DiffSide.First, line));
            foreach (var line in second) lines.Add((DiffSide.Second, line));
            return;
        }

        // How many lines are common from here to the ends.
        var common = new int[first.Length + 1, second.Length + 1];
        for (var i = first.Length - 1; i >= 0; i--)
            for (var j = second.Length - 1; j >= 0; j--)
                common[i, j] = first[i] == second[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        for (var (a, b) = (0, 0); a < first.Length || b < second.Length;)
        {
            if (a < first.Length && b < second.Length && first[a] == second[b])
            {
                lines.Add((DiffSide.Both, first[a]));
                (a, b) = (a + 1, b + 1);
            }
            else if (a < first.Length && (b == second.Length || common[a + 1, b] >= common[a, b + 1]))
            {
                lines.Add((DiffSide.First, first[a++]));
            }
            else
            {
                lines.Add((DiffSide.Second, second[b++]));
            }
        }
    }
}
