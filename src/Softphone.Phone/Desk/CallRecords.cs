using System.Globalization;
using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// The records of the calls of one phone, taken from its trace as it is written, on the thread that drives the phone. What concerns no call,
/// such as registrations, is left out.
/// </summary>
public sealed class CallRecords
{
    /// <summary>Calls that are kept; the oldest goes first.</summary>
    private const int MostCalls = 32;

    /// <summary>Messages that wait for their call: an INVITE is there before the call is.</summary>
    private const int MostWaiting = 64;

    private readonly string _phone;
    private readonly Dictionary<CallId, CallRecord> _records = [];
    private readonly List<CallId> _order = [];
    private readonly Queue<SipTrace> _waiting = [];

    public CallRecords(PhoneMachine phone)
        : this(phone.Trace, phone.Options.Name)
    {
    }

    /// <param name="trace">The phone's trace.</param>
    /// <param name="phone">Its name there (<see cref="PhoneOptions.Name"/>).</param>
    public CallRecords(Trace trace, string phone)
    {
        _phone = phone;
        trace.Emitted += Take;
    }

    /// <summary>What is known of a call, oldest first: immutable, and the same object until something is added. Empty for an unknown one.</summary>
    public IReadOnlyList<TraceEntry> Of(CallId call) => _records.TryGetValue(call, out var record) ? record.Entries : [];

    /// <summary>Entries of a call that went because a bound was reached.</summary>
    public long ForgottenOf(CallId call) => _records.TryGetValue(call, out var record) ? record.Forgotten : 0;

    /// <summary>The Call-ID of its messages; empty when there are none.</summary>
    public string SipCallIdOf(CallId call) => _records.TryGetValue(call, out var record) ? record.SipCallId : "";

    /// <summary>Messages of this Call-ID, those too that have come already, are of a call that the phone itself did not take as one.</summary>
    public void Begin(Instant now, CallId call, string sipCallId)
    {
        var record = RecordOf(call);
        record.Add(new CallTrace.Signalled(now, _phone, "", sipCallId));
        TakeWaiting(record);
    }

    /// <summary>Nobody will ask for this call again.</summary>
    public void Forget(CallId call)
    {
        _records.Remove(call);
        _order.Remove(call);
    }

    private void Take(TraceEntry entry)
    {
        if (entry is SipTrace sip)
        {
            TakeSip(sip);
            return;
        }

        if (!TryCall(entry.Source, out var call)) return;
        var record = RecordOf(call);
        record.Add(entry);
        if (entry is CallTrace.Signalled) TakeWaiting(record);
    }

    private void TakeSip(SipTrace entry)
    {
        if (entry.Source != _phone) return;
        foreach (var record in _records.Values)
        {
            if (!record.IsOwn(entry)) continue;
            record.Add(entry);
            return;
        }

        _waiting.Enqueue(entry);
        if (_waiting.Count > MostWaiting) _waiting.Dequeue();
    }

    private void TakeWaiting(CallRecord record)
    {
        for (var left = _waiting.Count; left > 0; left--)
        {
            var entry = _waiting.Dequeue();
            if (record.IsOwn(entry)) record.Add(entry);
            else _waiting.Enqueue(entry);
        }
    }

    private CallRecord RecordOf(CallId call)
    {
        if (_records.TryGetValue(call, out var record)) return record;
        if (_order.Count >= MostCalls) Forget(_order[0]);
        _order.Add(call);
        return _records[call] = new CallRecord();
    }

    private bool TryCall(ReadOnlySpan<char> source, out CallId call)
    {
        call = default;
        if (!source.StartsWith(_phone, StringComparison.Ordinal) || source.Length <= _phone.Length || source[_phone.Length] != '/') return false;
        var rest = source[(_phone.Length + 1)..];
        var end = rest.IndexOf('/');
        if (!int.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        call = new CallId(number);
        return true;
    }
}
