namespace Softphone.Cli;

/// <summary>Keeps another softphone of the same person from writing to the same files meanwhile. It ends with the process, however that ends.</summary>
internal static class FolderLock
{
    private const int SharingViolation = unchecked((int)0x80070020);

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
            catch (IOException e) when (IsHeld(e) && waited.Elapsed < Patience)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    /// <summary>By somebody else: a folder that is read-only, or a disk that is full, will not be otherwise in a moment.</summary>
    public static bool IsHeld(IOException e) =>
        e.HResult == (OperatingSystem.IsWindows() ? SharingViolation : Posix.TryAgain);
}
