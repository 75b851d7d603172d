namespace Softphone.Audio;

/// <summary>Which devices a phone uses.</summary>
/// <param name="Input">A microphone's name, "default" or "null".</param>
/// <param name="Output">A loudspeaker's name, "default" or "null".</param>
/// <param name="ProcessesVoice">Takes echo and noise out of the microphone and evens its level.</param>
public sealed record DeviceChoice(string Input, string Output, bool ProcessesVoice)
{
    /// <summary>What stands for the system's choice.</summary>
    public const string Default = "default";

    /// <summary>What stands for no device.</summary>
    public const string None = "null";

    /// <summary>A loudspeaker's name, "default" or "null".</summary>
    public string Ring { get; init; } = None;

    public string this[SoundRole role] => role switch
    {
        SoundRole.Microphone => Input,
        SoundRole.Speaker => Output,
        _ => Ring,
    };
}
