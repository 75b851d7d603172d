namespace Softphone.Sip;

/// <summary>The four transaction machines (RFC 3261 §17).</summary>
public enum TransactionKind
{
    InviteClient,
    NonInviteClient,
    InviteServer,
    NonInviteServer,
}
