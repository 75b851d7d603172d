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
    /// <summary>Stretches without a break in which audio was made up, those that <see cref="Unproven"/> alone makes left out.</summary>
    public long Runs { get; init; }

    /// <summary>Samples of one packet's audio; 0 before the first.</summary>
    public int Frame { get; init; }

    /// <summary>Samples handed out while a stream was there.</summary>
    public long Heard => Pulled - Idle;

    /// <summary>Samples made up for what a later packet has shown to be missing or late.</summary>
    public long Proven => Concealed - Unproven;

    /// <summary>Mean length of a run of concealment over that of random loss with the same rate, at least 1.</summary>
    public double BurstRatio => Runs <= 0 || Frame == 0 ? 1 : Math.Max(1, (double)Proven / Frame / Runs * (1 - ConcealedPercent / 100));

    /// <summary>The account of what came after an earlier one, but for what waits now.</summary>
    public JitterStatistics Since(in JitterStatistics earlier) => new(
        PacketsPut - earlier.PacketsPut, PacketsPlayed - earlier.PacketsPlayed, PacketsLate - earlier.PacketsLate, PacketsDuplicate - earlier.PacketsDuplicate,
        PacketsFlushed - earlier.PacketsFlushed, Pulled - earlier.Pulled, Played - earlier.Played, Recovered - earlier.Recovered, Concealed - earlier.Concealed,
        Comfort - earlier.Comfort, Idle - earlier.Idle, Inserted - earlier.Inserted, Removed - earlier.Removed, Buffered, Unproven - earlier.Unproven)
    {
        Runs = Runs - earlier.Runs,
        Frame = Frame,
    };

    /// <summary>Share of pulled time, while a stream was there, that was made up for what a later packet has shown to be missing or late: 0 to 100.</summary>
    public double ConcealedPercent => Heard > 0 ? Math.Clamp(100.0 * Proven / Heard, 0, 100) : 0;
}
