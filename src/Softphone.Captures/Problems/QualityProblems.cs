using System.Globalization;
using Softphone.Sdp;

namespace Softphone.Captures;

/// <summary>How a stream arrived: loss, jitter, a clock that is wrong, packets that are too long.</summary>
internal static class QualityProblems
{
    private const double MuchLoss = 1;
    private const double MuchJitter = 50;
    private const double PoorMos = 3.6;
    private const double WrongClock = 0.02;
    private const int FewestPackets = 50;

    public static IEnumerable<Problem> Of(MediaStream stream, CapturedDialog? dialog)
    {
        if (stream.Packets < FewestPackets) yield break;
        var name = dialog is not null && stream.Sender is { } sender ? $"{sender.Name()}, {stream.From} to {stream.To}" : $"{stream.From} to {stream.To}";
        if (stream.LossPercent >= MuchLoss || stream.JitterMs >= MuchJitter || stream.Mos < PoorMos)
            yield return new Problem(
                ProblemKind.PoorQuality, Severity.Trouble, stream.Began, dialog?.Number,
                string.Create(CultureInfo.InvariantCulture, $"media: {stream.Lost} of {stream.Packets + stream.Lost} packets ({stream.LossPercent:0.0} %) of {name} are missing here, jitter {stream.JitterMs:0} ms{(stream.Mos is { } mos ? $", MOS {mos:0.0}" : "")}"),
                stream.Lost > 0 ? "the loss is before the place of the capture" : "");
        else if (stream.ReportedLost is { } lost && lost * 100 > stream.Packets * 2 && lost > stream.Lost + 10)
            yield return new Problem(
                ProblemKind.PoorQuality, Severity.Trouble, stream.Ended, dialog?.Number, $"media: the receiver of {name} reports {lost} packets lost, of which {stream.Lost} are missing here",
                "the loss is behind the place of the capture");
        if (stream.ClockRatio is { } ratio && Math.Abs(ratio - 1) > WrongClock)
            yield return new Problem(
                ProblemKind.ClockOddity, Severity.Oddity, stream.Began, dialog?.Number,
                string.Create(CultureInfo.InvariantCulture, $"media: the timestamps of {name} run {ratio:0.000} times as fast as the clock of {stream.Codec} says"),
                "a receiver that trusts them runs dry or piles up");
        else if (Packets(stream, dialog) is { } odd)
            yield return odd;
    }

    private static Problem? Packets(MediaStream stream, CapturedDialog? dialog)
    {
        if (dialog is null || stream.Sender is not { } sender || stream.PacketMs <= 0 || dialog.Call.Last(sender.Other())?.Received.Audio is not { } wished) return null;
        if (wished.MaxPtime is { } most && stream.PacketMs > most)
            return Odd($"which takes {most} ms at most (a=maxptime)");
        return wished.Ptime is { } wish && Math.Abs(stream.PacketMs - wish) > 0.5 ? Odd($"which asked for {wish} ms (a=ptime)") : null;

        Problem Odd(string what) => new(
            ProblemKind.ClockOddity, Severity.Oddity, stream.Began, dialog.Number,
            string.Create(CultureInfo.InvariantCulture, $"media: {sender.Name()} sends packets of {stream.PacketMs:0.#} ms to {sender.Other().Name()}, {what}"));
    }
}
