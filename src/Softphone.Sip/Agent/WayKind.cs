namespace Softphone.Sip;

/// <summary>What was found out of the way to a server.</summary>
public enum WayKind
{
    /// <summary>The registration went over to a stream, which cuts no message.</summary>
    StreamChosen,

    /// <summary>The stream that was chosen does not last: UDP is used.</summary>
    StreamGivenUp,

    /// <summary>Datagrams that are longer than a packet do not arrive.</summary>
    DatagramsCut,

    /// <summary>Packets of full size do not arrive on a stream, and smaller ones are sent.</summary>
    SegmentsCut,
}
