namespace Softphone.Media;

/// <summary>What a caller hears in one country (ITU-T E.180 supplement 2).</summary>
/// <param name="Ringback">The other phone rings.</param>
/// <param name="Busy">The other person talks already (486, 600).</param>
/// <param name="Congestion">The network could not (480, 503).</param>
/// <param name="CallWaiting">Another call comes in during this one.</param>
public sealed record ToneSet(Tone Ringback, Tone Busy, Tone Congestion, Tone CallWaiting);
