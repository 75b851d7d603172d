using Softphone.Sdp;

namespace Softphone.Captures;

/// <summary>What offers and answers say: the codecs that an answer takes and leaves, and what a side changes of its own description.</summary>
public static class DescriptionStory
{
    private const int MostLines = 24;

    /// <summary>One entry for each description: a heading, and the lines that changed.</summary>
    public static IReadOnlyList<(Description Description, string Heading, IReadOnlyList<string> Changes)> Of(CallReading call)
    {
        var told = new List<(Description, string, IReadOnlyList<string>)>();
        foreach (var (description, index) in call.Descriptions.Select((d, i) => (d, i)))
        {
            var before = call.Descriptions.Take(index).LastOrDefault(d => d.By == description.By);
            var offer = description.IsOffer ? null : call.Descriptions.Take(index).LastOrDefault(d => d.IsOffer && d.By != description.By);
            var changes = before is null ? [] : Difference(before.Sent, description.Sent);
            var hops = description.Hops.Count > 1 ? Difference(description.Sent, description.Received) : [];
            var heading = $"{(description.IsOffer ? "offer" : "answer")} of {description.By.Name()} in {description.Message.Label}: {Audio(description.Sent)}{(offer is null ? "" : Left(offer.Received, description.Sent))}";
            told.Add((description, heading, [.. changes, .. hops.Select(h => $"{h}  on the way")]));
        }

        return told;
    }

    /// <summary>Lines that only one of two descriptions has, "- " and "+ "; o= is left out, whose version always differs.</summary>
    public static IReadOnlyList<string> Difference(SessionDescription before, SessionDescription after)
    {
        var (old, fresh) = (Lines(before), Lines(after));
        return [.. old.Except(fresh).Select(l => $"- {l}").Concat(fresh.Except(old).Select(l => $"+ {l}")).Take(MostLines)];
    }

    private static string Audio(SessionDescription sdp)
    {
        if (sdp.Audio is not { } audio) return "no audio";
        var ice = sdp.IceOf(audio) is { } i ? $", ICE with {i.Candidates.Count} candidates" : "";
        return $"{SdpCodecs.Describe(SdpCodecs.Of(audio))} at {sdp.ConnectionOf(audio)?.Host ?? "?"}:{audio.Port}, {(sdp.IsZeroAddressHold(audio) ? "held by an address of zeros" : sdp.DirectionOf(audio).Name())}, {audio.Protocol}{(audio.Ptime is { } ms ? $", {ms} ms" : "")}{ice}";
    }

    private static string Left(SessionDescription offer, SessionDescription answer)
    {
        if (offer.Audio is not { } asked || answer.Audio is not { } given) return "";
        var taken = SdpCodecs.Of(given);
        var left = SdpCodecs.Of(asked).Where(c => !taken.Any(c.IsSameAs)).ToList();
        return left.Count == 0 ? "" : $"; leaves {SdpCodecs.Describe(left)}";
    }

    private static List<string> Lines(SessionDescription sdp) =>
        [.. sdp.ToString().Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0 && !l.StartsWith("o=", StringComparison.Ordinal)).Select(Masked)];

    private static string Masked(string line) =>
        line.StartsWith("a=ice-pwd:", StringComparison.OrdinalIgnoreCase) ? "a=ice-pwd:***" : line.StartsWith("a=crypto:", StringComparison.OrdinalIgnoreCase) || line.StartsWith("k=", StringComparison.Ordinal) ? $"{line[..line.IndexOf(line[0] == 'k' ? '=' : ':')]}:***" : line;
}
