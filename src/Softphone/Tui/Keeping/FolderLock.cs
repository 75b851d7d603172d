namespace Softphone.Cli;

/// <summary>Keeps another softphone of the same person from writing to the same files meanwhile. It ends with the process, however that ends.</summary>
internal static class FolderLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits for the lock of a folder, which is made where it is not there.</summary>
    /// <exception cref="IOException">Somebody holds it for too long, or the folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static IDisposable Take(string folder)
    {
        PrivateFile.CreateFolder(folder);
        var waited = System.Diagnostics.Stopwatch.StartNew();
        var path = Path.Combine(folder, ".lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < Patience)
            {
                Thread.Sleep(Pause);
            }
        }
    }
}
