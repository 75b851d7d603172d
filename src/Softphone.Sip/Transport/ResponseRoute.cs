using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Where a response goes (RFC 3261 §18.2.2, RFC 3581 §4), read from the top Via as we noted the source into it.
/// DEVIATION: maddr counts only as a multicast address, for which it was made: with any other a stranger could send our responses, and
/// their repetitions, to a host of its choice.
/// </summary>
internal static class ResponseRoute
{
    public static Flow Of(Via top, in Flow arrival)
    {
        if (arrival.IsReliable) return arrival;
        if (top.Maddr is { } maddr && IpAddress.TryParse(maddr, out var multicast) && multicast.IsMulticast)
            return arrival with { Remote = new Address(multicast, top.EffectivePort) };
        var host = top.Received is { } received && IpAddress.TryParse(received, out var ip) ? ip : arrival.Remote.Ip;
        return arrival with { Remote = new Address(host, top.Rport ?? top.EffectivePort) };
    }
}
