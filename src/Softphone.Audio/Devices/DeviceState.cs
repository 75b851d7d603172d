namespace Softphone.Audio;

/// <summary>What happened to a device of the phone.</summary>
/// <param name="Role">What it is used for.</param>
/// <param name="Name">As it was asked for; "default" for the system's choice.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Fault">Why it cannot be used; null when it can.</param>
public sealed record DeviceState(SoundRole Role, string Name, DeviceStateKind Kind, Fault? Fault = null);

/// <summary>The states of a device.</summary>
public enum DeviceStateKind
{
    /// <summary>Open: frames come or go.</summary>
    Open,

    /// <summary>It was there and is gone.</summary>
    Lost,

    /// <summary>It cannot be opened; asked again each second.</summary>
    Unavailable,

    /// <summary>It was given back: nobody uses it. Of a microphone this says that nobody listens any more.</summary>
    Closed,
}
