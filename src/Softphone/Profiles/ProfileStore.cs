using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>The profile files: $XDG_CONFIG_HOME/softphone/profiles (%APPDATA% on Windows), by name or by path.</summary>
internal sealed class ProfileStore(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Where they are; it need not exist.</summary>
    public string Folder { get; } = Path.Combine(Base(environment), "softphone", "profiles");

    public bool IsValidName(string name) =>
        name.Length is > 0 and <= 64 && name[0] != '.' && name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>The file of a name, or the path itself when it looks like one.</summary>
    public string PathOf(string nameOrPath) => LooksLikePath(nameOrPath) ? Path.GetFullPath(nameOrPath) : Path.Combine(Folder, nameOrPath + ".yaml");

    /// <summary>Names in alphabetical order.</summary>
    public IReadOnlyList<string> Names() => !Directory.Exists(Folder)
        ? []
        : [.. Directory.EnumerateFiles(Folder, "*.yaml").Concat(Directory.EnumerateFiles(Folder, "*.yml")).Select(f => Path.GetFileNameWithoutExtension(f)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Reads one; what is wrong comes as lines for a person.</summary>
    public bool TryLoad(string nameOrPath, out Profile profile, out IReadOnlyList<string> mistakes)
    {
        profile = new Profile();
        var path = PathOf(nameOrPath);
        if (!File.Exists(path) && !LooksLikePath(nameOrPath) && File.Exists(Path.ChangeExtension(path, ".yml"))) path = Path.ChangeExtension(path, ".yml");
        if (!File.Exists(path))
        {
            var names = Names();
            mistakes = [names.Count == 0 || LooksLikePath(nameOrPath) ? $"there is no profile {path}" : $"there is no profile \"{nameOrPath}\"; there are: {string.Join(", ", names)}"];
            return false;
        }

        string text;
        try
        {
            text = YamlFile.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes = [$"{path} cannot be read: {e.Message}"];
            return false;
        }

        if (!ProfileReader.TryRead(text, path, out var read, out var errors))
        {
            mistakes = [.. errors.Select(e => e.ToString())];
            return false;
        }

        if (read.HasLiteralSecret && IsOpenToOthers(path))
        {
            mistakes = [$"{path}: holds a password and others may read it: chmod 600 {path}"];
            return false;
        }

        profile = read;
        mistakes = [];
        return true;
    }

    /// <summary>
    /// The profile that is meant: the one asked for, else SOFTPHONE_PROFILE, else "default", else the only one there is, else an empty
    /// one.
    /// </summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public Profile Choose(string? asked)
    {
        if (string.IsNullOrEmpty(asked)) asked = environment.GetValueOrDefault("SOFTPHONE_PROFILE");
        if (string.IsNullOrEmpty(asked))
        {
            var names = Names();
            asked = names.Contains("default") ? "default" : names.Count == 1 ? names[0] : null;
        }

        if (asked is null) return new Profile();
        return TryLoad(asked, out var profile, out var mistakes) ? profile : throw new UsageException(mistakes);
    }

    private static bool LooksLikePath(string text) =>
        text.Contains('/') || text.Contains(Path.DirectorySeparatorChar) || text.EndsWith(".yaml", StringComparison.Ordinal) || text.EndsWith(".yml", StringComparison.Ordinal);

    private static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0;

    private static string Base(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault("XDG_CONFIG_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg)) return xdg;
        if (OperatingSystem.IsWindows() && environment.GetValueOrDefault("APPDATA") is { Length: > 0 } roaming) return roaming;
        return Path.Combine(environment.GetValueOrDefault("HOME") ?? ".", ".config");
    }
}
