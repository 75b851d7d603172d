using Softphone.Phone;
using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>keys.yaml, beside the folder of profiles: the keys that a person chose.</summary>
internal static class KeyMapFile
{
    /// <param name="path">The file; it need not exist.</param>
    /// <param name="mistakes">What is wrong in it, each with file and line.</param>
    public static KeyMap Read(string path, out IReadOnlyList<string> mistakes)
    {
        mistakes = [];
        if (!File.Exists(path)) return KeyMap.Default;
        try
        {
            var map = KeyMapReader.Read(YamlFile.Read(path), path, out var errors);
            mistakes = [.. errors.Select(e => e.ToString())];
            return map;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes = [$"{path}: {e.Message}"];
            return KeyMap.Default;
        }
    }
}
