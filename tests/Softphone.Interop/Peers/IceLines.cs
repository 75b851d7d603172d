using Softphone.Nat;
using Softphone.Sdp;

namespace Softphone.Interop;

/// <summary>One end's ICE description as lines of SDP (Peers/README.md).</summary>
internal static class IceLines
{
    public static void Write(LocalIce local, Action<string> say)
    {
        say($"a=ice-ufrag:{local.Ufrag}");
        say($"a=ice-pwd:{local.Pwd}");
        say("a=ice-options:ice2");
        foreach (var candidate in local.Candidates)
        {
            say("a=candidate:" + new SdpCandidate(candidate.Foundation, candidate.Component, "UDP", candidate.Priority, candidate.Address, candidate.Type switch
            {
                CandidateType.Host => SdpCandidateType.Host,
                CandidateType.ServerReflexive => SdpCandidateType.Srflx,
                CandidateType.PeerReflexive => SdpCandidateType.Prflx,
                _ => SdpCandidateType.Relay,
            })
            {
                Related = candidate.RelatedAddress.IsValid ? candidate.RelatedAddress : null,
            });
        }

        say("");
    }

    public static RemoteIce Read(IReadOnlyList<string> lines, int components)
    {
        string Value(string name) => lines.FirstOrDefault(l => l.StartsWith($"a={name}:", StringComparison.Ordinal))?[(name.Length + 3)..] ?? "";

        var candidates = new List<Candidate>();
        foreach (var line in lines.Where(l => l.StartsWith("a=candidate:", StringComparison.Ordinal)))
        {
            if (!SdpCandidate.TryParse(line[12..], out var candidate, out _) || !candidate.IsUdp || candidate.Component > components) continue;
            candidates.Add(Candidate.Remote(candidate.Type switch
            {
                SdpCandidateType.Host => CandidateType.Host,
                SdpCandidateType.Srflx => CandidateType.ServerReflexive,
                SdpCandidateType.Prflx => CandidateType.PeerReflexive,
                _ => CandidateType.Relayed,
            }, candidate.Component, candidate.Address, candidate.Priority, candidate.Foundation));
        }

        return new RemoteIce
        {
            Ufrag = Value("ice-ufrag"),
            Pwd = Value("ice-pwd"),
            Candidates = candidates,
            IsLite = lines.Contains("a=ice-lite"),
            HasIce2 = Value("ice-options").Split(' ').Contains("ice2"),
            Components = components,
        };
    }
}
