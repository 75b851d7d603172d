namespace Softphone.Cli;

/// <summary>
/// Writes a whole file so that at any moment, also after a power cut, there is the old one or the new one: beside it first, down to the
/// disk, and then in its place.
/// </summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">It cannot be written; the old one stands.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // A link that the person set, into a folder of dot files say, stays one.
        path = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path : path;
        var folder = Path.GetDirectoryName(path)!;
        PrivateFile.CreateFolder(folder);
        var beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = PrivateFile.Open(beside, FileMode.Create))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }

        SyncFolder(folder);
    }

    /// <summary>The new name is on the disk too.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Posix.Open(folder, 0);
        if (descriptor < 0) return;
        _ = Posix.Sync(descriptor);
        _ = Posix.Close(descriptor);
    }
}
