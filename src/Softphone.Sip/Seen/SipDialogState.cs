namespace Softphone.Sip;

/// <summary>Where the messages of one Call-ID have come to.</summary>
public enum SipDialogState
{
    /// <summary>Asked, and nothing came but perhaps 100.</summary>
    Trying,

    /// <summary>It rings at the callee.</summary>
    Ringing,

    /// <summary>401 or 407: credentials are wanted and may follow.</summary>
    Challenged,

    /// <summary>A call that was answered, a binding, a subscription that runs.</summary>
    Up,

    /// <summary>A request that makes nothing lasting was answered with 2xx.</summary>
    Answered,

    /// <summary>A call that was up and is over, a binding that was taken back, a subscription that ended.</summary>
    Ended,

    /// <summary>The caller gave up.</summary>
    Cancelled,

    /// <summary>3xx: ask somewhere else.</summary>
    Redirected,

    /// <summary>4xx to 6xx.</summary>
    Refused,

    /// <summary>Nobody answered within the time that a transaction waits (RFC 3261 §17.1.1.2, §17.1.2.2).</summary>
    NoAnswer,
}
