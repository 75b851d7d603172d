namespace Softphone.Sip;

/// <summary>What can happen to a transaction. For a client the responses are received, for a server they are given by its user.</summary>
public enum TransactionInput
{
    /// <summary>The transaction is created.</summary>
    Start,

    /// <summary>A 1xx.</summary>
    Provisional,

    /// <summary>A 2xx.</summary>
    Success,

    /// <summary>A final response that is no success, 300 to 699.</summary>
    Failure,

    /// <summary>A server receives its request again.</summary>
    Request,

    /// <summary>An INVITE server receives an ACK.</summary>
    Ack,

    /// <summary>The user of an INVITE server has said nothing for 200 ms.</summary>
    Silence,

    /// <summary>Timer A, E or G.</summary>
    Retransmit,

    /// <summary>Timer B, F or H.</summary>
    Timeout,

    /// <summary>Timer D, I, J, K, L or M.</summary>
    Linger,

    /// <summary>The transport could not carry a message of it.</summary>
    TransportError,
}
