namespace Softphone.Sip;

/// <summary>Names a REFER of the peer's that is answered, and of which it is told; it may outlive the session it came in.</summary>
public readonly record struct ReferralId(int Value)
{
    public override string ToString() => $"referral{Value}";
}
