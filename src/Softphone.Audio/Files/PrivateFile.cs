using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Softphone.Audio;

/// <summary>
/// Files and folders for their owner alone. Other users of the machine may have laid something in the way: a link to a file that they
/// want written over, a file of theirs that they could read afterwards, a folder in which they can do either.
/// </summary>
public static partial class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MostLinks = 8;
    private const int NoSuchFile = 2;
    private const int Interrupted = 4;
    private const int WriteOnly = 1;

    /// <summary>
    /// Creates a file that a person named, or empties one that is there: 0600, never through a link that another user laid, never into a
    /// file of another user. Pipes and devices are written as they are.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Who may read it when it is new; its owner alone when not given.</param>
    /// <exception cref="IOException">It cannot be created, or somebody else had a hand in it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public static FileStream Create(string path, UnixFileMode mode = OwnerOnly)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 1 << 16 };
        if (OperatingSystem.IsWindows()) return new FileStream(path, options);
        (options.Mode, options.UnixCreateMode) = (FileMode.CreateNew, mode);
        var at = Path.GetFullPath(path);
        for (var links = 0; links < MostLinks; links++)
        {
            if (TryOpen(at, path, mode, out var there)) return there;
            try
            {
                // O_EXCL: whatever stands at this name now, be it a link to nowhere, is left alone.
                return new FileStream(at, options);
            }
            catch (IOException) when (FileFacts.Of(at, follows: false) is not null)
            {
                if (new FileInfo(at).LinkTarget is not { } target) continue;
                CheckLink(at, path);
                at = Path.GetFullPath(target, Path.GetDirectoryName(at)!);
            }
        }

        throw new IOException($"{path} is another file at every look");
    }

    /// <summary>Opens a file that nobody else may have open by this at the same time, in a folder that <see cref="CreateFolder"/> made or checked.</summary>
    /// <exception cref="IOException">It cannot be opened, or somebody has it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>Makes a folder that only its owner may look into, or checks that nobody else can lay anything into the one that is there.</summary>
    /// <exception cref="IOException">It cannot be made, or others have a hand in it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        if (FileFacts.Of(path, follows: true) is not { } facts || facts.KeepsNames) return;
        throw new IOException(facts.IsTrusted
            ? $"everybody may change the folder {path}: chmod o-w makes it safe"
            : $"the folder {path} belongs to another user (number {facts.Owner})");
    }

    /// <summary>Opens what is there. False when nothing is, or a link to nothing.</summary>
    private static bool TryOpen(string at, string path, UnixFileMode mode, out FileStream stream)
    {
        stream = null!;
        var error = TryOpen(at, NoFollow, out var handle);
        if (error == TooManyLinks)
        {
            CheckLink(at, path);
            error = TryOpen(at, 0, out handle);
        }

        if (error == NoSuchFile) return false;
        if (error != 0) throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'");
        try
        {
            var facts = FileFacts.Of(handle);
            if (facts is { IsRegular: true })
            {
                if (facts is { IsOurs: false }) throw new IOException($"{path} is a file of another user (number {facts.Value.Owner}), who could read it");
                if (facts is { Names: > 1 } && FileFacts.Of(Path.GetDirectoryName(at)!, follows: true) is { IsOpenToAll: true })
                    throw new IOException($"{path} is another name of a file elsewhere, in a folder that everybody may change");
                if (mode == OwnerOnly && !OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, mode);
            }

            stream = new NamedFile(handle, path);
            if (facts is { IsRegular: true }) stream.SetLength(0);
            return true;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static int TryOpen(string path, int flags, out SafeFileHandle handle)
    {
        while (true)
        {
            var descriptor = Open(path, WriteOnly | CloseOnExec | flags);
            var error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
            handle = new SafeFileHandle(descriptor, ownsHandle: true);
            if (error != Interrupted) return error;
        }
    }

    /// <summary>A link is followed when we or the system laid it, where nobody else can replace it.</summary>
    private static void CheckLink(string at, string path)
    {
        var folder = FileFacts.Of(Path.GetDirectoryName(at)!, follows: true);
        if (FileFacts.Of(at, follows: false) is { IsTrusted: true } && folder is { KeepsNames: true }) return;
        throw new IOException($"{path} is a link that another user laid or can change");
    }

    private static int NoFollow =>
        OperatingSystem.IsMacOS() ? 0x100 : RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    private static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x100_0000 : 0x8_0000;

    private static int TooManyLinks => OperatingSystem.IsMacOS() ? 62 : 40;

    // Without O_CREAT, which would want a variadic third argument; the ABI differs for those.
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    /// <summary>A stream of a descriptor that knows the name that a person gave it, for messages.</summary>
    private sealed class NamedFile(SafeFileHandle handle, string name) : FileStream(handle, FileAccess.Write, 1 << 16)
    {
        public override string Name => name;
    }
}
