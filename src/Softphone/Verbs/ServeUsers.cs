using Softphone.Core;

namespace Softphone.Cli;

/// <summary>Who may use the lab's servers, and the passwords: from a file, the environment or a prompt, never from the command line.</summary>
internal static class ServeUsers
{
    public const string Variable = "SOFTPHONE_LAB_PASSWORD";

    /// <summary>The names of a lab that nobody named users for.</summary>
    private static readonly string[] Standard = ["alice", "bob"];

    /// <exception cref="UsageException">A user has no password, a name is none, or the file is wrong.</exception>
    public static IReadOnlyDictionary<string, string> Resolve(ServeOptions options, VerbContext context, Func<string, string?> ask)
    {
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        if (options.UsersFile is { } file) ReadFile(file, users);
        var names = options.Users.Count > 0 ? options.Users : options.UsersFile is null ? Standard : [];
        foreach (var name in names)
        {
            if (!IsName(name)) throw new UsageException($"--user \"{name}\" is no name: letters, digits, '-', '_' and '.'");
            if (users.ContainsKey(name)) continue;
            var password = context.Environment.GetValueOrDefault(Variable) is { Length: > 0 } common ? common : ask(name);
            users[name] = password is { Length: > 0 }
                ? password
                : throw new UsageException($"{name} has no password: export {Variable}=…, or --users FILE with lines \"{name}: password\"");
        }

        return users;
    }

    /// <summary>Asks on the terminal, without showing what is typed; null where there is none.</summary>
    public static string? Prompt(string name)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected) return null;
        Console.Error.Write($"Password for {PlainText.Line(name)}: ");
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key != ConsoleKey.Backspace) typed.Append(key.KeyChar);
            else if (typed.Length > 0) typed.Length--;
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }

    private static void ReadFile(string path, Dictionary<string, string> users)
    {
        string[] lines;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
                throw new UsageException($"{path}: holds passwords and others may read it: chmod 600 {path}");
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--users {path} cannot be read: {e.Message}");
        }

        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            var colon = line.IndexOf(':');
            var name = colon < 0 ? "" : line[..colon].Trim();
            var password = colon < 0 ? "" : line[(colon + 1)..].Trim();
            if (!IsName(name) || password.Length == 0) throw new UsageException($"{path}:{i + 1}: not \"name: password\"");
            if (!users.TryAdd(name, password)) throw new UsageException($"{path}:{i + 1}: {name} is there twice");
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
