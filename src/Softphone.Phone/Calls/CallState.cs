namespace Softphone.Phone;

/// <summary>Where a call stands, in the words of the command line's contract.</summary>
public enum CallState
{
    /// <summary>We call: candidates are gathered, the INVITE is on its way.</summary>
    Dialing,

    /// <summary>The callee's phone, or ours, rings.</summary>
    Ringing,

    /// <summary>Media before the answer.</summary>
    Early,

    Connected,

    /// <summary>One side, or both, put the call on hold.</summary>
    Held,

    Ended,
}

/// <summary>Who called.</summary>
public enum CallDirection
{
    Outgoing,
    Incoming,
}

/// <summary>Who ended the call.</summary>
public enum CallEndCause
{
    Local,
    Remote,
    Error,
}

/// <summary>Which way audio really went, seen from this side.</summary>
public enum AudioOutcome
{
    None,
    SendOnly,
    ReceiveOnly,
    TwoWay,
}
