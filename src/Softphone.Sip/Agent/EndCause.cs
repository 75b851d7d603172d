namespace Softphone.Sip;

/// <summary>Who ended a session.</summary>
public enum EndCause
{
    /// <summary>We hung up, declined or cancelled.</summary>
    Local,

    /// <summary>The peer hung up, cancelled, or refused with a final response.</summary>
    Remote,

    /// <summary>Nobody meant to: a timeout, a transport or DNS failure, a protocol error. The event carries a fault.</summary>
    Error,
}
