namespace Softphone.Interop;

/// <summary>Another system that the phone is published for, or a bare one of this kind, and what runs it here.</summary>
/// <param name="Name">Of the part.</param>
/// <param name="OpusBy">The library of Opus that is found there.</param>
/// <param name="HasSound">Sound and screen are tried.</param>
internal abstract record ForeignSystem(string Name, string OpusBy, bool HasSound)
{
    /// <summary>By Wine, with nothing installed.</summary>
    public static readonly ForeignSystem Windows = new Built("windows", "SOFTPHONE_WINDOWS", "Concentus", true);

    /// <summary>By QEMU, with the libraries of Debian's arm64.</summary>
    public static readonly ForeignSystem Arm64 = new Built("arm64", "SOFTPHONE_ARM64", "libopus", false);

    /// <summary>A Debian with libssl alone: no runtime, no libopus, libspeexdsp or SDL.</summary>
    public static readonly ForeignSystem Bare = new BareTree();

    /// <summary>The program that starts the phone there; null where it cannot be had, and why.</summary>
    public abstract string? Launcher(Laboratory lab, out string why);

    /// <param name="Name">Of the part.</param>
    /// <param name="Variable">Names the launcher; build.sh sets it.</param>
    /// <param name="OpusBy">The library of Opus that is found there.</param>
    /// <param name="HasSound">Sound and screen are tried.</param>
    private sealed record Built(string Name, string Variable, string OpusBy, bool HasSound) : ForeignSystem(Name, OpusBy, HasSound)
    {
        public override string? Launcher(Laboratory lab, out string why)
        {
            why = $"not built today: ./build.sh interop {Name} builds it, and so does every second day";
            return Environment.GetEnvironmentVariable(Variable) is { } launcher && File.Exists(launcher) ? launcher : null;
        }
    }

    private sealed record BareTree() : ForeignSystem("bare", "Concentus", false)
    {
        private const string Library = "/usr/lib/x86_64-linux-gnu/libssl.so.3";
        private const string Program = "/usr/bin/softphone";

        public override string? Launcher(Laboratory lab, out string why)
        {
            if (Binary.FirstArguments.Count > 0)
            {
                why = "it takes the packaged executable: ./build.sh interop bare";
                return null;
            }

            if (DebianTree.Obtain("libssl3", Library, out why, DebianTree.OwnRelease) is not { } root) return null;
            File.Copy(Binary.Program, root + Program, overwrite: true);
            var launcher = Path.Combine(lab.Folder, "run-bare");
            // Files of the trial are where they are outside.
            File.WriteAllText(launcher, $$"""
                #!/bin/sh
                exec unshare -m /bin/sh -ec 'mkdir -p "$1$2"; mount --bind "$2" "$1$2"; root=$1; shift 2; exec chroot "$root" {{Program}} "$@"' sh '{{root}}' '{{lab.Folder}}' "$@"
                """);
            File.SetUnixFileMode(launcher, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return launcher;
        }
    }
}
