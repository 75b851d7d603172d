using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>softphone devices.</summary>
internal sealed record DevicesOptions
{
    /// <summary>Whose audio.input and audio.output are tried.</summary>
    public required Profile Profile { get; init; }

    /// <summary>List the codecs and what makes them instead.</summary>
    public bool Codecs { get; init; }

    /// <summary>Show what the microphone hears.</summary>
    public bool Meter { get; init; }

    /// <summary>Measure the way from the loudspeaker to the microphone, then play back what is heard.</summary>
    public bool Loopback { get; init; }

    /// <summary>How long to meter or to play back.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromSeconds(5);

    public bool Json { get; init; }
}
