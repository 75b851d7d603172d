using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// Says that this process uses a profile, so that another softphone of the same person knows: a locked file in XDG_RUNTIME_DIR, else in the folder of
/// state. The system takes the lock away with the process, however that ends.
/// </summary>
internal sealed class InstanceLocks(IReadOnlyDictionary<string, string> environment) : IDisposable
{
    private readonly Dictionary<string, FileStream> _held = [];
    private readonly string _folder = environment.GetValueOrDefault("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Path.IsPathRooted(runtime)
        ? Path.Combine(runtime, "softphone")
        : Path.Combine(new KeptFolders(environment).State, "locks");

    /// <summary>Takes a profile; false when another process has it. What cannot be locked at all, as on a full disk, is not in the way.</summary>
    /// <param name="profile">Which.</param>
    /// <param name="fault">Who has it, for a person.</param>
    public bool TryTake(Profile profile, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        var key = KeyOf(profile);
        lock (_held)
        {
            if (_held.ContainsKey(key)) return true;
            var path = Path.Combine(_folder, key);
            try
            {
                PrivateFile.CreateFolder(_folder);
                _held[key] = new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                File.WriteAllText($"{path}.pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                return true;
            }
            catch (IOException e) when (FolderLock.IsHeld(e))
            {
                fault = new Fault(Layer.Profile, $"another softphone{Owner($"{path}.pid")} uses {profile.Name} already", "where both are registered calls ring at both, and one may refuse what the other would take");
                return false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return true;
            }
        }
    }

    /// <summary>Gives a profile back: its account is gone.</summary>
    public void Release(Profile profile)
    {
        lock (_held)
            if (_held.Remove(KeyOf(profile), out var file)) file.Dispose();
    }

    public void Dispose()
    {
        lock (_held)
        {
            foreach (var file in _held.Values) file.Dispose();
            _held.Clear();
        }
    }

    /// <summary>Profiles of one name in two folders are the same only where they are of the same account.</summary>
    private static string KeyOf(Profile profile) =>
        $"{FileNames.Of(profile.Name)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(profile.Account.Uri)), 0, 4)}";

    private static string Owner(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? $" (process {process})" : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
