namespace Softphone.Audio;

/// <summary>What a sound device is used for.</summary>
public enum SoundRole
{
    Microphone,

    /// <summary>The loudspeaker or headset of calls.</summary>
    Speaker,

    /// <summary>Where it rings, so that a headset on the desk does not ring unheard.</summary>
    Ringer,
}
