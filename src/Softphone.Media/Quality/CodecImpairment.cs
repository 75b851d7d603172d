namespace Softphone.Media;

/// <summary>How a codec bears loss (G.113 appendix I): the impairment without loss, and the loss it survives.</summary>
/// <param name="Equipment">Ie, 0 for none.</param>
/// <param name="LossRobustness">Bpl in percent.</param>
public readonly record struct CodecImpairment(double Equipment, double LossRobustness)
{
    /// <summary>
    /// Values for the codecs of this phone. There is no ITU value for Opus; 0 at 24 kbit/s and more, 5 below, with Bpl 20, follows
    /// published comparisons.
    /// </summary>
    public static CodecImpairment Of(string codec, int bitrateBps) => codec.ToUpperInvariant() switch
    {
        "OPUS" => new CodecImpairment(bitrateBps >= 24_000 ? 0 : 5, 20),
        _ => new CodecImpairment(0, 25.1),
    };
}
