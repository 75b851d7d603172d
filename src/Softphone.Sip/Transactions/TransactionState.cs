namespace Softphone.Sip;

/// <summary>The states of the four machines, under their names in RFC 3261 §17 and RFC 6026 §7.</summary>
public enum TransactionState
{
    /// <summary>INVITE client: sent, nothing heard.</summary>
    Calling,

    /// <summary>Non-INVITE: sent and nothing heard, or received and nothing answered.</summary>
    Trying,
    Proceeding,

    /// <summary>INVITE only: a 2xx passed; it stays to catch retransmissions (RFC 6026).</summary>
    Accepted,
    Completed,

    /// <summary>INVITE server: the ACK to a refusal came.</summary>
    Confirmed,
    Terminated,
}
