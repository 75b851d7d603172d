using System.Diagnostics.CodeAnalysis;

namespace Softphone.Audio;

/// <summary>The sound that this system has: WASAPI on Windows, with nothing to install, and SDL 2 everywhere else.</summary>
public static class SystemAudio
{
    /// <summary>Begins to use the sound of this machine.</summary>
    /// <param name="audio">The devices.</param>
    /// <param name="fault">Why there are none, and what to do about it.</param>
    public static bool TryStart([NotNullWhen(true)] out IAudioSystem? audio, [NotNullWhen(false)] out Fault? fault) =>
        OperatingSystem.IsWindows() ? WasapiAudio.TryStart(out audio, out fault) : SdlAudio.TryStart(out audio, out fault);
}
