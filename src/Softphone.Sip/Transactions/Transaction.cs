using Softphone.Core;

namespace Softphone.Sip;

/// <summary>One client or server transaction: its place in the table and what it repeats. Only the layer changes it.</summary>
internal sealed class Transaction(long id, TransactionKind kind, string key, SipRequest request, Flow flow, ITransactionUser? user)
{
    public long Id { get; } = id;

    public TransactionKind Kind { get; } = kind;

    public string Key { get; } = key;

    /// <summary>The request that made it; a client's as it was sent, an answered server's cut down to what matches it.</summary>
    public SipRequest Request { get; private set; } = request;

    /// <summary>When its first message was due.</summary>
    public Instant BegunAt { get; init; }

    /// <summary>Octets that it counts for.</summary>
    public long Charged { get; set; }

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

    /// <summary>Keeps of the request only its start line and these headers.</summary>
    public void Slim(ReadOnlySpan<string> names)
    {
        var slim = new SipRequest(Request.Method, Request.RequestUri);
        foreach (var header in Request.Headers)
            if (names.Contains(header.Name)) slim.Headers.Add(header);
        Request = slim;
    }
}
