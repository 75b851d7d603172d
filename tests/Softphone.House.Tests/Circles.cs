namespace Softphone.House.Tests;

/// <summary>Groups of folders each of which can be reached from every other by arrows.</summary>
internal static class Circles
{
    public static List<SortedSet<string>> Of(IReadOnlyCollection<(string From, string To)> arrows)
    {
        var nodes = arrows.SelectMany(a => new[] { a.From, a.To }).Distinct().ToList();
        var reach = nodes.ToDictionary(n => n, n => Reached(n, arrows));
        List<SortedSet<string>> circles = [];
        foreach (var node in nodes)
        {
            if (!reach[node].Contains(node) || circles.Any(c => c.Contains(node))) continue;
            circles.Add(new(nodes.Where(other => reach[node].Contains(other) && reach[other].Contains(node)), StringComparer.Ordinal));
        }

        return circles;
    }

    private static HashSet<string> Reached(string from, IReadOnlyCollection<(string From, string To)> arrows)
    {
        HashSet<string> reached = [];
        var open = new Stack<string>([from]);
        while (open.TryPop(out var node))
        {
            foreach (var arrow in arrows)
                if (arrow.From == node && reached.Add(arrow.To)) open.Push(arrow.To);
        }

        return reached;
    }
}
