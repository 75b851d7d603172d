namespace Softphone.Cli;

/// <summary>Events of <c>devices</c>.</summary>
internal abstract partial record OutputEvent
{
    /// <summary>A microphone or a loudspeaker. Directions: input, output.</summary>
    public sealed record Device() : OutputEvent("device")
    {
        public required string Direction { get; init; }

        public required string Name { get; init; }

        public required bool Default { get; init; }

        /// <summary>What the sound comes through: pulseaudio, pipewire, alsa, coreaudio, wasapi.</summary>
        public required string Driver { get; init; }
    }

    /// <summary>Directions: input, output, ring. States: open, closed, lost, unavailable.</summary>
    public sealed record DeviceChange() : OutputEvent("device.state")
    {
        public required string Direction { get; init; }

        public required string Name { get; init; }

        public required string State { get; init; }

        public string? Reason { get; init; }
    }

    /// <summary>What the microphone hears, ten times a second.</summary>
    public sealed record DeviceLevel() : OutputEvent("device.level")
    {
        public required string Name { get; init; }

        /// <summary>RMS in dB below full scale; -96 is silence.</summary>
        public required double LevelDbfs { get; init; }

        /// <summary>The loudest sample.</summary>
        public required double PeakDbfs { get; init; }
    }

    /// <summary>From the phone through the loudspeaker and the microphone back to the phone.</summary>
    public sealed record DeviceLoopback() : OutputEvent("device.loopback")
    {
        public required string Input { get; init; }

        public required string Output { get; init; }

        /// <summary>Whether the microphone heard what the loudspeaker played.</summary>
        public required bool Heard { get; init; }

        public double? DelayMs { get; init; }
    }

    /// <summary>A codec that the phone has, and what makes and reads it on this machine.</summary>
    public sealed record CodecLibrary() : OutputEvent("codec")
    {
        /// <summary>As a profile names it.</summary>
        public required string Name { get; init; }

        public required string Library { get; init; }
    }
}
