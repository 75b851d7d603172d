using Softphone.Core;

namespace Softphone.Sip;

/// <summary>A way that messages take in both directions: a local endpoint and one remote (RFC 5626 §2).</summary>
internal readonly record struct Flow(PathId Path, Address Remote, Transport Transport)
{
    /// <summary>True for streams, on which nothing is retransmitted but a 2xx.</summary>
    public bool IsReliable => Transport != Transport.Udp;
}
