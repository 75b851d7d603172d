using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>
/// What a phone must say hinders a call, from the networks and settings alone: it knows no agent and no packet. A phone can say no more
/// than it can see, so it also knows what shows itself to whom.
/// </summary>
public static class CauseOracle
{
    /// <summary>The cause that this phone must tell where a call went by a relay or found no path.</summary>
    /// <param name="world">The whole truth.</param>
    /// <param name="isAlice">Whose phone tells.</param>
    public static Cause.Network Expected(ExplainWorld world, bool isAlice)
    {
        var (ours, theirs) = (world.Of(isAlice), world.Of(!isAlice));
        if (ours is { RelayOnly: true, Turn: false }) return new Cause.Network(Hindrances.RelaySetting, Hindrances.None);
        var (here, there) = (OwnHardOnes(ours), PeersHardOnes(theirs, ours.Turn));
        var isHard = (here | there) != 0;

        // A mapping shows itself where a check reaches a relay of the other side: the source is another one than the STUN server saw.
        if (ours is { MapsPerDestination: true, RelayOnly: false } && theirs.Turn && ShowsItself(ours)) here |= Hindrances.PerDestination;
        if (theirs is { MapsPerDestination: true, RelayOnly: false } && ours.Turn && ShowsItself(theirs)) there |= Hindrances.PerDestination;
        var isDeduced = false;
        if (!isHard)
        {
            isDeduced = (here | there) == 0 && ours.IsPrivate != theirs.IsPrivate;
            if (isDeduced && ours.IsPrivate) here = Hindrances.PerDestination;
            else if (isDeduced) there = Hindrances.PerDestination;
            if (here == Hindrances.PerDestination && there == 0) there = Hindrances.Filter;
            else if (there == Hindrances.PerDestination && here == 0) here = Hindrances.Filter;
        }

        return new Cause.Network(here, there) { IsDeduced = isDeduced };
    }

    /// <summary>What a cause claims that is not so; null when all of it is true.</summary>
    public static string? Untruth(ExplainWorld world, bool isAlice, Cause.Network told)
    {
        var (ours, theirs) = (world.Of(isAlice), world.Of(!isAlice));
        return Untruth(ours, told.Ours, "our") ?? Untruth(theirs, told.Peer, "the peer's");

        static string? Untruth(SideSetup side, Hindrances told, string whose)
        {
            if (told.HasFlag(Hindrances.RelaySetting) && !side.RelayOnly) return $"no setting of {whose} side allows relays only";
            if (told.HasFlag(Hindrances.UdpBlocked) && !side.Nat.BlocksUdp) return $"{whose} UDP is not blocked";
            if (told.HasFlag(Hindrances.ServersSilent) && !side.Nat.BlocksUdp) return $"{whose} servers answer";
            if (told.HasFlag(Hindrances.NotAsked) && (side.Stun || side.Turn)) return $"{whose} side has servers";
            if (told.HasFlag(Hindrances.NoPublicAddress) && side.KnowsPublic) return $"{whose} side has a public address to tell";
            if (told.HasFlag(Hindrances.NothingArrived) && side.IsPrivate) return $"{whose} side has no public address";
            if (told.HasFlag(Hindrances.PerDestination) && !side.MapsPerDestination) return $"{whose} NAT does not map per destination";
            return told.HasFlag(Hindrances.Filter) && !side.Nat.Filters ? $"{whose} side filters nothing" : null;
        }
    }

    private static Hindrances OwnHardOnes(SideSetup side)
    {
        var found = side.RelayOnly ? Hindrances.RelaySetting : Hindrances.None;
        if (!side.Turn && !side.Stun) return side.IsPrivate ? found | Hindrances.NotAsked : found;
        return side.Nat.BlocksUdp ? found | (side.Turn ? Hindrances.UdpBlocked : Hindrances.ServersSilent) : found;
    }

    private static Hindrances PeersHardOnes(SideSetup side, bool isHeardByRelay) => side switch
    {
        { RelayOnly: true } => Hindrances.RelaySetting,
        { IsPrivate: false } when !isHeardByRelay => Hindrances.NothingArrived,
        { IsPrivate: false, Nat.BlocksUdp: true } => Hindrances.UdpBlocked,
        { KnowsPublic: true } => Hindrances.None,
        { Turn: true } => Hindrances.UdpBlocked,
        _ => Hindrances.NoPublicAddress,
    };

    /// <summary>Two ports of one server see a mapping that depends on ports too.</summary>
    private static bool ShowsItself(SideSetup side) => side.Nat is { Mapping: MappingRule.AddressAndPortDependent, BlocksUdp: false };
}
