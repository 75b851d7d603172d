using Softphone.Core;

namespace Softphone.Sip;

/// <summary>One socket or stack of ours. Its bound port is 0 for a stack that does not listen.</summary>
internal sealed record LocalPath(PathId Id, Transport Transport, Address Bound)
{
    /// <summary>The host that stands in Via and Contact.</summary>
    public string Host => Bound.Ip.ToString();

    /// <summary>The port that stands there; null when there is none to reach us at.</summary>
    public ushort? Port => Bound.Port == 0 ? null : Bound.Port;
}
