namespace Softphone.Audio;

/// <summary>The sound of a phone at one moment. Immutable; made by the thread of the devices, read by any.</summary>
/// <param name="Microphone">Where the voice comes from.</param>
/// <param name="Speaker">Where calls are heard.</param>
/// <param name="Ringer">Where it rings.</param>
public sealed record SoundState(SoundUse Microphone, SoundUse Speaker, SoundUse Ringer)
{
    /// <summary>The devices that are there now.</summary>
    public IReadOnlyList<AudioDevice> Devices { get; init; } = [];

    /// <summary>What is spoken to: pulseaudio, pipewire, wasapi, coreaudio; empty before the start and without sound.</summary>
    public string Driver { get; init; } = "";

    /// <summary>Why there is no sound at all, such as a library that is not installed; null when there is.</summary>
    public Fault? Fault { get; init; }

    public SoundUse this[SoundRole role] => role switch
    {
        SoundRole.Microphone => Microphone,
        SoundRole.Speaker => Speaker,
        _ => Ringer,
    };

    /// <summary>The names to choose from for this role, besides "default" and "null".</summary>
    public IReadOnlyList<string> Choices(SoundRole role) =>
        [.. Devices.Where(d => d.IsInput == (role == SoundRole.Microphone)).Select(d => d.Name)];
}

/// <summary>One use of a device.</summary>
/// <param name="Chosen">"default", "null", or a name.</param>
public sealed record SoundUse(string Chosen)
{
    /// <summary>A device runs now. A microphone does so only while it is listened to.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The device that runs, as its system names it; "default" where the system does not tell which that is; empty when none does.</summary>
    public string Device { get; init; } = "";

    /// <summary>Why the chosen one does not run, and what helps; null when it does, or is not needed now.</summary>
    public Fault? Problem { get; init; }
}
