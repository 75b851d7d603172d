using Softphone.Core;

namespace Softphone.Phone;

/// <summary>What our settings say about media, as far as they explain a path.</summary>
/// <param name="HasIce">ICE is not switched off.</param>
/// <param name="RelaysOnly">Nothing but relays may be used.</param>
/// <param name="AsksByUdp">Some STUN or TURN server is asked by UDP.</param>
/// <param name="AsksRelay">A TURN server is configured: where it gave nothing, another one need not.</param>
internal readonly record struct NatFacts(bool HasIce, bool RelaysOnly, bool AsksByUdp, bool AsksRelay)
{
    public static NatFacts Of(NatSettings settings) => new(
        settings.Mode != NatMode.None,
        settings.Mode == NatMode.Relay,
        (settings.Mode != NatMode.Relay && settings.StunServers.Count > 0) || settings.TurnServers.Any(t => t.Transport == Transport.Udp),
        settings.TurnServers.Count > 0);
}
