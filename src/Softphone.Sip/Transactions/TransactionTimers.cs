namespace Softphone.Sip;

/// <summary>How long the timers of a transaction run (RFC 3261 table 4, RFC 6026 §8).</summary>
/// <param name="T1">The round-trip estimate.</param>
/// <param name="T2">The longest retransmission interval.</param>
/// <param name="T4">The longest time that a message stays in the network.</param>
public readonly record struct TransactionTimers(TimeSpan T1, TimeSpan T2, TimeSpan T4)
{
    /// <summary>500 ms, 4 s and 5 s.</summary>
    public static TransactionTimers Default { get; } =
        new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));

    /// <summary>After this silence of its user an INVITE server owes 100 Trying (§17.2.1).</summary>
    public static TimeSpan Silence { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>B, F, H, L and M.</summary>
    public TimeSpan Limit => T1 * 64;

    /// <summary>The next interval of A (unbounded), E or G (at most T2).</summary>
    public TimeSpan BackOff(TransactionKind kind, TimeSpan interval)
    {
        var doubled = interval * 2;
        return kind == TransactionKind.InviteClient || doubled < T2 ? doubled : T2;
    }

    /// <summary>How long a state that only absorbs lasts: D, I, J, K, L or M. Zero means that it is left at once.</summary>
    public TimeSpan Linger(TransactionKind kind, TransactionState state, bool reliable) => (kind, state) switch
    {
        (_, TransactionState.Accepted) => Limit,
        _ when reliable => TimeSpan.Zero,
        (TransactionKind.InviteClient, _) => Limit > TimeSpan.FromSeconds(32) ? Limit : TimeSpan.FromSeconds(32),
        (TransactionKind.NonInviteServer, _) => Limit,
        _ => T4,
    };
}
