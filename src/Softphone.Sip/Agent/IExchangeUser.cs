using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Who sent a request and wants to know what became of it.</summary>
internal interface IExchangeUser
{
    void OnProvisional(Instant now, Exchange exchange, SipResponse response);

    /// <summary>The final response; for an INVITE also each further 2xx.</summary>
    void OnFinal(Instant now, Exchange exchange, SipResponse response);

    /// <summary>No response will come. Status is 408 for silence, 503 for transport and DNS.</summary>
    void OnFailure(Instant now, Exchange exchange, int status, Fault fault);
}
