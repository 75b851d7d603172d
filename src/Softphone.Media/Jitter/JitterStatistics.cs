namespace Softphone.Media;

/// <summary>
/// A jitter buffer's account since its start. Every packet put in ends as exactly one of played, late, duplicate or flushed (or still
/// waits); every sample pulled is one of played, recovered, concealed, comfort, idle, less what was removed and with what was inserted.
/// </summary>
/// <param name="PacketsPut">Packets given to the buffer.</param>
/// <param name="PacketsPlayed">Packets decoded.</param>
/// <param name="PacketsLate">Packets whose time had passed.</param>
/// <param name="PacketsDuplicate">Packets that were there already.</param>
/// <param name="PacketsFlushed">Packets thrown away because the stream restarted or the delay was past its maximum.</param>
/// <param name="Pulled">Samples handed out, at 48 kHz as all that follow.</param>
/// <param name="Played">Samples decoded from packets.</param>
/// <param name="Recovered">Samples decoded from the redundant copy in a later packet.</param>
/// <param name="Concealed">Samples made up for loss or lateness.</param>
/// <param name="Comfort">Samples made up where the sender said nothing (DTX).</param>
/// <param name="Idle">Silent samples while no stream was there.</param>
/// <param name="Inserted">Samples added by stretching.</param>
/// <param name="Removed">Samples taken out by shrinking.</param>
/// <param name="Buffered">Samples decoded and not yet pulled.</param>
/// <param name="Unproven">
/// Of what was concealed: since the last packet, while no later one shows whether any was lost. At the end of a stream none ever does (RFC 3550 A.3).
/// </param>
public readonly record struct JitterStatistics(
    long PacketsPut,
    long PacketsPlayed,
    long PacketsLate,
    long PacketsDuplicate,
    long PacketsFlushed,
    long Pulled,
    long Played,
    long Recovered,
    long Concealed,
    long Comfort,
    long Idle,
    long Inserted,
    long Removed,
    long Buffered,
    long Unproven)
{
    /// <summary>Share of pulled time, while a stream was there, that was made up for what a later packet has shown to be missing or late: 0 to 100.</summary>
    public double ConcealedPercent => Pulled > Idle ? 100.0 * (Concealed - Unproven) / (Pulled - Idle) : 0;
}
