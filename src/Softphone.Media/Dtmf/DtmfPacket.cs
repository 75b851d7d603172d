namespace Softphone.Media;

/// <summary>One telephone-event packet to send.</summary>
/// <param name="Start">Where the event (or this segment of it) began on the stream's media clock, in samples at 48 kHz.</param>
/// <param name="Offset">What to add to its timestamp, in units of the event's clock: the segments before (RFC 4733 §2.5.1.3).</param>
/// <param name="Marker">The first packet of an event.</param>
/// <param name="Event">The payload.</param>
public readonly record struct DtmfPacket(long Start, uint Offset, bool Marker, TelephoneEvent Event);
