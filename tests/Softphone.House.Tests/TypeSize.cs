using System.Reflection;
using System.Text.RegularExpressions;

namespace Softphone.House.Tests;

/// <summary>How large a type of the source is, over all files that it stands in.</summary>
/// <param name="Room">Of which room.</param>
/// <param name="Name">Of which name, without type parameters.</param>
/// <param name="Parts">Files that hold a part of it.</param>
/// <param name="Lines">From its declaration to its last brace, in all parts.</param>
/// <param name="Fields">Of an instance; those behind properties too.</param>
/// <param name="Mutable">Those of them that can change after construction.</param>
/// <param name="IsValue">A record or a struct: options, events and views have a field for each thing that they say.</param>
internal sealed partial record TypeSize(string Room, string Name, int Parts, int Lines, int Fields, int Mutable, bool IsValue)
{
    public static IReadOnlyList<TypeSize> All { get; } = Measure();

    /// <summary>Types stand at the left margin, by the layout that .editorconfig asks for.</summary>
    [GeneratedRegex(@"^(?:[a-z]+ )*(?<kind>class|struct|interface|record(?: struct| class)?) (?<name>\w+)")]
    private static partial Regex Declaration();

    private static List<TypeSize> Measure()
    {
        const BindingFlags own = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        List<TypeSize> sizes = [];
        foreach (var room in House.All)
        {
            var types = room.Types.ToLookup(t => t.Name.Split('`')[0]);
            foreach (var parts in PartsOf(Path.Combine(House.Top, "src", room.Name == "softphone" ? "Softphone" : room.Name)).GroupBy(p => p.Name))
            {
                // What a generator writes into a class is not ours to make smaller.
                if (types[parts.Key].FirstOrDefault() is not { } type || type.BaseType?.Name == "JsonSerializerContext") continue;
                var fields = type.GetFields(own);
                sizes.Add(new(
                    room.Name, parts.Key, parts.Select(p => p.File).Distinct().Count(), parts.Sum(p => p.Lines), fields.Length, fields.Count(f => !IsFixed(type, f)),
                    parts.Any(p => p.Kind != "class")));
            }
        }

        return sizes;
    }

    private static bool IsFixed(Type type, FieldInfo field) =>
        field.IsInitOnly || (field.Name.StartsWith('<') && type.GetProperty(field.Name[1..field.Name.IndexOf('>')], (BindingFlags)60) is { } property
            && (property.SetMethod is null || property.SetMethod.ReturnParameter.GetRequiredCustomModifiers().Length > 0));

    private static IEnumerable<(string Name, string Kind, string File, int Lines)> PartsOf(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            if (file.Contains("/obj/", StringComparison.Ordinal) || file.Contains("/bin/", StringComparison.Ordinal)) continue;
            var lines = File.ReadAllLines(file);
            for (var at = 0; at < lines.Length; at++)
            {
                if (Declaration().Match(lines[at]) is not { Success: true } match) continue;
                var end = at;
                while (end < lines.Length - 1 && lines[end] != "}" && !(lines[end].EndsWith(';') && !lines.AsSpan(at, end - at + 1).Contains("{"))) end++;
                yield return (match.Groups["name"].Value, match.Groups["kind"].Value, file, end - at + 1);
                at = end;
            }
        }
    }
}
