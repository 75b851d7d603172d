using System.Globalization;
using System.Text;
using Softphone.Nat;

namespace Softphone.Tui;

/// <summary>One candidate as the inspector lists it: the same for RTP and RTCP in one line, under a short name such as "S1" or "s1".</summary>
/// <param name="Label">A letter for its type and a number; small for the peer's.</param>
/// <param name="First">The candidate of the first component.</param>
internal sealed record CandidateLine(string Label, Candidate First)
{
    private readonly List<Candidate> _all = [First];

    /// <summary>One for each component.</summary>
    public IReadOnlyList<Candidate> All => _all;

    public string Type => First.Transport == Transport.Udp ? Candidate.Name(First.Type) : "tcp";

    /// <summary>"192.0.2.1:5000/5001": the ports of RTP and RTCP.</summary>
    public string Address { get; private set; } = First.Address.ToString();

    /// <summary>Where it comes from: the server that told it, or when it was learned.</summary>
    public string From { get; init; } = "";

    /// <summary>Another candidate of the same socket that has another address: a NAT that maps per destination.</summary>
    public string Unlike { get; private set; } = "";

    /// <summary>The lines for candidates of one side, best first.</summary>
    /// <param name="candidates">In any order.</param>
    /// <param name="isLocal">Ours.</param>
    /// <param name="from">Where a candidate comes from.</param>
    public static List<CandidateLine> Of(IEnumerable<Candidate> candidates, bool isLocal, Func<Candidate, string> from)
    {
        var lines = new List<CandidateLine>();
        var counts = new int[4];
        foreach (var candidate in candidates.OrderBy(c => c.Component).ThenByDescending(c => c.Priority))
        {
            if (lines.Find(l => l.Takes(candidate)) is { } line)
            {
                line.Add(candidate);
                continue;
            }

            var letter = "HSPR"[(int)candidate.Type];
            var label = $"{(isLocal ? letter : char.ToLowerInvariant(letter))}{++counts[(int)candidate.Type]}";
            lines.Add(new CandidateLine(label, candidate)
            {
                From = from(candidate),
            });
        }

        foreach (var line in lines) line.Unlike = lines.Find(l => IsOtherMapping(l.First, line.First, isLocal))?.Label ?? "";
        return lines;
    }

    /// <summary>The name of a candidate in these lines; "?" when it is none of them.</summary>
    public static string LabelOf(IReadOnlyList<CandidateLine> lines, Candidate candidate)
    {
        for (var pass = 0; pass < 2; pass++)
            foreach (var line in lines)
                foreach (var own in line._all)
                    if (own.Component == candidate.Component && own.Address == candidate.Address && own.Transport == candidate.Transport && (pass == 1 || own.Type == candidate.Type))
                        return line.Label;
        return "?";
    }

    private bool Takes(Candidate other) =>
        other.Component != First.Component && !_all.Exists(c => c.Component == other.Component)
        && other.Type == First.Type && other.Address.Ip == First.Address.Ip && (other.Foundation == First.Foundation || other.Type == CandidateType.PeerReflexive) && other.Server == First.Server
        && other.Transport == First.Transport && other.TcpType == First.TcpType && other.Base.Ip == First.Base.Ip;

    private void Add(Candidate candidate)
    {
        _all.Add(candidate);
        var text = new StringBuilder(First.Address.ToString());
        for (var i = 1; i < _all.Count; i++) text.Append(CultureInfo.InvariantCulture, $"/{_all[i].Address.Port}");
        Address = text.ToString();
    }

    /// <summary>Ours: one socket seen at two addresses, and not by one server before and after its NAT forgot it. The peer's: the address told and the one that its checks came from differ in the port alone.</summary>
    private static bool IsOtherMapping(Candidate one, Candidate other, bool isLocal)
    {
        if (one.Component != other.Component || one.Address == other.Address || !IsMapped(one) || !IsMapped(other)) return false;
        return isLocal ? one.Path == other.Path && one.Path.Value > 0 && one.Server != other.Server : one.Address.Ip == other.Address.Ip && one.Type == CandidateType.ServerReflexive && other.Type == CandidateType.PeerReflexive;
    }

    private static bool IsMapped(Candidate candidate) => candidate.Type is CandidateType.ServerReflexive or CandidateType.PeerReflexive;
}
