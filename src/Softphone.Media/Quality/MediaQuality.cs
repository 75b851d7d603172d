namespace Softphone.Media;

/// <summary>
/// How a stretch of a stream sounded: since its start, or from an earlier account of it on. It is the one formula for a second, a minute and a call.
/// What came after the last packet is no loss, for nothing has shown that more was sent (RFC 3550 A.3).
/// </summary>
/// <param name="Mos">Estimated conversational quality, 1 to 4.5 (G.107); null where no audio was played.</param>
/// <param name="LossPercent">Packets that never came, 0 to 100; null where none was due.</param>
/// <param name="ConcealedPercent">Share of played time that was made up for what was missing or late, 0 to 100.</param>
public readonly record struct MediaQuality(double? Mos, double? LossPercent, double ConcealedPercent)
{
    /// <param name="from">The account at the beginning of the stretch; null for the start of the stream.</param>
    /// <param name="to">The account at its end.</param>
    public static MediaQuality Of(MediaStatistics? from, MediaStatistics to)
    {
        // A packet that comes after it was counted as lost takes the loss of an earlier stretch back.
        var lost = Math.Max(0, to.Rx.Lost - (from?.Rx.Lost ?? 0));
        var came = Math.Max(0, to.Rx.Packets - (from?.Rx.Packets ?? 0));
        double? loss = lost + came > 0 ? 100.0 * lost / (lost + came) : null;
        var heard = from is null ? to.Jitter : to.Jitter.Since(from.Jitter);
        if (heard.Heard <= 0) return new MediaQuality(null, loss, 0);
        var codec = CodecImpairment.Of(to.ReceiveCodec.Length > 0 ? to.ReceiveCodec : to.Codec, to.BitrateBps);
        return new MediaQuality(EModel.Mos(EModel.Rating(to.DelayMs, heard.ConcealedPercent, heard.BurstRatio, codec)), loss, heard.ConcealedPercent);
    }
}
