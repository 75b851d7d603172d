namespace Softphone.Media;

/// <summary>One negotiated telephone-event format (RFC 4733).</summary>
/// <param name="PayloadType">The payload type of this direction.</param>
/// <param name="ClockRate">Its clock in Hz; equal to the clock of the audio beside it.</param>
public readonly record struct EventFormat(byte PayloadType, int ClockRate);
