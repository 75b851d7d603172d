namespace Softphone.Cli;

/// <summary>
/// Standard error while the screen is shown: libraries of the system print there, in the midst of a frame. What they print goes to a
/// file.
/// </summary>
/// <param name="path">The file; null leaves standard error alone.</param>
internal sealed class ErrorLog(string? path)
{
    private const int StandardError = 2;
    private const long Longest = 1 << 20;

    private int _before = -1;

    /// <summary>Null when nothing is redirected.</summary>
    public string? Path => path;

    /// <summary>From now on to the file. What cannot be done is not: a phone without this log is one still.</summary>
    public void Begin()
    {
        if (_before >= 0 || path is null || OperatingSystem.IsWindows()) return;
        try
        {
            PrivateFile.CreateFolder(System.IO.Path.GetDirectoryName(path)!);
            if (new FileInfo(path) is { Exists: true, Length: > Longest }) File.Delete(path);
            PrivateFile.Open(path, FileMode.OpenOrCreate).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }

        var file = Posix.Open(path, Posix.WriteOnly | Posix.Append);
        if (file < 0) return;
        _before = Posix.Duplicate(StandardError);
        if (_before >= 0) _ = Posix.Duplicate(file, StandardError);
        _ = Posix.Close(file);
    }

    /// <summary>As it was before.</summary>
    public void End()
    {
        if (_before < 0) return;
        _ = Posix.Duplicate(_before, StandardError);
        _ = Posix.Close(_before);
        _before = -1;
    }
}
