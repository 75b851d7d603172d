namespace Softphone.Phone;

/// <summary>What would help, in words: "would" where it must, "may" where it depends on something unseen.</summary>
internal static class RemedyWords
{
    private const string Alike = "the same outer port for every destination (endpoint-independent mapping)";

    /// <summary>Half a sentence in small letters, without its full stop.</summary>
    public static string Of(IReadOnlyList<Remedy> remedies)
    {
        var clauses = new List<string>();
        var isAlikeTold = false;
        var last = "";
        foreach (var group in remedies.GroupBy(r => (r.Promise, r.IsCertain, Carries: r.Steps.All(s => s.Kind == RemedyKind.Relay))))
        {
            var ways = new List<string>();
            foreach (var remedy in group)
            {
                ways.Add(string.Join(", together with ", remedy.Steps.Select(s => Step(s, isAlikeTold))));
                isAlikeTold |= remedy.Steps.Any(s => s.Kind == RemedyKind.MapAlike);
            }

            var verb = group.Key switch { { Promise: Promise.Direct } => "make it direct", { Carries: true } => "carry the call", _ => "help" };
            clauses.Add($"{Either(ways)} {(group.Key.IsCertain ? "would" : "may")}{(verb == last ? "" : $" {verb}")}");
            last = verb;
        }

        return string.Join("; ", clauses);
    }

    private static string Either(List<string> ways) => ways.Count < 2 ? string.Concat(ways) : $"{string.Join(", ", ways.Take(ways.Count - 1))} or {ways[^1]}";

    private static string Step(RemedyStep step, bool isAlikeTold) => step.Kind switch
    {
        RemedyKind.AllowDirect => $"no setting for relays only {Place(step.Side, "here (nat.mode)", "at the peer's", "on either side (nat.mode)")}",
        RemedyKind.LetUdpOut => $"UDP let out of {Place(step.Side, "our network", "the peer's network", "both networks")}",
        RemedyKind.LetUdpIn => $"UDP let in through {Place(step.Side, "our firewall to this phone", "the peer's firewall to its phone", "both firewalls to the phones")}",
        RemedyKind.AskStun => $"{Place(step.Side, "a STUN server here (nat.stun)", "a STUN server at the peer's", "STUN servers on both sides (nat.stun)")}",
        RemedyKind.MapAlike => $"{(isAlikeTold ? "the same" : Alike)} at {Place(step.Side, "our NAT", "the peer's NAT", "both NATs")}{(isAlikeTold && step.Side != Side.Both ? " alone" : "")}",
        RemedyKind.Ipv6 => $"IPv6 {Place(step.Side, "here", "at the peer's", "on both sides")}",
        RemedyKind.Ipv4 => $"IPv4 {Place(step.Side, "here", "at the peer's", "on both sides")}",
        RemedyKind.LetClientsMeet => "client isolation switched off",
        RemedyKind.Hairpin => "hairpinning switched on",
        RemedyKind.Relay => $"{Place(step.Side, "a TURN server here (nat.turn)", "a TURN server at the peer's", "TURN servers on both sides (nat.turn)")}",
        RemedyKind.PermitRelay => "TURN servers that let these peers through",
        RemedyKind.CallFromHere => "a call from here, in which this side chooses,",
        RemedyKind.FindRewriter => "looking for what rewrites descriptions or STUN between us (a SIP ALG, a session border controller, or a peer that mixes its calls up)",
        RemedyKind.Interface => "an interface that is up",
        _ => "candidates of our address family from the peer's side, host or relayed,",
    };

    private static string Place(Side side, string ours, string peer, string both) => side switch { Side.Ours => ours, Side.Peer => peer, _ => both };
}
