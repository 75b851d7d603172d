using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>
/// One paragraph that says which path a call took and why not a better one, or which layer failed and what to do. The same text goes
/// to the command line, the JSON output and the report.
/// </summary>
internal static class Explanation
{
    public static string Of(CallSummary summary, IceSnapshot? ice, IReadOnlyList<Fault> serverFaults)
    {
        if (summary.Fault is { } fault) return Failure(fault, ice, serverFaults);
        if (summary.Path.Length == 0) return summary.Status == 200 ? "The call was answered, but no path for media was found before it ended." : "No media was set up.";
        if (ice is null) return $"Plain RTP without ICE: the peer offered none, so packets go to the address it named and follow the one they come from. {Audio(summary)}";
        var pair = ice.Pairs.FirstOrDefault(p => p is { IsSelected: true, Component: 1 });
        if (pair is null) return $"Media used a {summary.Path} path. {Audio(summary)}";
        return $"{Chosen(pair)} {WhyNotBetter(pair, ice)}{Servers(serverFaults)} {Audio(summary)}".Replace("  ", " ", StringComparison.Ordinal);
    }

    private static string Failure(Fault fault, IceSnapshot? ice, IReadOnlyList<Fault> serverFaults)
    {
        var text = $"{fault.Layer} failed: {fault.What}.";
        if (fault.Remedy.Length > 0) text += $" What helps: {fault.Remedy}.";
        if (fault.Layer == Layer.Ice && ice is not null)
            text += $" {ice.Pairs.Count(p => p.State == PairState.Failed)} of {ice.Pairs.Count} pairs failed.";
        return text + Servers(serverFaults);
    }

    private static string Chosen(CandidatePair pair) => (pair.Local.Type, pair.Remote.Type) switch
    {
        (CandidateType.Host, CandidateType.Host) => $"Direct: both sides reach each other's own address ({pair.Local.Address} to {pair.Remote.Address}), no NAT between them.",
        _ when pair.RelayLegs == 2 => $"Relayed on both sides: {pair.Local.Address} to {pair.Remote.Address} through TURN.",
        (CandidateType.Relayed, _) => $"Relayed: our TURN server {pair.Local.Server} carries the media, the peer is reached at {pair.Remote.Address}.",
        (_, CandidateType.Relayed) => $"Relayed: the peer's TURN server carries the media ({pair.Remote.Address}), we reach it from {pair.Local.Address}.",
        _ => $"Direct through the NATs by hole punching: {pair.Local.Describe()} to {pair.Remote.Describe()}.",
    };

    private static string WhyNotBetter(CandidatePair pair, IceSnapshot ice)
    {
        if (pair.RelayLegs == 0)
        {
            var hosts = ice.Pairs.Where(p => p.Component == 1 && p.Local.Type == CandidateType.Host && p.Remote.Type == CandidateType.Host && !p.IsValid).ToList();
            return pair.Local.Type == CandidateType.Host && pair.Remote.Type == CandidateType.Host || hosts.Count == 0
                ? ""
                : $"The own address of the {(hosts[0].Remote.Address.Ip.IsPrivate ? "peer is private to its network" : "peer did not answer")}, so a host path could not work.";
        }

        var tried = ice.Pairs.Where(p => p.Component == 1 && p.RelayLegs == 0).ToList();
        var ours = MapsPerDestination(ice);
        var why = ours
            ? "Our NAT gives every destination another port, and the peer's NAT lets only known ports in"
            : "No direct pair answered: the peer's NAT maps per destination, or its filter never saw our packets";
        return $"{tried.Count(p => !p.IsValid)} direct pairs were tried and none worked. {why}. A NAT that keeps one mapping for a socket, a port forwarding, or IPv6 on both sides would make it direct.";
    }

    /// <summary>Two servers, or a server and the peer, saw one socket of ours at different ports.</summary>
    private static bool MapsPerDestination(IceSnapshot ice) => ice.Local
        .Where(c => c.Type is CandidateType.ServerReflexive or CandidateType.PeerReflexive)
        .GroupBy(c => (c.Component, c.Base))
        .Any(g => g.Select(c => c.Address).Distinct().Count() > 1);

    private static string Servers(IReadOnlyList<Fault> faults) =>
        faults.Count == 0 ? "" : " Meanwhile: " + string.Join("; ", faults.Select(f => f.ToString()).Distinct().Take(3)) + ".";

    private static string Audio(CallSummary summary) => summary.Audio switch
    {
        AudioOutcome.TwoWay => $"Audio went both ways ({summary.Codec}).",
        AudioOutcome.SendOnly => "We sent audio and heard none.",
        AudioOutcome.ReceiveOnly => "We heard the peer and sent nothing.",
        _ => "No audio flowed.",
    };
}
