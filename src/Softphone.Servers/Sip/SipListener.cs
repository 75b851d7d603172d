using Softphone.Core;

namespace Softphone.Servers;

/// <summary>One socket of the SIP server: UDP, or a stream's listening one.</summary>
internal sealed record SipListener(PathId Path, Transport Transport, IpAddress Ip)
{
    public bool IsReliable => Transport != Transport.Udp;

    /// <summary>The way from here to a neighbour.</summary>
    public SipFlow To(Address remote) => new(Path, Transport, remote);
}
