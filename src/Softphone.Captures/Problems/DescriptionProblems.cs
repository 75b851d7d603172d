using Softphone.Sdp;

namespace Softphone.Captures;

/// <summary>Answers that do not fit their offers (RFC 3264 §6).</summary>
internal static class DescriptionProblems
{
    public static IEnumerable<Problem> Of(CapturedDialog dialog)
    {
        Description? offer = null;
        foreach (var description in dialog.Call.Descriptions)
        {
            if (description.IsOffer)
            {
                offer = description;
                continue;
            }

            // What the answerer saw is the offer as it arrived.
            if (offer is not null && offer.By != description.By && Mismatch(offer.Received, description.Sent) is { } what)
            {
                yield return new Problem(
                    ProblemKind.SdpMismatch, Severity.Failure, description.At, dialog.Number, $"SDP: {what} ({description.Message.Label} of {description.By.Name()})",
                    "let both sides have a codec in common, and the same of plain RTP and SRTP");
                yield break;
            }
        }
    }

    private static string? Mismatch(SessionDescription offer, SessionDescription answer)
    {
        if (answer.Media.Count != offer.Media.Count) return $"the answer has {answer.Media.Count} streams and the offer {offer.Media.Count}: they must be as many (RFC 3264 §6)";
        for (var i = 0; i < offer.Media.Count; i++)
        {
            var (asked, given) = (offer.Media[i], answer.Media[i]);
            if (!asked.IsAudio || asked.IsRejected) continue;
            if (given.IsRejected) return $"the answer refuses the audio stream (port 0); offered were {SdpCodecs.Describe(SdpCodecs.Of(asked))} by {asked.Protocol}";
            if (given.IsSecure != asked.IsSecure) return $"the offer is for {asked.Protocol} and the answer for {given.Protocol}: one side encrypts, the other does not";
            var (ours, theirs) = (Audio(asked), Audio(given));
            if (ours.Count > 0 && theirs.Count > 0 && !theirs.Exists(c => ours.Exists(c.IsSameAs)))
                return $"offer and answer have no codec in common: {SdpCodecs.Describe(ours)} against {SdpCodecs.Describe(theirs)}";
        }

        return null;
    }

    private static List<SdpCodec> Audio(SdpMedia media) =>
        [.. SdpCodecs.Of(media).Where(c => !c.IsTelephoneEvent && !c.Name.Equals("CN", StringComparison.OrdinalIgnoreCase))];
}
