using Softphone.Core;

namespace Softphone.Internet;

/// <summary>What a NAT does with one packet: where it goes, under which addresses, or why it is dropped.</summary>
/// <param name="Route">Onward to the other side, back to the inside, or nowhere.</param>
/// <param name="Source">Its source from here on.</param>
/// <param name="Destination">Its destination from here on.</param>
/// <param name="Reason">Why it was dropped; None when it was not.</param>
public readonly record struct NatVerdict(NatRoute Route, Address Source, Address Destination, DropReason Reason)
{
    public bool IsDropped => Route == NatRoute.Drop;

    internal static NatVerdict Forward(Address source, Address destination) => new(NatRoute.Forward, source, destination, DropReason.None);

    internal static NatVerdict Drop(DropReason reason) => new(NatRoute.Drop, default, default, reason);
}
