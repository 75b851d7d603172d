using Softphone.Core;

namespace Softphone.Nat;

/// <summary>One TCP connection of a stream's candidates, ours or made by the peer, and what it has sent of its next packet.</summary>
internal sealed class IceConnection(PathId path, Address remote)
{
    public PathId Path { get; } = path;

    public Address Remote { get; } = remote;

    public PacketFramer Framer { get; } = new();

    /// <summary>Nothing that came by it counts any more.</summary>
    public bool IsOver { get; set; }
}
