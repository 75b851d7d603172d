namespace Softphone.House.Tests;

/// <summary>Which part of the program knows which other one, read from what was compiled.</summary>
public class ArrowTests
{
    /// <summary>Folders that know each other in a circle, from before anything looked: none may join them. See docs/CONTRIBUTING.md.</summary>
    private static readonly string Known = Path.Combine(House.Top, "tests", "Softphone.House.Tests", "circles.txt");

    [Fact]
    public void Rooms_ReferenceOnlyThoseBelow()
    {
        var upward =
            from room in House.All
            from used in room.Assembly.GetReferencedAssemblies()
            where Array.IndexOf(House.Rooms, used.Name) >= Array.IndexOf(House.Rooms, room.Name)
            select $"{room.Name} -> {used.Name}";
        Assert.Empty(upward);
    }

    [Fact]
    public void EveryRoomOfTheSource_IsLookedAt()
    {
        var sources = Directory.GetDirectories(Path.Combine(House.Top, "src")).Select(Path.GetFileName).Where(n => n != "Softphone").Append("softphone");
        Assert.Equal(sources.Order(StringComparer.Ordinal), House.Rooms.Order(StringComparer.Ordinal));
    }

    /// <summary>Without the folders the tests below would pass whatever stands in the source.</summary>
    [Fact]
    public void EveryType_HasAFolder()
    {
        var all = House.All.Sum(r => r.Types.Count);
        Assert.True(House.All.Sum(r => r.Folders.Count()) > 90, "the folders of the source are not found in the debug information");
        Assert.True(all > 1000, $"{all} types");
    }

    [Fact]
    public void Folders_FormNoNewCircle()
    {
        List<string> found = [];
        List<string> grown = [];
        var known = File.Exists(Known) ? File.ReadAllLines(Known).Where(l => l.Contains(':')).Select(Read).ToList() : [];
        foreach (var room in House.All)
        {
            var arrows = room.Arrows();
            foreach (var circle in Circles.Of(arrows.Keys))
            {
                found.Add($"{room.Name}: {string.Join(" ", circle)}");
                if (known.Any(k => k.Room == room.Name && circle.IsSubsetOf(k.Folders))) continue;
                grown.Add($"{found[^1]}\n{string.Join("\n", arrows.Where(a => circle.Contains(a.Key.From) && circle.Contains(a.Key.To)).Select(a => $"  {a.Key.From} -> {a.Key.To}: {a.Value.From.Name} names {a.Value.To.Name}"))}");
            }
        }

        if (Environment.GetEnvironmentVariable("SOFTPHONE_GOLDEN") == "renew") File.WriteAllText(Known, string.Join("\n", found.Order(StringComparer.Ordinal)) + "\n");
        else Assert.True(grown.Count == 0, $"folders in a circle, of which at least one was in none before:\n{string.Join("\n", grown)}");
    }

    [Fact]
    public void Circle_OfThreeFolders_IsFound()
    {
        var circles = Circles.Of([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("c", "e")]);
        Assert.Equal(["a", "b", "c"], Assert.Single(circles));
        Assert.Empty(Circles.Of([("a", "b"), ("b", "c"), ("a", "c")]));
    }

    private static (string Room, HashSet<string> Folders) Read(string line)
    {
        var colon = line.IndexOf(':');
        return (line[..colon], [.. line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
