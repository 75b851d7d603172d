namespace Softphone.Captures;

/// <summary>Everything that is looked for, in the order in which it is told among equals.</summary>
public enum ProblemKind
{
    /// <summary>A request that nobody answered.</summary>
    NoAnswer,

    /// <summary>Credentials were sent and refused.</summary>
    WrongCredentials,

    /// <summary>A final response that is no success.</summary>
    Refused,

    /// <summary>Offer and answer have no codec in common, or do not fit together.</summary>
    SdpMismatch,

    IceFailed,

    /// <summary>Answers on the path in use ceased (RFC 7675).</summary>
    ConsentLost,

    /// <summary>A TURN server refused or was silent.</summary>
    TurnRefused,

    /// <summary>Audio one way, and a private address in a description is where it goes, or what it does not come from.</summary>
    OneWayNat,

    /// <summary>Audio of a payload type that its receiver never named.</summary>
    OneWayCodec,

    /// <summary>Audio one way, since a side is on hold.</summary>
    OneWayHold,

    /// <summary>Audio one way, and the capture does not show why.</summary>
    OneWay,

    /// <summary>Both sides agreed on audio and none is in the capture, which shows other packets between the same addresses.</summary>
    NoMedia,

    /// <summary>An answer that was sent again and again, since no ACK came.</summary>
    AckMissing,

    /// <summary>Something on the way changed addresses in a message, and does not say so.</summary>
    Rewritten,

    /// <summary>A binding ran out in the capture and was not renewed.</summary>
    RegistrationExpired,

    /// <summary>Audio that began late.</summary>
    LateMedia,

    /// <summary>Packets lost on the way, or late.</summary>
    PoorQuality,

    /// <summary>A message that was sent more than once before it was answered.</summary>
    Retransmitted,

    /// <summary>What begins like SIP and cannot be read.</summary>
    Unreadable,

    /// <summary>A message that can be read, and has a mistake for which others may throw it away.</summary>
    Malformed,

    /// <summary>Timestamps that run too fast or too slow, or packets longer than was agreed.</summary>
    ClockOddity,
}
