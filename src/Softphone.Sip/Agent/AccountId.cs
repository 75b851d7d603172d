namespace Softphone.Sip;

/// <summary>Names one account of one <see cref="SipAgent"/>; the first is 1.</summary>
public readonly record struct AccountId(int Value)
{
    public override string ToString() => $"account{Value}";
}
