using System.Diagnostics.CodeAnalysis;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>Writes the file of a new profile, for its owner alone: a password may stand in it.</summary>
internal static class ProfileFile
{
    /// <param name="store">Where profiles are.</param>
    /// <param name="profile">What to write; its name is the file's.</param>
    /// <param name="replaces">The profile whose place it takes; another file that is there already is left alone.</param>
    /// <param name="why">Why there is none.</param>
    public static bool TryWrite(ProfileStore store, Profile profile, string? replaces, [NotNullWhen(false)] out string? why)
    {
        var path = store.PathOf(profile.Name);
        why = !store.IsValidName(profile.Name) ? $"\"{profile.Name}\" is no name for a profile: letters, digits, - _ and ."
            : replaces != profile.Name && File.Exists(path) ? $"{path} is there already"
            : null;
        if (why is not null) return false;
        try
        {
            AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(ProfileWriter.WriteNew(profile, withSecrets: true)));
            if (replaces is not null && replaces != profile.Name) File.Delete(store.PathOf(replaces));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = $"{path} cannot be written: {e.Message}";
            return false;
        }
    }
}
