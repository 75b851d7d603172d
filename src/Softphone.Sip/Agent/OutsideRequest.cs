using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Turns the outcome of a request outside dialogs into its event.</summary>
internal sealed class OutsideRequest(AgentCore core, RequestId id) : IExchangeUser
{
    public void OnProvisional(Instant now, Exchange exchange, SipResponse response)
    {
    }

    public void OnFinal(Instant now, Exchange exchange, SipResponse response)
    {
        var fault = response.IsSuccess ? null : SipFaults.Status(exchange, response);
        core.Emit(new SipEvent.RequestCompleted(id, response.Status, response.Reason, now - exchange.StartedAt, response, fault));
    }

    public void OnFailure(Instant now, Exchange exchange, int status, Fault fault) =>
        core.Emit(new SipEvent.RequestCompleted(id, status, ReasonPhrase.Of(status), now - exchange.StartedAt, null, fault));
}
