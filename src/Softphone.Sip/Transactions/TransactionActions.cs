namespace Softphone.Sip;

/// <summary>What a transition asks for, carried out in this order.</summary>
[Flags]
public enum TransactionActions
{
    None = 0,

    /// <summary>Cancel timer A, E or G.</summary>
    StopRetransmit = 1 << 0,

    /// <summary>Cancel timer B, F or H.</summary>
    StopTimeout = 1 << 1,

    /// <summary>Send the new message, and keep it for Resend.</summary>
    Send = 1 << 2,

    /// <summary>Send the message kept again; an INVITE server that has none sends 100.</summary>
    Resend = 1 << 3,

    /// <summary>Send the ACK to a refusal (RFC 3261 §17.1.1.3).</summary>
    Acknowledge = 1 << 4,

    /// <summary>Send 100 Trying.</summary>
    SendTrying = 1 << 5,

    /// <summary>Set timer A, E or G to T1; never on a stream.</summary>
    ArmRetransmit = 1 << 6,

    /// <summary>Set it again to double the interval; E and G at most to T2.</summary>
    BackOff = 1 << 7,

    /// <summary>Set it again to T2.</summary>
    BackOffToT2 = 1 << 8,

    /// <summary>Set timer B, F or H to 64·T1.</summary>
    ArmTimeout = 1 << 9,

    /// <summary>Set the timer that ends the state: D, I, J, K (0 on streams), L or M (64·T1 always).</summary>
    ArmLinger = 1 << 10,

    /// <summary>Set the 200 ms after which 100 Trying is owed.</summary>
    ArmSilence = 1 << 11,

    /// <summary>Cancel them.</summary>
    StopSilence = 1 << 12,

    /// <summary>Hand the message to the transaction user.</summary>
    Deliver = 1 << 13,

    /// <summary>Tell the user that nobody answered: a 408 in all but name.</summary>
    ReportTimeout = 1 << 14,

    /// <summary>Tell the user that the transport failed: a 503 in all but name.</summary>
    ReportTransport = 1 << 15,
}
