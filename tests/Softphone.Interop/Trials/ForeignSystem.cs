namespace Softphone.Interop;

/// <summary>Another system that the phone is published for, and what runs it here.</summary>
/// <param name="Name">Of the part.</param>
/// <param name="Variable">Names the program that starts the phone; build.sh sets it.</param>
/// <param name="OpusBy">The library of Opus that is found there.</param>
/// <param name="HasSound">Sound and screen are tried.</param>
internal sealed record ForeignSystem(string Name, string Variable, string OpusBy, bool HasSound)
{
    /// <summary>By Wine, with nothing installed.</summary>
    public static readonly ForeignSystem Windows = new("windows", "SOFTPHONE_WINDOWS", "Concentus", true);

    /// <summary>By QEMU, with the libraries of Debian's arm64.</summary>
    public static readonly ForeignSystem Arm64 = new("arm64", "SOFTPHONE_ARM64", "libopus", false);

    public bool IsThere => File.Exists(Launcher);

    public string Launcher => Environment.GetEnvironmentVariable(Variable) ?? "";
}
