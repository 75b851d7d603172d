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

    /// <summary>Changes the file of a profile that is there: what the person wrote besides stays, comments too, where that can be.</summary>
    /// <param name="store">Where profiles are.</param>
    /// <param name="draft">What it is to say.</param>
    /// <param name="note">What is to be told of it, after "changed"; why it was not.</param>
    public static bool TryEdit(ProfileStore store, ProfileDraft draft, out string note)
    {
        note = "";
        var path = PathOf(store, draft.Profile.Name);
        try
        {
            var text = YamlFile.Read(path);
            if (!ProfileReader.TryRead(text, path, out var before, out var errors))
            {
                note = $"{errors[0]}; softphone profile edit {draft.Profile.Name}";
                return false;
            }

            if (!ProfileEditor.TryEdit(text, path, draft.Before ?? before, draft.Whole, out var edited))
            {
                edited = ProfileWriter.WriteNew(draft.Over(before), withSecrets: true);
                note = "; comments in its file could not be kept";
            }

            AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(edited));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            note = $"{path} cannot be changed: {e.Message}";
            return false;
        }
    }

    /// <summary>Moves the file of a profile aside.</summary>
    /// <exception cref="IOException">It cannot be moved.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be moved.</exception>
    public static bool TryDelete(ProfileStore store, string name, out string kept)
    {
        var path = PathOf(store, name);
        kept = path + ".deleted";
        if (!store.IsValidName(name) || !File.Exists(path)) return false;
        File.Move(path, kept, overwrite: true);
        return true;
    }

    private static string PathOf(ProfileStore store, string name)
    {
        var path = store.PathOf(name);
        return !File.Exists(path) && File.Exists(Path.ChangeExtension(path, ".yml")) ? Path.ChangeExtension(path, ".yml") : path;
    }
}
