namespace Softphone.Sip;

/// <summary>A request of ours and the way that it really goes.</summary>
/// <param name="Request">The request.</param>
/// <param name="Flow">From where to where.</param>
/// <param name="Dialog">The dialog that it is of; null outside of any.</param>
/// <param name="HasRung">It was answered by 101 to 199, so that a server has let it pass to whom it is for.</param>
internal readonly record struct SentRequest(SipRequest Request, Flow Flow, Dialog? Dialog, bool HasRung)
{
    public bool IsRegister => Request.Method == SipMethod.Register;
}
