using System.Diagnostics.CodeAnalysis;

namespace Softphone.Audio;

/// <summary>The sound of an operating system: which devices there are now, and streams of 48 kHz mono to and from them. Used by one thread.</summary>
public interface IAudioSystem : IDisposable
{
    /// <summary>What it speaks to: pulseaudio, pipewire, wasapi, coreaudio.</summary>
    string Driver { get; }

    /// <summary>Whether the sound server itself moves streams of the default device along when another becomes it.</summary>
    bool MovesWithDefault { get; }

    /// <summary>The devices that are there now.</summary>
    IReadOnlyList<AudioDevice> List();

    /// <summary>The name behind the default; null where there is none, or the system does not tell.</summary>
    string? DefaultName(bool isInput);

    /// <summary>Opens a device; its callback writes to the ring, or reads from it, until the stream is disposed.</summary>
    /// <param name="name">As listed; null for the default.</param>
    /// <param name="isInput">A microphone.</param>
    /// <param name="ring">Where the samples go, or come from.</param>
    /// <param name="stream">The stream, running.</param>
    /// <param name="fault">Why there is none.</param>
    bool TryOpen(string? name, bool isInput, SampleRing ring, [NotNullWhen(true)] out IAudioStream? stream, [NotNullWhen(false)] out Fault? fault);

    /// <summary>Connects to the sound server anew, after it was gone. No stream may be open.</summary>
    /// <returns>False when it is still gone.</returns>
    bool Restart();
}
