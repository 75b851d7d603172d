namespace Softphone.Cli;

/// <summary>
/// Where the phone keeps what is its own: what a person wrote in the folder of configuration, what happened in that of state
/// (XDG base directories; %APPDATA% and %LOCALAPPDATA% on Windows). They need not exist.
/// </summary>
/// <param name="environment">All variables.</param>
internal sealed class KeptFolders(IReadOnlyDictionary<string, string> environment)
{
    public string Config { get; } = Path.Combine(Base(environment, "XDG_CONFIG_HOME", "APPDATA", ".config"), "softphone");

    public string State { get; } = Path.Combine(Base(environment, "XDG_STATE_HOME", "LOCALAPPDATA", ".local/state"), "softphone");

    public string Contacts => Path.Combine(Config, "contacts.jsonl");

    /// <summary>Keys that the person chose.</summary>
    public string Keys => Path.Combine(Config, "keys.yaml");

    public string History => Path.Combine(State, "history.jsonl");

    public string Settings => Path.Combine(State, "settings.json");

    /// <summary>What libraries of the system printed while the screen was shown.</summary>
    public string Errors => Path.Combine(State, "stderr.log");

    public string Recordings => Path.Combine(State, "recordings");

    public string Reports => Path.Combine(State, "reports");

    /// <summary>Those that lab serve made for itself, with their keys.</summary>
    public string Certificates => Path.Combine(State, "certificates");

    /// <summary>Records of calls, where a profile has them on disk.</summary>
    public string Records => Path.Combine(State, "records");

    public string Crashes => Path.Combine(State, "crashes");

    private static string Base(IReadOnlyDictionary<string, string> environment, string xdg, string windows, string home)
    {
        if (environment.GetValueOrDefault(xdg) is { Length: > 0 } folder && Path.IsPathRooted(folder)) return folder;
        if (OperatingSystem.IsWindows() && environment.GetValueOrDefault(windows) is { Length: > 0 } roaming) return roaming;
        return Path.Combine(environment.GetValueOrDefault("HOME") ?? ".", home);
    }
}
