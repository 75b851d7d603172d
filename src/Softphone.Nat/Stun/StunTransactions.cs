using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// The client transactions of one machine (RFC 8489 §6.2): it keeps each request, sends it again octet for octet until a response is
/// found or the schedule ends, and matches responses. Slots and their buffers are used again, so that in steady state nothing is
/// allocated. Network errors are not its business: an ICMP error is a hint and ends no transaction (RFC 8489 §6.2.1).
/// </summary>
public sealed class StunTransactions
{
    private readonly TransmitQueue _queue;
    private readonly int _bound;
    private readonly Dictionary<TransactionId, int> _slotOf = [];
    private readonly TimerTable<int> _timers = new();
    private readonly Stack<int> _free = [];
    private Slot[] _slots = [];

    /// <param name="queue">Where requests are put for sending.</param>
    /// <param name="bound">How many transactions may run at once.</param>
    public StunTransactions(TransmitQueue queue, int bound = 1024)
    {
        _queue = queue;
        _bound = bound;
    }

    /// <summary>How many await a response.</summary>
    public int Count => _slotOf.Count;

    /// <summary>The ids of those; a snapshot.</summary>
    public TransactionId[] Running => [.. _slotOf.Keys];

    /// <summary>When <see cref="TryExpire"/> has something to do.</summary>
    public Instant? NextTimeout => _timers.Next;

    /// <summary>Sends a request and starts its transaction.</summary>
    /// <param name="now">The time.</param>
    /// <param name="path">The path to send from.</param>
    /// <param name="remote">Where to.</param>
    /// <param name="message">The request; its id is read from it, its octets are copied.</param>
    /// <param name="schedule">When to send again and when to give up.</param>
    /// <param name="tag">Anything by which the owner knows the transaction again.</param>
    /// <param name="counter">
    /// Where <see cref="StunWriter.AddTransmitCounter"/> put the counter that each sending raises; 0 for none, and then every sending is
    /// the same octet for octet. Not for a message with integrity or fingerprint.
    /// </param>
    /// <returns>False, and nothing sent, when the table is full or the id is in use.</returns>
    public bool TryStart(
        Instant now, PathId path, Address remote, ReadOnlySpan<byte> message, in StunSchedule schedule, long tag = 0, int counter = 0)
    {
        var id = TransactionId.FromBytes(message[8..]);
        if (_slotOf.Count >= _bound || _slotOf.ContainsKey(id)) return false;
        if (!_free.TryPop(out var at))
        {
            at = _slotOf.Count;
            if (at == _slots.Length) Array.Resize(ref _slots, Math.Max(4, at * 2));
        }

        ref var slot = ref _slots[at];
        if (slot.Buffer is null || slot.Buffer.Length < message.Length) slot.Buffer = new byte[(message.Length + 63) & ~63];
        message.CopyTo(slot.Buffer);
        slot.Length = message.Length;
        slot.Schedule = schedule;
        slot.IsSilent = false;
        slot.Counter = counter;
        slot.SentAt[0] = now;
        slot.Transaction = new StunTransaction(id, path, remote, tag, now, now, 1);
        _slotOf[id] = at;
        _timers.Set(at, now + schedule.WaitAfter(1));
        _queue.Enqueue(path, remote, message);
        return true;
    }

    /// <summary>Finds the transaction of an id wherever the response came from; it keeps running.</summary>
    public bool TryFind(TransactionId id, out StunTransaction transaction)
    {
        var found = _slotOf.TryGetValue(id, out var at);
        transaction = found ? _slots[at].Transaction : default;
        return found;
    }

    /// <summary>Finds the transaction of a response by its id and the addresses it travelled between (RFC 8489 §6.3.3); it keeps running.</summary>
    public bool TryFind(TransactionId id, PathId path, Address remote, out StunTransaction transaction) =>
        TryFind(id, out transaction) && transaction.IsBetween(path, remote);

    /// <summary>
    /// The round-trip time of a response to a transaction that still runs: from the sending that its TRANSACTION_TRANSMIT_COUNTER names
    /// (RFC 7982 §3.2), or, without one, of a request that was sent once only.
    /// </summary>
    public TimeSpan? RoundTrip(Instant now, in StunReader response)
    {
        if (!_slotOf.TryGetValue(response.TransactionId, out var at)) return null;
        ref readonly var slot = ref _slots[at];
        if (slot.Counter > 0 && response.TryGet(StunAttributeType.TransactionTransmitCounter, out var value) && value.Length == 4
            && value[2] >= 1 && value[2] <= Math.Min(slot.Transaction.Sends, SendTimes.Length))
            return now - slot.SentAt[value[2] - 1];
        return slot.Transaction.RoundTrip(now);
    }

    /// <summary>Ends a transaction: answered, or of no interest any more. False when it had ended before.</summary>
    public bool End(TransactionId id)
    {
        if (!_slotOf.Remove(id, out var at)) return false;
        _timers.Cancel(at);
        _free.Push(at);
        return true;
    }

    /// <summary>Sends the request no more, and still takes its response until the schedule ends (RFC 8445 §7.3.1.4).</summary>
    public void StopSending(TransactionId id)
    {
        if (!_slotOf.TryGetValue(id, out var at)) return;
        ref var slot = ref _slots[at];
        if (slot.IsSilent) return;
        slot.IsSilent = true;
        var giveUp = _timers.DueOf(at) ?? slot.Transaction.LastSentAt;
        for (var sending = slot.Transaction.Sends + 1; sending <= slot.Schedule.Sends; sending++) giveUp += slot.Schedule.WaitAfter(sending);
        _timers.Set(at, giveUp);
    }

    /// <summary>
    /// Sends again what is due by now, and hands out one transaction that was given up; call it until it returns false.
    /// </summary>
    public bool TryExpire(Instant now, out StunTransaction failed)
    {
        while (_timers.TryExpire(now, out var at))
        {
            ref var slot = ref _slots[at];
            failed = slot.Transaction;
            if (slot.IsSilent || failed.Sends >= slot.Schedule.Sends)
            {
                End(failed.Id);
                return true;
            }

            slot.Transaction = failed with { Sends = failed.Sends + 1, LastSentAt = now };
            _timers.Set(at, now + slot.Schedule.WaitAfter(slot.Transaction.Sends));
            if (failed.Sends < SendTimes.Length) slot.SentAt[failed.Sends] = now;
            if (slot.Counter > 0) slot.Buffer[slot.Counter]++;
            _queue.Enqueue(failed.Path, failed.Remote, slot.Buffer.AsSpan(0, slot.Length));
        }

        failed = default;
        return false;
    }

    /// <summary>Ends all transactions, and lets go of their buffers.</summary>
    public void Clear()
    {
        _slots = [];
        _free.Clear();
        _slotOf.Clear();
        _timers.Clear();
    }

    private struct Slot
    {
        public byte[] Buffer;
        public int Length;
        public StunSchedule Schedule;
        public StunTransaction Transaction;
        public bool IsSilent;
        public int Counter;
        public SendTimes SentAt;
    }

    [System.Runtime.CompilerServices.InlineArray(Length)]
    private struct SendTimes
    {
        public const int Length = 8;
        private Instant _first;
    }
}
