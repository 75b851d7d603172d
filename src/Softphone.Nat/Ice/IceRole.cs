namespace Softphone.Nat;

/// <summary>Who nominates (RFC 8445 §6.1.1): the offerer, or the full agent of a full and a lite one.</summary>
public enum IceRole
{
    Controlling,
    Controlled,
}
