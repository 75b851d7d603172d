namespace Softphone.Audio;

/// <summary>A microphone or a loudspeaker of this machine.</summary>
/// <param name="Name">As the system names it; what --audio and the profile take.</param>
/// <param name="IsInput">A microphone.</param>
/// <param name="IsDefault">What "default" stands for now, where the system tells.</param>
public sealed record AudioDevice(string Name, bool IsInput, bool IsDefault);
