namespace Softphone.Sip;

/// <summary>Names one INVITE session of one <see cref="SipAgent"/>, never used twice.</summary>
public readonly record struct SessionId(int Value)
{
    public override string ToString() => $"session{Value}";
}
