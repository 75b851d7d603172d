namespace Softphone.Captures;

/// <summary>Packets of one payload type in a stream.</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="Packets">How many.</param>
/// <param name="Codec">What the receiver's description calls it, else the sender's, else RFC 3551; empty when nobody knows.</param>
public readonly record struct PayloadCount(byte PayloadType, long Packets, string Codec);
