using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// What server transactions keep, by octets: an unanswered request is kept whole, of an answered one only what matches repetitions of it and
/// the answer. When the share is used up the oldest answered ones go before their time: their client has had its answer, and one that
/// asks again is a new request.
/// </summary>
internal sealed class RetainedOctets(OctetLedger ledger)
{
    private const int OfOne = 512;
    private const int OfHeader = 64;

    /// <summary>Answered ones, the oldest first, with those that are gone since.</summary>
    private readonly Queue<Transaction> _answered = [];

    /// <summary>Headers by which a request is told from others (§17.2.3, §8.2.2.2), and from which an answer is made (§8.2.6).</summary>
    private static readonly string[] Matching = [HeaderName.Via, HeaderName.From, HeaderName.To, HeaderName.CallId, HeaderName.CSeq];

    /// <summary>Another request may be kept, after room was made for it where it was needed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="evict">Ends an answered transaction.</param>
    public bool HasRoom(SipRequest request, Action<Transaction> evict)
    {
        var cost = OfOne + Cost(request);
        MakeRoom(cost, evict);
        return ledger.HasRoom(OctetUse.Transactions, cost);
    }

    public void Keep(Transaction transaction) => Charge(transaction, OfOne + (2 * transaction.Key.Length) + Cost(transaction.Request));

    /// <summary>It was answered for good: from now on only the answer and what matches is kept, which may be more where the answer is long.</summary>
    public void Answered(Transaction transaction, Action<Transaction> evict)
    {
        transaction.Slim(Matching);
        Charge(transaction, OfOne + (2 * transaction.Key.Length) + Cost(transaction.Request) + (transaction.Last is { } last ? Cost(last) : 0) + transaction.LastOctets.Length);
        while (_answered.TryPeek(out var gone) && gone.IsTerminated) _answered.Dequeue();
        _answered.Enqueue(transaction);
        MakeRoom(0, evict);
    }

    public void Drop(Transaction transaction) => Charge(transaction, 0);

    private void MakeRoom(long octets, Action<Transaction> evict)
    {
        while (!ledger.HasRoom(OctetUse.Transactions, octets) && _answered.TryDequeue(out var oldest))
            if (!oldest.IsTerminated) evict(oldest);
    }

    private void Charge(Transaction transaction, long octets)
    {
        ledger.Take(OctetUse.Transactions, octets - transaction.Charged);
        transaction.Charged = octets;
    }

    /// <summary>A parsed header has its line, its value and what keys are made of it.</summary>
    private static long Cost(SipMessage message)
    {
        var cost = message.Body.Length + (2L * message.StartLine.Length);
        foreach (var header in message.Headers) cost += OfHeader + (4L * header.Value.Length);
        return cost;
    }
}
