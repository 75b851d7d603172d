using Softphone.Core;

namespace Softphone.Servers;

/// <summary>A channel number bound to a peer (RFC 8656 §12).</summary>
internal sealed class TurnChannel(ushort number, Address peer)
{
    public ushort Number { get; } = number;

    public Address Peer { get; } = peer;

    public Instant Expires { get; set; }
}
