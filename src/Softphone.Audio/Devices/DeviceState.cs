namespace Softphone.Audio;

/// <summary>What happened to a device of the phone.</summary>
/// <param name="IsInput">A microphone.</param>
/// <param name="Name">As it was asked for; "default" for the system's choice.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Fault">Why it cannot be used; null when it can.</param>
public sealed record DeviceState(bool IsInput, string Name, DeviceStateKind Kind, Fault? Fault = null);

/// <summary>The states of a device.</summary>
public enum DeviceStateKind
{
    /// <summary>It runs.</summary>
    Open,

    /// <summary>It was there and is gone.</summary>
    Lost,

    /// <summary>It cannot be opened; asked again each second.</summary>
    Unavailable,
}
