using Softphone.Core;

namespace Softphone.Servers;

/// <summary>The way to one neighbour of the SIP server: a UDP address behind whatever NAT there is, or one stream connection (RFC 5626 §2).</summary>
internal readonly record struct SipFlow(PathId Path, Transport Transport, Address Remote)
{
    public bool IsReliable => Transport != Transport.Udp;
}
