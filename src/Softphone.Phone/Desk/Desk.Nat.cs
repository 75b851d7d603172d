using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>What the last call has shown of the NAT around us, and no more than it has shown (RFC 4787 §4.1).</summary>
public sealed partial class Desk
{
    private string _nat = "";

    private void LearnNat(Instant now, DeskCall call)
    {
        if (call.Phone.Snapshot(now, call.Id)?.Ice is { } ice && Describe(ice) is { Length: > 0 } text) _nat = text;
    }

    private static string Describe(IceSnapshot ice)
    {
        if (Diagnosis.MapsPerDestination(ice.Local)) return "NAT: symmetric";
        var v4 = ice.Local.Where(c => c.Address.Ip.IsV4).ToList();
        if (v4.Exists(c => c.Type == CandidateType.ServerReflexive)) return Diagnosis.MapsAlike(ice) ? "NAT: same outer port for all" : "NAT";
        if (v4.Exists(c => c.Type == CandidateType.Host && !c.Address.Ip.IsPrivate && !c.Address.Ip.IsLoopback)) return "no NAT";
        return v4.Exists(c => c is { Type: CandidateType.Relayed, RelayedBy: not Transport.Udp }) ? "no UDP" : "";
    }
}
