using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Captures;

/// <summary>What the settings of one side must have been, as far as a capture shows it.</summary>
internal static class PathFacts
{
    public static NatFacts Of(IceReading reading, StunTable? stun)
    {
        var local = reading.Ice.Local;
        return new NatFacts(
            HasIce: true,
            RelaysOnly: local.Count > 0 && local.All(c => c.Type == CandidateType.Relayed),
            AsksByUdp: reading.Ice.HasUdpAnswer || reading.Ice.HasAskedV4 || local.Any(c => c.Type == CandidateType.ServerReflexive),
            AsksRelay: local.Any(c => c.Type == CandidateType.Relayed) || stun?.Allocations.Any(a => local.Any(c => c.Base.Ip == a.Client.Ip)) == true);
    }
}
