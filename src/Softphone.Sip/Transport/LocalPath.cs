using Softphone.Core;

namespace Softphone.Sip;

/// <summary>One socket or stack of ours. Its bound port is 0 for a stack that does not listen; its first connection to each server leaves from another then, where that is known.</summary>
internal sealed record LocalPath(PathId Id, Transport Transport, Address Bound, ushort ConnectsFrom = 0)
{
    /// <summary>Whoever knows its address reaches it; else it is reached only by the connections that it opened.</summary>
    public bool Listens => Bound.Port != 0;

    /// <summary>The host that stands in Via and Contact.</summary>
    public string Host => Bound.Ip.ToString();

    /// <summary>Where it listens, or where its connections leave from: what who receives a request sees, when nothing is between.</summary>
    public Address Local => new(Bound.Ip, Listens ? Bound.Port : ConnectsFrom);

    /// <summary>The port that stands there; null when none is known.</summary>
    public ushort? Port => Local.Port == 0 ? null : Local.Port;
}
