namespace Softphone.Cli;

/// <summary>
/// Where the demonstration records: the folder that was asked for, or a new one among the temporary ones that nobody else can look into. A
/// fixed name there would be another user's to take first.
/// </summary>
/// <param name="asked">What --out names, or null.</param>
internal sealed class DemoFolder(string? asked)
{
    private string? _path;

    /// <summary>Made when it is first asked for.</summary>
    /// <exception cref="IOException">It cannot be made, or others have a hand in it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public string Path => _path ??= asked is null ? Directory.CreateTempSubdirectory("softphone-demo-").FullName : Named(asked);

    public string FileOf(string who) => System.IO.Path.Combine(Path, $"{who}-heard.wav");

    private static string Named(string folder)
    {
        PrivateFile.CreateFolder(folder);
        return folder;
    }
}
