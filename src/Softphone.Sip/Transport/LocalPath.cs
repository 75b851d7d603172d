using Softphone.Core;

namespace Softphone.Sip;

/// <summary>One socket or stack of ours. Its bound port is 0 for a stack that does not listen.</summary>
internal sealed record LocalPath(PathId Id, Transport Transport, Address Bound)
{
    /// <summary>Whoever knows its address reaches it; else it is reached only by the connections that it opened.</summary>
    public bool Listens => Bound.Port != 0;

    /// <summary>The host that stands in Via and Contact.</summary>
    public string Host => Bound.Ip.ToString();
}
