using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// Decides from the peer's reports when to spend bits on forward error correction: on from 3 % loss, off when it stayed below 2 % for ten
/// seconds. Below 3 % it costs more quality than it saves, and so it does below 24 kbit/s at any loss. The copies are paid for out of the
/// bit rate: a peer's maximum is one with them too (RFC 7587 §6.1), and a line that loses is seldom one with room to spare.
/// </summary>
public sealed class FecPolicy
{
    private const double On = 3;
    private const double Off = 2;
    private const int LeastExpected = 10;
    private const int LeastBitrate = 24_000;

    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(10);

    private Instant _lossyAt;
    private bool _any;

    /// <summary>Smoothed loss in percent.</summary>
    public double LossPercent { get; private set; }

    public bool IsOn { get; private set; }

    /// <summary>A report block about our stream came.</summary>
    public void Report(Instant now, byte fractionLost)
    {
        var loss = fractionLost * 100 / 256.0;
        LossPercent = _any ? LossPercent + (loss - LossPercent) / 2 : loss;
        _any = true;
        if (LossPercent >= Off) _lossyAt = now;
        if (LossPercent >= On) IsOn = true;
        else if (IsOn && now - _lossyAt >= Hold) IsOn = false;
    }

    /// <summary>What to tell the encoder.</summary>
    public EncoderTuning Tuning(int bitrateBps, bool allowed) => allowed && IsOn && bitrateBps >= LeastBitrate
        ? new EncoderTuning(bitrateBps, true, Math.Max(LeastExpected, (int)Math.Round(LossPercent)))
        : new EncoderTuning(bitrateBps, false, 0);
}
