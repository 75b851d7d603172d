using System.Globalization;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>The one place that makes words of an <see cref="Explanation"/>: the same paragraph for the command line, the JSON output, the screen and the report.</summary>
public static class ExplanationText
{
    private const int MostServers = 3;

    /// <summary>The whole paragraph; empty when there is nothing to say.</summary>
    public static string Of(Explanation told)
    {
        var text = told.Fault is { } fault ? Failure(told, fault) + Sources(told.Plain) + Dropped(told) + Besides(told, "") : told.Cause switch
        {
            Cause.Unanswered e => Unanswered(e),
            Cause.NoRoom e => string.Create(CultureInfo.InvariantCulture, $"It did not ring, since {e.Calls} calls are going on: call.limit of the profile lets more in."),
            Cause.TurnedAway e => TurnedAwayOf(e),
            Cause.OverBeforePath => "The call was over before a path for media was found." + Besides(told, ""),
            Cause.Families e when told.Route is null => $"{(told.IsLive ? "No path for media is found" : "There was no path for media")}: {CauseWords.Families(e)}. {Capital(RemedyWords.Of(told.Remedies))}.{Besides(told, "")}",
            Cause.PathAwaited => "No path for media is found yet." + Besides(told, ""),
            _ when told.Route is null && told.Cause is not Cause.PathLost => "",
            _ => Path(told),
        };
        return told.ServerHint.Length == 0 || text.Length == 0 ? text : $"{text} Where the server carries media, set there: {told.ServerHint}.";
    }

    /// <summary>What helps a call that found no path, as a fault has it; empty when nothing is known to.</summary>
    public static string Remedies(Explanation told)
    {
        if (told.Cause is Cause.Failed) return told.Fault?.Remedy ?? "";
        if (told.Servers.FirstOrDefault(s => s.Layer == Layer.Turn) is not { } relay) return RemedyWords.Of(told.Remedies);

        // The one that was asked is the first to mend; another one is not what is missing.
        var rest = RemedyWords.Of([.. told.Remedies.Where(r => r.Steps is not [{ Kind: RemedyKind.Relay, Side: Side.Ours }])]);
        var first = $"a relay would have helped: {relay.What}{(relay.Remedy.Length > 0 ? $" ({relay.Remedy})" : "")}";
        return rest.Length == 0 ? first : $"{first}; {rest}";
    }

    /// <summary>What is to be said of servers that gave nothing; empty when all did.</summary>
    /// <param name="told">What is told.</param>
    /// <param name="opening">What comes before it; "Besides: " when empty.</param>
    public static string Besides(Explanation told, string opening)
    {
        var texts = told.Servers.Where(s => !IsToldAlready(told, s)).Select(f => f.Remedy.Length == 0 ? f.What : $"{f.What} ({f.Remedy})").Distinct().Take(MostServers).ToList();
        return texts.Count == 0 ? "" : $" {(opening.Length == 0 ? "Besides: " : opening)}{string.Join("; ", texts)}.";
    }

    private static string TurnedAwayOf(Cause.TurnedAway e) => e.Why switch
    {
        TurnedAway.DoNotDisturb => string.Create(CultureInfo.InvariantCulture, $"It did not ring, since do-not-disturb is on: the caller was told {e.Status} {Softphone.Sip.ReasonPhrase.Of(e.Status)}."),
        TurnedAway.Busy => $"It did not ring, since another call was going on: the caller was sent to {e.Target} (302), as call.forward-busy has it.",
        TurnedAway.NoAnswer => $"Nobody took it, so the caller was sent to {e.Target} (302), as call.forward-no-answer has it.",
        _ => $"It did not ring: the caller was sent to {e.Target} (302), as call.forward-always has it.",
    };

    private static string Path(Explanation told)
    {
        var why = CauseWords.Of(told);
        var remedies = told.Remedies.Count == 0 ? "" : $" {Capital(RemedyWords.Of(told.Remedies))}.";
        var opening = told.IsLive ? "This call does not need it, but: " : "This call did not need it, but: ";
        return $"{RouteWords.Of(told)}{why}{remedies}{Sources(told.Plain)}{Moved(told.Move)}{Audio(told)}{Dropped(told)}{Besides(told, opening)}";
    }

    private static string Failure(Explanation told, Fault fault)
    {
        if (fault.Layer == Layer.Internal) return $"The call ended by {fault.What}.";
        var what = told.Cause is Cause.Failed { WasAnswered: false } && fault.Layer == Layer.Sip ? $"Not connected: {fault.What}" : $"{Name(fault.Layer)} failed: {fault.What}";
        var why = CauseWords.Of(told);
        var helps = Remedies(told);
        return $"{what}{(why.Length > 0 ? $"; {why}" : "")}.{(helps.Length > 0 ? $" What helps: {helps}." : "")}";
    }

    private static string Unanswered(Cause.Unanswered e) => (e.By, e.Status) switch
    {
        (CallEndCause.Local, 487) => "We hung up before the call was answered.",
        (CallEndCause.Remote, 487) => "The caller hung up before we answered.",
        (CallEndCause.Local, _) => $"We did not take the call ({e.Status} {e.Reason}).",
        _ => $"The call was not answered ({e.Status} {e.Reason}).",
    };

    /// <summary>A server that did not answer since no UDP gets out is the cause seen once more; one whose fault is among what helps was named there.</summary>
    private static bool IsToldAlready(Explanation told, Fault server)
    {
        if (told.Cause is Cause.Network network && (network.Ours & (Hindrances.UdpBlocked | Hindrances.ServersSilent)) != 0 && server.Layer == Layer.Stun) return true;
        return told.Fault is not null && Remedies(told).Contains(server.What, StringComparison.Ordinal);
    }

    /// <summary>Who else sent, and what was not sent.</summary>
    private static string Sources(PlainMedia? plain)
    {
        if (plain is null) return "";
        var contested = plain.Contests == 0 ? ""
            : $" Audio came from {plain.Rivals.First} and from {plain.Rivals.Second} at once, neither of which the peer had named, and while both sent neither was heard.";
        var leftOut = plain.Refused < Explainer.Many ? "" : string.Create(CultureInfo.InvariantCulture, $" {plain.Refused} packets from other sources were left out.");
        var heldBack = plain.HeldBack < Explainer.Many ? ""
            : string.Create(CultureInfo.InvariantCulture, $" {plain.HeldBack} of our packets were held back: a host that signalling does not come from gets a few until it is heard.");
        return contested + leftOut + heldBack;
    }

    private static string Moved(PathMove? move)
    {
        if (move is not { } last) return "";
        var when = string.Create(CultureInfo.InvariantCulture, $"{last.After.TotalSeconds:0} s into the call");
        return last.Number == 1 ? $" Media moved here {when}: {last.Why}." : $" Media moved {last.Number} times, here {when}: {last.Why}.";
    }

    private static string Audio(Explanation told)
    {
        if (told.Audio is not { } audio) return "";
        var heard = audio switch
        {
            AudioOutcome.TwoWay => $" Audio went both ways ({told.Codec}).",
            AudioOutcome.SendOnly => " We sent audio and heard none.",
            AudioOutcome.ReceiveOnly => " We heard the peer and sent nothing.",
            _ => " No audio flowed.",
        };
        if (told.StrangeTypes.Count == 0) return heard;
        var strange = string.Join(", and ", told.StrangeTypes.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Packets} packets with payload type {t.PayloadType}")));
        return $"{heard} {strange} came, which {(told.StrangeTypes.Count == 1 ? "was" : "were")} not agreed.";
    }

    /// <summary>"None" is said only where nothing came.</summary>
    private static string Dropped(Explanation told) =>
        told.Dropped.Count == 0 ? "" : $" What came and was not taken: {string.Join("; ", told.Dropped.Take(MostServers).Select(d => d.Describe()))}.";

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Name(Layer layer) => layer switch
    {
        Layer.Dns or Layer.Tls or Layer.Dtls or Layer.Sip or Layer.Sdp or Layer.Stun or Layer.Turn or Layer.Ice => layer.ToString().ToUpperInvariant(),
        _ => layer.ToString(),
    };
}
