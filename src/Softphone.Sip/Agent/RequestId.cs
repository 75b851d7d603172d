namespace Softphone.Sip;

/// <summary>Names one request outside a dialog, until its <see cref="SipEvent.RequestCompleted"/>.</summary>
public readonly record struct RequestId(int Value)
{
    public override string ToString() => $"request{Value}";
}
