using System.Globalization;

namespace Softphone.House.Tests;

/// <summary>The tables of docs/architecture.md that say how large the largest types are, which room uses which, and how many folders stand in circles.</summary>
internal static class HouseTable
{
    private const string Begin = "<!-- made by HouseTableTests: SOFTPHONE_GOLDEN=renew writes it -->\n";
    private const string End = "<!-- end of what HouseTableTests makes -->\n";

    /// <summary>Types as they were at 1470fc3, before they were divided.</summary>
    private static readonly string Before = Path.Combine(House.Top, "tests", "Softphone.House.Tests", "before.txt");

    public static string Document { get; } = Path.Combine(House.Top, "docs", "architecture.md");

    /// <summary>What stands in the document between the two marks; null where they are missing.</summary>
    public static string? Read(string document)
    {
        var (begin, end) = (document.IndexOf(Begin, StringComparison.Ordinal), document.IndexOf(End, StringComparison.Ordinal));
        return begin < 0 || end < begin ? null : document[(begin + Begin.Length)..end];
    }

    public static string Replace(string document, string table) => document.Replace(Begin + Read(document) + End, Begin + table + End, StringComparison.Ordinal);

    public static string Make() => $"\n{Sizes()}\n{Rooms()}\n";

    private static string Sizes()
    {
        var before = File.ReadAllLines(Before).Select(MeasureOf).ToDictionary(m => m.Type, m => m.Size);
        var rows =
            from type in TypeSize.All
            let name = $"{type.Room}.{type.Name}"
            where before.ContainsKey(name) || SizeLimit.IsLarge(type)
            orderby before.ContainsKey(name) ? 0 : 1, type.Lines descending, name
            select $"| `{name.Replace("Softphone.", "", StringComparison.Ordinal)}` | {(before.TryGetValue(name, out var was) ? Words(was) : "")} | {Words((type.Parts, RoundUp(type.Lines), type.Fields))} |\n";
        return $"| type | before: files, lines, fields | now: files, lines to the next fifty, fields |\n|---|---|---|\n{string.Concat(rows)}";
    }

    private static string Rooms()
    {
        var rows =
            from room in House.All
            let below = room.Assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(House.Rooms.Contains).OrderBy(n => Array.IndexOf(House.Rooms, n))
            let circles = Circles.Of(room.Arrows().Keys).Sum(c => c.Count)
            select $"| `{Short(room.Name)}` | {string.Join(", ", below.Select(Short))} | {room.Folders.Count()} | {circles} |\n";
        return $"| room | uses | folders | of them in a circle |\n|---|---|---|---|\n{string.Concat(rows)}";
    }

    private static string Short(string room) => room.Replace("Softphone.", "", StringComparison.Ordinal);

    private static int RoundUp(int lines) => (lines + 49) / 50 * 50;

    private static string Words((int Parts, int Lines, int Fields) size) => string.Create(CultureInfo.InvariantCulture, $"{size.Parts}, {size.Lines:N0}, {size.Fields}");

    private static (string Type, (int Parts, int Lines, int Fields) Size) MeasureOf(string line)
    {
        var numbers = line.Split(": ")[1].Split(", ").Select(n => int.Parse(n.Split(' ')[0], CultureInfo.InvariantCulture)).ToArray();
        return (line.Split(':')[0], (numbers[2], numbers[0], numbers[1]));
    }
}
