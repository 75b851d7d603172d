using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>What the phone's options mean for the transport of one call.</summary>
internal static class TransportSettings
{
    /// <summary>Two for each component to a caller's reflexive and relayed address, and a pair more: what opens our NAT, and no more.</summary>
    private const int SendsWhileRinging = 6;

    // A caller that trickles is answered with what came by then; waiting for a slow server would only make it ring later.
    private static readonly TimeSpan TricklingBudget = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan TricklingGrace = TimeSpan.FromMilliseconds(50);

    /// <param name="phone">Whose call.</param>
    /// <param name="trickles">The caller takes candidates one by one.</param>
    public static MediaTransportOptions Of(PhoneMachine phone, bool trickles)
    {
        var nat = phone.Options.Nat;
        return new MediaTransportOptions
        {
            Mode = nat.Mode switch
            {
                NatMode.Ice => IceMode.IceOnly,
                NatMode.Relay => IceMode.RelayOnly,
                NatMode.None => IceMode.None,
                _ => IceMode.Auto,
            },
            StunServers = phone.Servers.StunServers,
            TurnServers = phone.Servers.TurnServers,
            Mobility = nat.Mobility,
            SkipInterfaces = nat.SkipInterfaces,
            PreferredNow = () => phone.SipAddress,
            Memory = phone.TurnMemory,
            SendsBeforeTrust = SendsWhileRinging,
            HoldsBack = true,
            Unasked = phone.Paths.Unasked,
            Tcp = nat.Tcp,
            UseLoopback = phone.SipAddress.IsLoopback,
            GatherBudget = trickles && nat.GatherBudget > TricklingBudget ? TricklingBudget : nat.GatherBudget,
            GatherGrace = trickles ? TricklingGrace : TimeSpan.FromMilliseconds(300),
            GatherExtension = trickles ? TimeSpan.Zero : TimeSpan.FromMilliseconds(700),
            Ice = new IceOptions { TellsPairs = true, Pacing = nat.Pacing, Nomination = nat.NominateImmediately ? NominationPolicy.Immediate : NominationPolicy.Adaptive },
        };
    }
}
