using System.Text.Json;

namespace Softphone.Cli;

/// <summary>settings.json; one that cannot be read counts as none.</summary>
/// <param name="path">The file.</param>
internal sealed class SettingsFile(string path)
{
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public KeptSettings Load() => Path.Exists(path) ? KeptJson.Read(File.ReadAllBytes(path), KeptJson.Settings) ?? new KeptSettings() : new KeptSettings();

    /// <exception cref="IOException">The file cannot be written; the old one stands.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(KeptSettings settings) => AtomicFile.Write(path, [.. JsonSerializer.SerializeToUtf8Bytes(settings, KeptJson.Settings), (byte)'\n']);
}
