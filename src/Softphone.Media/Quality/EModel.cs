namespace Softphone.Media;

/// <summary>Estimates conversational quality from delay and loss (ITU-T G.107, with the default room and no echo).</summary>
public static class EModel
{
    private const double Base = 93.2;

    /// <summary>The transmission rating R.</summary>
    /// <param name="delayMs">One way, mouth to ear.</param>
    /// <param name="lossPercent">Audio that was made up, after FEC and including what came late: 0 to 100.</param>
    /// <param name="burstRatio">Mean length of a loss burst over that of random loss, at least 1.</param>
    /// <param name="codec">How the codec bears loss.</param>
    public static double Rating(double delayMs, double lossPercent, double burstRatio, CodecImpairment codec)
    {
        var delay = 0.024 * delayMs + (delayMs > 177.3 ? 0.11 * (delayMs - 177.3) : 0);
        var loss = lossPercent <= 0 ? 0 : (95 - codec.Equipment) * lossPercent / (lossPercent / Math.Max(1, burstRatio) + codec.LossRobustness);
        return Base - delay - codec.Equipment - loss;
    }

    /// <summary>The mean opinion score of a rating (G.107 annex B), 1 to 4.5.</summary>
    public static double Mos(double rating) => rating switch
    {
        <= 6.5 => 1,
        >= 100 => 4.5,
        _ => Math.Max(1, 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating)),
    };
}
