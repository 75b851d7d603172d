using System.Globalization;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>
/// One paragraph that says which path a call took and why not a better one, or which layer failed and what to do. The same text goes
/// to the command line, the JSON output and the report.
/// </summary>
internal static class Explanation
{
    /// <summary>Fewer packets are what is under way when media begins or moves.</summary>
    private const int Many = 25;

    private static readonly IpAddress WellKnownNat64 = IpAddress.Parse("64:ff9b::");

    /// <param name="summary">How the call went; its own explanation is not read.</param>
    /// <param name="ice">Candidates and pairs; null without ICE.</param>
    /// <param name="servers">STUN and TURN servers that gave nothing.</param>
    /// <param name="weHaveIce">False when our profile turns ICE off.</param>
    /// <param name="move">When media went on by another path for the last time; null when it never did.</param>
    /// <param name="plain">How media went without ICE; null with it.</param>
    /// <param name="iceFlaw">Why the ICE that the peer showed could not be used; null when it showed none.</param>
    public static string Of(CallSummary summary, IceSnapshot? ice, IReadOnlyList<Fault> servers, bool weHaveIce, PathMove? move, PlainMedia? plain = null, string? iceFlaw = null)
    {
        if (summary.Fault is { } fault) return Failure(summary, fault) + Sources(plain) + Besides(servers.Where(s => !fault.Remedy.Contains(s.What, StringComparison.Ordinal)), "");
        if (summary.Status >= 300) return Unanswered(summary);
        if (summary.Path.Length == 0) return "The call was over before a path for media was found." + Besides(servers, "");
        var path = Way(ice, weHaveIce, plain, iceFlaw) ?? $"The last path that media went by ({summary.Path}) was lost before the end, and no other was found.";
        return $"{path}{Moved(move)} {Audio(summary)}{Besides(servers, "This call did not need it, but: ")}";
    }

    /// <summary>The same of a call that goes on.</summary>
    public static string Live(string path, IceSnapshot? ice, IReadOnlyList<Fault> servers, bool weHaveIce, PathMove? move, PlainMedia? plain = null, string? iceFlaw = null)
    {
        if (path.Length == 0) return ice is { Pairs.Count: > 0 } ? "No path for media is found yet." + Besides(servers, "") : "";
        var way = Way(ice, weHaveIce, plain, iceFlaw) ?? $"The last path that media went by ({path}) is lost, and another is looked for.";
        return $"{way}{Moved(move)}{Besides(servers, "This call does not need it, but: ")}";
    }

    /// <summary>The path that media goes by and why not a better one; null when ICE has none now.</summary>
    private static string? Way(IceSnapshot? ice, bool weHaveIce, PlainMedia? plain, string? iceFlaw) => ice?.Pairs.FirstOrDefault(p => p is { IsSelected: true, Component: 1 }) is { } pair
        ? $"{Chosen(pair)}{WhyNotBetter(pair, ice)}"
        : ice is { Pairs.Count: > 0 } ? null : Plain(weHaveIce, plain, iceFlaw);

    /// <summary>A fault of the network with the server's part in it: a TURN server that refused us is the first thing to mend.</summary>
    public static Fault WithServers(Fault fault, IReadOnlyList<Fault> servers)
    {
        if (fault.Layer != Layer.Ice || servers.FirstOrDefault(s => s.Layer == Layer.Turn) is not { } turn) return fault;
        return fault with { Remedy = $"a relay would have: {turn.What}; {turn.Remedy}" };
    }

    private static string Failure(CallSummary summary, Fault fault)
    {
        var text = fault.Layer == Layer.Sip && summary.Setup is null ? $"Not connected: {fault.What}." : $"{Name(fault.Layer)} failed: {fault.What}.";
        return fault.Remedy.Length > 0 ? $"{text} What helps: {fault.Remedy}." : text;
    }

    private static string Unanswered(CallSummary summary) => (summary.Cause, summary.Status) switch
    {
        (CallEndCause.Local, 487) => "We hung up before the call was answered.",
        (CallEndCause.Remote, 487) => "The caller hung up before we answered.",
        (CallEndCause.Local, _) => $"We did not take the call ({summary.Status} {summary.Reason}).",
        _ => $"The call was not answered ({summary.Status} {summary.Reason}).",
    };

    private static string Plain(bool weHaveIce, PlainMedia? plain, string? iceFlaw)
    {
        var why = weHaveIce ? iceFlaw ?? "the peer offered no ICE" : "our profile has ICE switched off";
        if (plain is null) return $"Plain RTP without ICE: {why}.";
        var by = plain.Local == CandidateType.Relayed ? "our TURN relay carries packets to" : "packets go to";
        var where = plain.Remote == plain.Signalled
            ? $"{plain.Signalled}, as the peer's description says"
            : $"{plain.Remote}, where the peer's come from, and not to {plain.Signalled} as its description says";
        return $"Plain RTP without ICE: {why}, so {by} {where}.{Sources(plain)}";
    }

    /// <summary>Who else sent, and what was not sent.</summary>
    private static string Sources(PlainMedia? plain) => plain is null ? "" : Contested(plain) + LeftOut(plain) + HeldBack(plain);

    private static string LeftOut(PlainMedia plain) => plain.Refused < Many ? ""
        : string.Create(CultureInfo.InvariantCulture, $" {plain.Refused} packets from other sources were left out.");

    private static string Contested(PlainMedia plain) => plain.Contests == 0 ? ""
        : $" Audio came from {plain.Rivals.First} and from {plain.Rivals.Second} at once, neither of which the peer had named, and while both sent neither was heard.";

    private static string HeldBack(PlainMedia plain) => plain.HeldBack < Many ? ""
        : string.Create(CultureInfo.InvariantCulture, $" {plain.HeldBack} of our packets were held back: a host that signalling does not come from gets a few until it is heard.");

    private static string Chosen(CandidatePair pair)
    {
        var way = $"{pair.Local.Address} to {pair.Remote.Address}";
        if (pair.Remote.IsRelayUntold) return $"Relayed, as it seems: {way}, at a host that has relays, though the peer named none that is the one.";
        return (pair.Local.Type, pair.Remote.Type) switch
        {
            (CandidateType.Relayed, CandidateType.Relayed) => $"Relayed on both sides: {way}, each a TURN server's.",
            (CandidateType.Relayed, _) => $"Relayed: our TURN server {pair.Local.Server} carries the media to and from the peer at {pair.Remote.Address}.",
            (_, CandidateType.Relayed) => $"Relayed: the peer's TURN server carries the media at {pair.Remote.Address}, where we send from {pair.Local.Address}.",
            (CandidateType.Host, CandidateType.Host) when pair.Local.Address.Ip.IsPrivate => $"Direct within one network: {way}.",
            (CandidateType.Host, CandidateType.Host) when pair.Local.Address.Ip.IsV6 => $"Direct by IPv6: {way}, with no NAT between.",
            (CandidateType.Host, CandidateType.Host) => $"Direct: {way}, with no NAT between.",
            (CandidateType.Host, _) => $"Direct through the peer's NAT: {way}.",
            (_, CandidateType.Host) => $"Direct through our NAT: {way}.",
            _ => $"Direct through both NATs, which let each other's packets in once both sides had sent: {way}.",
        };
    }

    private static string Moved(PathMove? move)
    {
        if (move is not { } last) return "";
        var when = string.Create(CultureInfo.InvariantCulture, $"{last.After.TotalSeconds:0} s into the call");
        return last.Number == 1 ? $" Media moved here {when}: {last.Why}." : $" Media moved {last.Number} times, here {when}: {last.Why}.";
    }

    private static string WhyNotBetter(CandidatePair pair, IceSnapshot ice)
    {
        if (pair.RelayLegs > 0) return $" No direct path worked: {WhyRelayed(ice)}";
        if (pair.Local.Address.Ip.IsV6 && ice.Local.Any(c => c.Type == CandidateType.ServerReflexive && c.Address.Ip.IsV4))
            return $" By IPv4 our NAT{(Diagnosis.MapsPerDestination(ice.Local) ? ", which is symmetric," : "")} would stand between.";
        var hidden = new List<string>();
        if (pair.Local.Type != CandidateType.Host && Private(ice.Local) is { } ours) hidden.Add($"{ours} (ours)");
        if (pair.Remote.Type != CandidateType.Host && Private(ice.Remote) is { } theirs) hidden.Add($"{theirs} (the peer's)");
        return hidden.Count == 0 ? "" : $" Not without NAT, since {string.Join(" and ", hidden)} {(hidden.Count == 1 ? "is a private address" : "are private addresses")}.";
    }

    private static string WhyRelayed(IceSnapshot ice)
    {
        const string Direct = "would make it direct.";
        if (Family(ice.Local) is { } own && Family(ice.Remote) is { } other && own != other)
            return $"we have {own} alone and the peer {other} alone, and only a relay has both. {own} at the peer's, or {other} at ours, {Direct}";
        if (Public(ice.Local) is { } ours && ours == Public(ice.Remote))
            return $"both sides are behind the NAT {ours}, which does not lead back inside, and their network keeps them apart. Switching client isolation off, or hairpinning on, {Direct}";
        if (Diagnosis.MapsPerDestination(ice.Local))
            return $"our NAT is symmetric (another port for every destination), and the peer's lets in only those it has sent to. A NAT of ours that keeps its ports, a forwarded UDP port, or IPv6 on both sides {Direct}";
        if (ice.Local.Any(c => c is { Type: CandidateType.Relayed, RelayedBy: not Transport.Udp }) && Public(ice.Local) is null)
            return $"no UDP gets out of our network, so that our relay is reached by {Streams(ice.Local)}. UDP let out to the internet {Direct}";
        if (ice.Remote.All(c => c.Type is CandidateType.Relayed or CandidateType.PeerReflexive || (c.Type == CandidateType.Host && c.Address.Ip.IsPrivate)))
            return $"the peer named no public address of its own, as where a firewall blocks UDP. UDP let out of the peer's network {Direct}";
        var filter = Public(ice.Local) is null ? "firewall" : "NAT";
        return $"the peer's NAT is likely symmetric (another port for every destination), and our {filter} lets in only what it has sent to. A NAT of the peer's that keeps its ports, a UDP port forwarded here, or IPv6 on both sides {Direct}";
    }

    private static string Streams(IReadOnlyList<Candidate> local) =>
        local.First(c => c is { Type: CandidateType.Relayed, RelayedBy: not Transport.Udp }).RelayedBy.ToString().ToUpperInvariant();

    /// <summary>The one family that a side's own addresses are of; null when there are both or none. Those made for a NAT64 are not its own.</summary>
    private static string? Family(IReadOnlyList<Candidate> side)
    {
        var own = side.Where(c => c.Type is CandidateType.Host or CandidateType.ServerReflexive && c.Address.IsValid && !c.Address.Ip.InSameNetwork(WellKnownNat64, 96)).ToList();
        return own.Count == 0 || own.Exists(c => c.Address.Ip.IsV4 != own[0].Address.Ip.IsV4) ? null : own[0].Address.Ip.IsV4 ? "IPv4" : "IPv6";
    }

    private static IpAddress? Private(IReadOnlyList<Candidate> side) =>
        side.FirstOrDefault(c => c.Type == CandidateType.Host && c.Address.Ip.IsPrivate) is { } host ? host.Address.Ip : null;

    private static IpAddress? Public(IReadOnlyList<Candidate> side) =>
        side.FirstOrDefault(c => c.Type == CandidateType.ServerReflexive) is { } reflexive ? reflexive.Address.Ip : null;

    private static string Besides(IEnumerable<Fault> faults, string opening)
    {
        var texts = faults.Select(f => f.Remedy.Length == 0 ? f.What : $"{f.What} ({f.Remedy})").Distinct().Take(3).ToList();
        return texts.Count == 0 ? "" : $" {(opening.Length == 0 ? "Besides: " : opening)}{string.Join("; ", texts)}.";
    }

    private static string Audio(CallSummary summary) => summary.Audio switch
    {
        AudioOutcome.TwoWay => $"Audio went both ways ({summary.Codec}).",
        AudioOutcome.SendOnly => "We sent audio and heard none.",
        AudioOutcome.ReceiveOnly => "We heard the peer and sent nothing.",
        _ => "No audio flowed.",
    } + Strange(summary);

    /// <summary>Beside audio that was heard, a few are what keeps a NAT open (RFC 6263 §4.6).</summary>
    private static string Strange(CallSummary summary)
    {
        var isHeard = summary.Audio is AudioOutcome.TwoWay or AudioOutcome.ReceiveOnly;
        var types = summary.Media?.StrangeTypes.Where(t => t.Packets >= (isHeard ? Many : 1)).Take(3).ToList() ?? [];
        return types.Count == 0 ? ""
            : string.Create(CultureInfo.InvariantCulture, $" {string.Join(", and ", types.Select(t => $"{t.Packets} packets with payload type {t.PayloadType}"))} came, which {(types.Count == 1 ? "was" : "were")} not agreed.");
    }

    private static string Name(Layer layer) => layer switch
    {
        Layer.Dns or Layer.Tls or Layer.Sip or Layer.Sdp or Layer.Stun or Layer.Turn or Layer.Ice => layer.ToString().ToUpperInvariant(),
        _ => layer.ToString(),
    };
}
