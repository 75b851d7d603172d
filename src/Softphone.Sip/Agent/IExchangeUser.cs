using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Who sent a request and wants to know what became of it.</summary>
internal interface IExchangeUser
{
    void OnProvisional(Instant now, Exchange exchange, SipResponse response);

    /// <summary>The request goes there now.</summary>
    void OnAsked(Instant now, Exchange exchange, in Flow flow)
    {
    }

    /// <summary>The final response; for an INVITE also each further 2xx.</summary>
    void OnFinal(Instant now, Exchange exchange, SipResponse response);

    /// <summary>A request that was answered by one server was taken by another as well, not an INVITE.</summary>
    /// <param name="now">The time.</param>
    /// <param name="exchange">The request.</param>
    /// <param name="sent">As it went there.</param>
    void OnStraySuccess(Instant now, Exchange exchange, SipRequest sent)
    {
    }

    /// <summary>No response will come. Status is 408 for silence, 503 for transport and DNS.</summary>
    void OnFailure(Instant now, Exchange exchange, int status, Fault fault);
}
