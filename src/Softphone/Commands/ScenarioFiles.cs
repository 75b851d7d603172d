using Softphone.Lab;

namespace Softphone.Cli;

/// <summary>Finds and reads scenario files.</summary>
internal static class ScenarioFiles
{
    /// <summary>The files named, and those of the folders named, in the order of their names.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> names)
    {
        var files = new List<string>();
        foreach (var name in names)
        {
            if (!Directory.Exists(name))
            {
                files.Add(name);
                continue;
            }

            var found = Directory.EnumerateFiles(name).Where(f => Path.GetExtension(f) is ".yaml" or ".yml").Order(StringComparer.Ordinal).ToList();
            if (found.Count == 0) throw new UsageException($"there is no scenario (*.yaml) in {name}");
            files.AddRange(found);
        }

        return files;
    }

    /// <summary>Reads one file, whose mistakes are the person's.</summary>
    public static Scenario Load(string file) => TryLoad(file, out var mistakes) ?? throw new UsageException(mistakes);

    /// <summary>Reads one file; null with its mistakes, each with file and line.</summary>
    public static Scenario? TryLoad(string file, out IReadOnlyList<string> mistakes)
    {
        string text;
        try
        {
            text = YamlFile.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            mistakes = [$"the scenario {file} cannot be read: {e.Message}"];
            return null;
        }

        ScenarioReader.TryRead(text, file, out var scenario, out var errors);
        mistakes = [.. errors.Select(e => e.ToString())];
        return scenario;
    }
}
