using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Captures;

/// <summary>Why media of a call went as it did: the phone's own reasoning, fed with what a capture shows in the place of what an agent knows.</summary>
internal static class CallStory
{
    public static string Of(CapturedDialog dialog, StunTable stun)
    {
        if (dialog.Call.Answer is null) return "";
        var reading = dialog.Ice.LastOrDefault();
        var ours = reading?.Ours ?? Party.Caller;
        var (sent, heard) = (dialog.Streams.Any(s => s.Sender == ours), dialog.Streams.Any(s => s.Sender == ours.Other()));
        if (reading is null) return PlainStory.Of(dialog);
        if (OfIce(reading, stun) is not { } told) return "";
        if (sent || heard)
        {
            told = told with
            {
                Audio = sent ? heard ? AudioOutcome.TwoWay : AudioOutcome.SendOnly : AudioOutcome.ReceiveOnly,
                Codec = dialog.Streams.Where(s => s.Sender == ours).Select(s => s.Codec).FirstOrDefault() ?? "",
            };
        }

        return ExplanationText.Of(told) is { Length: > 0 } text ? $"Seen from {ours.Name()}: {text}" : "";
    }

    /// <summary>The values of it, as the phone on that side would have them; null where the capture does not show how it went.</summary>
    public static Explanation? OfIce(IceReading reading, StunTable stun)
    {
        // A pair that works and was not nominated in the capture may have been afterwards.
        if (reading.Selected is null && (reading.Ice.Pairs.Any(p => p.IsValid) || reading.Checks.Count == 0)) return null;
        return Explain(reading.Ice, PathFacts.Of(reading, stun));
    }

    public static Explanation Explain(IceSnapshot ice, NatFacts facts)
    {
        if (ice.Pairs.FirstOrDefault(p => p is { IsSelected: true, Component: 1 }) is { } pair)
        {
            var (cause, remedies) = PathReasoning.Of(pair, ice, facts);
            return new Explanation { Route = new MediaRoute.Pair(pair.Local, pair.Remote), Cause = cause, Remedies = remedies };
        }

        var (why, helps) = PathReasoning.OfFailure(ice, facts);
        return new Explanation { Fault = Diagnosis.Of(ice), Cause = why, Remedies = helps };
    }
}
