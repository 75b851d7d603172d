using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>
/// What RFC 8445's algorithm must come to over RFC 4787's behaviours: for each case the types of the nominated pair, local then
/// remote, as the controlling end names them (H host, S server-reflexive, P peer-reflexive, R relay), or <see cref="Fail"/>.
/// </summary>
/// <remarks>
/// Mapping that does not depend on the destination makes reflexive candidates true for everybody, so two such NATs always meet: each
/// side's first check opens its own filter. A symmetric NAT comes from a port that nobody could know: filters by address still let it
/// in, and it is learnt as peer-reflexive; filters by port (and the firewall, which is such a filter without translation) do not. One
/// relay leg is enough even for two symmetric NATs, since a TURN permission is for an address, not a port (RFC 8656 §9). Where no UDP
/// passes, the end's own relay, over TCP, is its only path out.
/// </remarks>
public static class MatrixTable
{
    public const string Fail = "FAIL";

    // Rows control. Columns: none, firewall, full-cone, restricted-cone, port-restricted, symmetric, udp-blocked.
    private static readonly string[] Apart =
    [
        "HH HH HS HS HS HP HR",
        "HH HH HS HS HS HR HR",
        "SH SH SS SS SS SP SR",
        "SH SH SS SS SS SP SR",
        "SH SH SS SS SS SR SR",
        "PH PR PS PS PR PR PR",
        "RH RH RS RS RS RP RR",
    ];

    // The same rows. Columns: same LAN, isolated, hairpin, hairpin with the internal source.
    private static readonly string[] Together =
    [
        "HH HR HR HR",
        "HH HR HR HR",
        "HH SR SS SR",
        "HH SR SS SR",
        "HH SR SS SR",
        "HH PR PR PR",
        "HH RR RR RR",
    ];

    /// <summary>"SS" and the like, or <see cref="Fail"/>.</summary>
    public static string Expected(MatrixCase wanted)
    {
        var row = IndexOf(wanted.A);
        var cells = (wanted.IsSameNat ? Together : Apart)[row].Split(' ');
        var cell = wanted.IsSameNat ? cells[wanted.Place - MatrixPlace.SameLan] : cells[IndexOf(wanted.B)];
        return !wanted.Turn && RelayLegs(cell) > 0 ? Fail : cell;
    }

    /// <summary>
    /// Whether this is an end of the case that the policy may come to on lines that lose nothing. Adaptive: the table's, to the letter.
    /// Immediate: the table's path class, since of two pairs with one relay leg the first to answer wins; and where an answerer behind a
    /// symmetric NAT needs its second packet to come through a filter by address, a relay, since it answers before that. An offerer
    /// without UDP has only its relay to check from, and the answerer's relay may answer it a Ta before the answerer itself.
    /// </summary>
    public static bool Allows(MatrixCase wanted, NominationPolicy policy, string pair)
    {
        var expected = Expected(wanted);
        if (policy == NominationPolicy.Adaptive || expected == Fail) return pair == expected;
        return wanted switch
        {
            { A: "restricted-cone", B: "symmetric" } => ClassOf(pair) == ClassOf(expected) || (wanted.Turn && ClassOf(pair) == 1),
            { A: "udp-blocked", IsSameNat: false } => ClassOf(pair) is 1 or 2,
            _ => ClassOf(pair) == ClassOf(expected),
        };
    }

    /// <summary>The worse of the two ends: host, srflx, prflx, relay, or fail.</summary>
    public static string PathOf(string pair) => pair switch
    {
        Fail => "fail",
        _ when pair.Contains('R', StringComparison.Ordinal) => "relay",
        _ when pair.Contains('P', StringComparison.Ordinal) => "prflx",
        _ when pair.Contains('S', StringComparison.Ordinal) => "srflx",
        _ => "host",
    };

    /// <summary>The path class: 0 direct, 1 and 2 through so many relays, 3 none at all. More is worse.</summary>
    public static int ClassOf(string pair) => pair == Fail ? 3 : RelayLegs(pair);

    private static int RelayLegs(string pair) => pair.Count(c => c == 'R');

    private static int IndexOf(string type)
    {
        for (var i = 0; i < NatBehavior.Names.Count; i++)
            if (NatBehavior.Names[i] == type) return i;
        throw new ArgumentException($"no NAT type \"{type}\"", nameof(type));
    }
}
