namespace Softphone.Core;

/// <summary>Finds the word that was probably meant: the least number of letters inserted, dropped, changed or swapped.</summary>
public static class Nearest
{
    /// <summary>The candidate closest to the word; the first of several that are equally close.</summary>
    public static string Of(string word, IEnumerable<string> candidates) =>
        candidates.MinBy(candidate => Distance(word.ToLowerInvariant(), candidate)) ?? "";

    /// <summary>The optimal string alignment distance.</summary>
    public static int Distance(string a, string b)
    {
        if (a.Length > 64) a = a[..64];
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
