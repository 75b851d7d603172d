using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>The way that media takes, in words.</summary>
internal static class RouteWords
{
    public static string Of(Explanation told) => told.Route switch
    {
        MediaRoute.Pair { Remote.IsRelayUntold: true } e => $"Relayed, as it seems: {Way(e)}, at a host that has relays, though the peer named none that is the one.",
        MediaRoute.Pair e => Pair(e, told.Cause),
        MediaRoute.Plain { Media: null } => $"Plain RTP without ICE: {WhyPlain(told.Cause)}.",
        MediaRoute.Plain { Media: { } plain } => $"Plain RTP without ICE: {WhyPlain(told.Cause)}, so {Plain(plain)}.",
        _ when told.Cause is Cause.PathLost lost => told.IsLive
            ? $"The last path that media went by ({lost.Path}) is lost, and another is looked for."
            : $"The last path that media went by ({lost.Path}) was lost before the end, and no other was found.",
        _ => "",
    };

    private static string Pair(MediaRoute.Pair e, Cause cause) => (e.Local.Type, e.Remote.Type) switch
    {
        (CandidateType.Relayed, CandidateType.Relayed) => $"Relayed on both sides: {Way(e)}, each a TURN server's.",
        (CandidateType.Relayed, _) => $"Relayed: our TURN server {e.Local.Server} carries the media to and from the peer at {e.Remote.Address}.",
        (_, CandidateType.Relayed) => $"Relayed: the peer's TURN server carries the media at {e.Remote.Address}, where we send from {e.Local.Address}.",
        (CandidateType.Host, CandidateType.Host) when e.Local.Address.Ip.IsPrivate => $"Direct within one network: {Way(e)}.",
        (CandidateType.Host, CandidateType.Host) when e.Local.Address.Ip.IsV6 => $"Direct by IPv6: {Way(e)}, with no NAT between.",
        (CandidateType.Host, CandidateType.Host) => $"Direct: {Way(e)}, with no NAT between.",
        (CandidateType.Host, _) when cause is not Cause.PrivateAddresses { Peer: not null } && e.Remote.Type == CandidateType.PeerReflexive =>
            $"Direct: {Way(e)}, an address that the peer's checks came from and that it had not named.",
        (CandidateType.Host, _) => $"Direct through the peer's NAT: {Way(e)}.",
        (_, CandidateType.Host) => $"Direct through our NAT: {Way(e)}.",
        _ => $"Direct through both NATs: {Way(e)}.",
    };

    private static string Way(MediaRoute.Pair e) => $"{e.Local.Address} to {e.Remote.Address}";

    private static string Plain(PlainMedia plain)
    {
        var by = plain.Local == CandidateType.Relayed ? "our TURN relay carries packets to" : "packets go to";
        return plain.Remote == plain.Signalled
            ? $"{by} {plain.Signalled}, as the peer's description says"
            : $"{by} {plain.Remote}, where the peer's come from, and not to {plain.Signalled} as its description says";
    }

    private static string WhyPlain(Cause cause) => cause switch
    {
        Cause.NoIce { Who: Side.Ours } => "our profile has ICE switched off",
        Cause.IceUnusable e => e.Flaw,
        _ => "the peer offered no ICE",
    };
}
