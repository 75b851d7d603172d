using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>What is known of the NAT around us, by what the last call gathered.</summary>
public sealed partial class Desk
{
    private string _nat = "";

    private void LearnNat(Instant now, DeskCall call)
    {
        if (call.Phone.Snapshot(now, call.Id)?.Ice is { } ice && Describe(ice.Local) is { Length: > 0 } text) _nat = text;
    }

    private static string Describe(IReadOnlyList<Candidate> local)
    {
        if (Diagnosis.MapsPerDestination(local)) return "NAT: symmetric";
        var seen = local.Where(c => c.Type == CandidateType.ServerReflexive && c.Address.Ip.IsV4).ToList();
        if (seen.Count > 0) return "NAT: keeps its ports";
        var hosts = local.Where(c => c.Type == CandidateType.Host && c.Address.Ip.IsV4).ToList();
        if (hosts.Exists(c => !c.Address.Ip.IsPrivate)) return "no NAT";
        return local.Any(c => c is { Type: CandidateType.Relayed, RelayedBy: not Transport.Udp }) ? "UDP blocked" : "";
    }
}
