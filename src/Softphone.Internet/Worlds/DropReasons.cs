namespace Softphone.Internet;

/// <summary>Reasons in words.</summary>
public static class DropReasons
{
    /// <summary>With the place, in a few words: "filtered at natB", "lost on the line of natA".</summary>
    public static string At(this DropReason reason, string where) => reason switch
    {
        DropReason.Loss => $"lost on the line of {where}",
        DropReason.NoRoute => $"without a route at {where}",
        DropReason.NoMapping => $"without a mapping at {where}",
        DropReason.Filtered => $"filtered at {where}",
        DropReason.UdpBlocked => $"UDP blocked at {where}",
        DropReason.NoHairpin => $"not hairpinned at {where}",
        DropReason.NatFull => $"without room for a mapping at {where}",
        DropReason.Isolated => $"kept apart on {where}",
        DropReason.PortClosed => $"to a closed port of {where}",
        DropReason.TooManyHops => $"after too many hops on {where}",
        DropReason.LinkDown => $"on the cut line of {where}",
        DropReason.Asleep => $"while {where} slept",
        DropReason.Queue => $"in the full queue of {where}",
        DropReason.TooBig => $"too long for {where}",
        DropReason.CutOff => $"on a connection of {where} that is cut off",
        DropReason.BlackHole => $"in the black hole of {where}",
        DropReason.Rejected => $"rejected by {where}",
        _ => $"at {where}",
    };

    /// <summary>Why, in a sentence without its end.</summary>
    public static string Explain(this DropReason reason) => reason switch
    {
        DropReason.Loss => "the line loses a share of what it carries",
        DropReason.NoRoute => "nobody there knows the way to this address",
        DropReason.NoMapping => "no inside socket holds this outside port, or not any more",
        DropReason.Filtered => "the inside socket has not sent to this source",
        DropReason.UdpBlocked => "the network carries no UDP",
        DropReason.NoHairpin => "it was sent to the NAT's own outside address, and the NAT does not send such packets back in",
        DropReason.NatFull => "the NAT has no room for another mapping",
        DropReason.Isolated => "the network keeps its hosts apart",
        DropReason.PortClosed => "no socket is open there",
        DropReason.TooManyHops => "it went in circles",
        DropReason.LinkDown => "the line is cut",
        DropReason.Asleep => "the host sleeps",
        DropReason.Queue => "more came than the line carries",
        DropReason.TooBig => "it is longer than what is carried in one piece",
        DropReason.CutOff => "what is on the way has forgotten the connection and tells nobody",
        DropReason.BlackHole => "nothing of this address family passes there, and nobody is told",
        DropReason.Rejected => "nothing of this address family passes there, and the sender is told",
        _ => "",
    };
}
