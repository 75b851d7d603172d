namespace Softphone.Phone;

/// <summary>
/// Puts the environment over a profile, and flags over both. The variables are those of <see cref="ProfileSetting.All"/>; lists are
/// divided by commas. SOFTPHONE_TURN, SOFTPHONE_TURN_USER and SOFTPHONE_TURN_PASSWORD, _PASSWORD_COMMAND, _SECRET or _SECRET_COMMAND name one TURN server in
/// place of those of the file. Passwords in variables are read when they are needed, not copied.
/// </summary>
public static class ProfileOverrides
{
    /// <param name="profile">What the file says, or a new profile when there is none.</param>
    /// <param name="environment">All variables; others than ours are passed over, and so are ours when empty.</param>
    /// <param name="flags">Values by key, "media.codecs".</param>
    /// <param name="flagNames">What a flag is called on the command line, by key, for messages.</param>
    /// <param name="errors">What was wrong; then that value did not count.</param>
    /// <exception cref="ArgumentException">A flag has a key that is no setting.</exception>
    public static Profile Apply(
        Profile profile,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyDictionary<string, string> flags,
        IReadOnlyDictionary<string, string> flagNames,
        out IReadOnlyList<ProfileError> errors)
    {
        var found = new List<ProfileError>();
        foreach (var setting in ProfileSetting.All)
        {
            if (environment.TryGetValue(setting.Variable, out var text) && text.Length > 0
                && setting.Set(ref profile, Values(setting, text), setting.Variable) is { } problem)
                found.Add(new ProfileError(setting.Variable, 0, problem));
        }

        foreach (var (key, text) in flags)
        {
            var setting = ProfileSetting.All.FirstOrDefault(s => s.Key == key) ?? throw new ArgumentException($"{key} is no setting", nameof(flags));
            if (setting.Set(ref profile, Values(setting, text)) is { } problem) found.Add(new ProfileError(flagNames.GetValueOrDefault(key, key), 0, problem));
        }

        errors = found;
        return profile;
    }

    private static string[] Values(ProfileSetting setting, string text) =>
        setting.IsList ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text];
}
