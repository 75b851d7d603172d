using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Who a transaction reports to (the TU of RFC 3261 §17).</summary>
internal interface ITransactionUser
{
    /// <summary>A client received a response that its user must see.</summary>
    void OnResponse(Instant now, Transaction transaction, SipResponse response);

    /// <summary>An INVITE server that accepted received an ACK under its own branch.</summary>
    void OnAck(Instant now, Transaction transaction, SipRequest ack);

    /// <summary>No answer, or for an INVITE server no ACK to its refusal.</summary>
    void OnTimeout(Instant now, Transaction transaction);

    /// <summary>The transport gave up.</summary>
    void OnTransportError(Instant now, Transaction transaction, FlowFailure failure);
}
