using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Tells, once for each server, that a message of ours came back with another address than it left with: a router with a SIP ALG is on the way, or
/// something that behaves like one. What servers do themselves is none: received and rport in Via, a Contact at the address that they saw.
/// </summary>
internal sealed class Rewrites(AgentCore core)
{
    private const int MostServers = 64;

    private readonly HashSet<Address> _told = [];

    public void Tell(in Flow flow, string header, string left, ushort? leftPort, string came, ushort? camePort)
    {
        if (_told.Count >= MostServers || !_told.Add(flow.Remote)) return;
        core.Emit(new SipEvent.Rewritten(flow.Remote, SipFaults.Rewritten(header, Shown(left, leftPort), Shown(came, camePort))));
    }

    /// <summary>Of the bindings that a registrar lists: ours is at our inner address, though we told the outer one, and the outer one is not there.</summary>
    public void Look(in Flow flow, SipUri told, IReadOnlyList<NameAddr> listed)
    {
        var local = core.Transport.LocalOf(flow);
        var inner = local.Ip.ToString();
        if (flow.Transport == Transport.Tls || Bindings.IsAt(told, inner, local.Port)) return;
        var ours = listed.Where(c => c.Expires != 0 && c.Uri.DisplayUser == told.DisplayUser).ToList();
        if (ours.Exists(c => Bindings.IsAt(c.Uri, told.Host, told.EffectivePort)) || !ours.Exists(c => Bindings.IsAt(c.Uri, inner, local.Port))) return;
        Tell(flow, "Contact", told.Host, told.Port, inner, local.Port);
    }

    private static string Shown(string host, ushort? port) => port is { } number ? string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':') ? $"[{host}]" : host)}:{number}") : host;
}
