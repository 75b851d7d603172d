namespace Softphone.Sip;

/// <summary>The timers above the transactions, at most one of a kind for each owner.</summary>
internal enum SipTimer
{
    /// <summary>DNS has not answered.</summary>
    Resolve,

    /// <summary>DNS takes long, and an old answer is known (RFC 8767 §5).</summary>
    Stale,

    /// <summary>TCP, tried for a long request, says nothing (RFC 3261 §18.1.1).</summary>
    StreamTrial,

    /// <summary>A long request on a stream, or TLS, has had no answer for a while.</summary>
    Stuck,

    /// <summary>A long datagram has had no answer where long ones do not arrive.</summary>
    Cut,

    /// <summary>A test of long messages has had no answer.</summary>
    LongTest,

    /// <summary>A stream may take the place of UDP.</summary>
    Choose,

    /// <summary>One place has said nothing for a while, and there are others (RFC 3263 §4.3).</summary>
    NextTarget,

    /// <summary>A CANCEL brought no final response (RFC 3261 §9.1).</summary>
    CancelLimit,

    /// <summary>Another path is there by which to take an INVITE back.</summary>
    Farewell,

    /// <summary>Repeat a 2xx (§13.3.1.4).</summary>
    Answer,

    /// <summary>No ACK came for a 2xx.</summary>
    AckLimit,

    /// <summary>Repeat a provisional response that carries an answer (RFC 8839 §7.1).</summary>
    Progress,

    /// <summary>Repeat a provisional response that its PRACK has not acknowledged (RFC 3262 §3).</summary>
    Reliable,

    /// <summary>Tell proxies once a minute that it still rings (RFC 3261 §13.3.1.1).</summary>
    StillRinging,

    /// <summary>The caller's patience is over.</summary>
    RingLimit,

    /// <summary>The peer's own limit for an answer to its INVITE (§13.3.1).</summary>
    Invitation,

    /// <summary>Try an offer again after 491 (§14.1), or when a 500 said so (§14.2).</summary>
    Glare,

    /// <summary>Refresh the session (RFC 4028 §7.2).</summary>
    SessionRefresh,

    /// <summary>Nobody has refreshed the session (§10).</summary>
    SessionEnd,

    /// <summary>The server that our connection was to is asked once more.</summary>
    Flow,

    /// <summary>The peer was to tell of our REFER by now.</summary>
    ReferNews,

    /// <summary>A REFER of the peer's waits for a decision, or its subscription ends.</summary>
    Referral,

    /// <summary>Ask for news of the mailbox, first or again.</summary>
    Subscribe,

    /// <summary>Register again: a refresh or a retry.</summary>
    Register,

    /// <summary>Shutdown waits no longer.</summary>
    Shutdown,
}
