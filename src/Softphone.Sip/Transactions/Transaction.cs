using Softphone.Core;

namespace Softphone.Sip;

/// <summary>One client or server transaction: its place in the table and what it repeats. Only the layer changes it.</summary>
internal sealed class Transaction(long id, TransactionKind kind, string key, SipRequest request, Flow flow, ITransactionUser? user)
{
    public long Id { get; } = id;

    public TransactionKind Kind { get; } = kind;

    public string Key { get; } = key;

    /// <summary>The request that made it; a client's as it was sent.</summary>
    public SipRequest Request { get; } = request;

    /// <summary>Where its messages go; for a server, where responses go. It changes when its path gives way to another.</summary>
    public Flow Flow { get; set; } = flow;

    public ITransactionUser? User { get; set; } = user;

    public TransactionState State { get; set; } = TransactionTable.Initial(kind);

    /// <summary>The current interval of timer A, E or G.</summary>
    public TimeSpan Interval { get; set; }

    /// <summary>The message to repeat.</summary>
    public SipMessage? Last { get; set; }

    /// <summary>Its octets.</summary>
    public byte[] LastOctets { get; set; } = [];

    public bool IsClient => Kind is TransactionKind.InviteClient or TransactionKind.NonInviteClient;

    public bool IsTerminated => State == TransactionState.Terminated;
}
