using System.Runtime.InteropServices;

namespace Softphone.Audio;

/// <summary>What kind of file it is, whose, and who may change it: .NET tells the mode alone. Linux and macOS.</summary>
/// <param name="Owner">The user's number.</param>
/// <param name="Mode">st_mode: kind and rights.</param>
/// <param name="Names">How many names the file has (hard links).</param>
internal readonly unsafe partial record struct FileFacts(uint Owner, uint Mode, uint Names)
{
    private const uint KindMask = 0xF000;
    private const uint RegularKind = 0x8000;
    private const uint FolderKind = 0x4000;
    private const uint Sticky = 0x200;
    private const uint OthersMayWrite = 0x2;
    private const int Here = -100;
    private const int NoFollow = 0x100;
    private const int ThisDescriptor = 0x1000;
    private const uint Wanted = 0x0F;

    /// <summary>More than struct stat and struct statx have anywhere.</summary>
    private const int Size = 512;

    public bool IsRegular => (Mode & KindMask) == RegularKind;

    public bool IsFolder => (Mode & KindMask) == FolderKind;

    public bool IsOurs => Owner == EffectiveUser();

    /// <summary>Ours or the system's.</summary>
    public bool IsTrusted => Owner == 0 || IsOurs;

    /// <summary>Anybody may make new names in this folder.</summary>
    public bool IsOpenToAll => (Mode & OthersMayWrite) != 0;

    /// <summary>But nobody may take away or replace another's.</summary>
    public bool IsSticky => (Mode & Sticky) != 0;

    /// <summary>No other user can put another file in the place of one of ours in this folder.</summary>
    public bool KeepsNames => IsFolder && IsTrusted && (!IsOpenToAll || IsSticky);

    /// <summary>Null when the system does not tell.</summary>
    public static FileFacts? Of(SafeHandle file)
    {
        byte* facts = stackalloc byte[Size];
        var descriptor = (int)file.DangerousGetHandle();
        return OperatingSystem.IsLinux() ? Linux(Statx(descriptor, "", ThisDescriptor, Wanted, facts), facts)
            : OperatingSystem.IsMacOS() ? MacOS(IsArm ? FStat(descriptor, facts) : FStat64(descriptor, facts), facts) : null;
    }

    /// <summary>Null when there is none, or the system does not tell.</summary>
    /// <param name="path">The name.</param>
    /// <param name="follows">Of a link, what it leads to.</param>
    public static FileFacts? Of(string path, bool follows)
    {
        byte* facts = stackalloc byte[Size];
        if (OperatingSystem.IsLinux()) return Linux(Statx(Here, path, follows ? 0 : NoFollow, Wanted, facts), facts);
        if (!OperatingSystem.IsMacOS()) return null;
        return MacOS((IsArm, follows) switch
        {
            (true, true) => Stat(path, facts),
            (true, false) => LStat(path, facts),
            (false, true) => Stat64(path, facts),
            _ => LStat64(path, facts),
        }, facts);
    }

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    // struct statx is the same on every processor.
    private static FileFacts? Linux(int result, byte* facts) =>
        result == 0 ? new FileFacts(*(uint*)(facts + 20), *(ushort*)(facts + 28), *(uint*)(facts + 16)) : null;

    // struct stat with 64-bit inodes.
    private static FileFacts? MacOS(int result, byte* facts) =>
        result == 0 ? new FileFacts(*(uint*)(facts + 16), *(ushort*)(facts + 4), *(ushort*)(facts + 6)) : null;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* facts);

    [LibraryImport("libc", EntryPoint = "fstat")]
    private static partial int FStat(int descriptor, byte* facts);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64")]
    private static partial int FStat64(int descriptor, byte* facts);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, byte* facts);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat64(string path, byte* facts);

    [LibraryImport("libc", EntryPoint = "lstat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LStat(string path, byte* facts);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LStat64(string path, byte* facts);
}
