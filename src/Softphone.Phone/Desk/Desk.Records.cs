using Softphone.Core;

namespace Softphone.Phone;

/// <summary>Records of calls that are over, and the rows of the history that they belong to.</summary>
public sealed partial class Desk
{
    /// <summary>Refused calls whose last messages may still come; the records of calls that go on must not give way to them.</summary>
    private const int MostRefused = 8;

    private readonly PastCalls _past = new();
    private readonly List<DeskCall> _refused = [];

    /// <summary>A call with its trace: one that goes on, one that is just over, or one whose record is in memory. Null for any other.</summary>
    public CallView? CallOf(Instant now, CallId id) => Of(id) is { } call ? WithTrace(call, call.Final ?? ViewOf(call, now)) : _past.Find(id);

    /// <summary>The record of a row of the history came back from its file.</summary>
    /// <param name="now">The time.</param>
    /// <param name="number">The row.</param>
    /// <param name="record">What was kept, with times as this process counts them.</param>
    public void Recalled(Instant now, long number, CallView record)
    {
        if (Row(number) is not { Record: RecordPlace.Disk } entry) return;
        // Its number was another process's: below zero none of ours is.
        var id = new CallId((int)-number);
        Store(record with { Id = id, State = CallState.Ended }, RecordSettings.Most);
        Change(entry, entry with { Call = id, Record = RecordPlace.Memory });
    }

    /// <summary>A record is on no disk: it was not found, or cannot be read, and why.</summary>
    public void Lost(Instant now, long number, string why)
    {
        if (Row(number) is not { } entry) return;
        Problem(now, $"there is no record of the call with {(entry.Name.Length > 0 ? entry.Name : entry.Peer)}: {why}");
        if (entry.Record == RecordPlace.Disk) Change(entry, entry with { Record = RecordPlace.None, File = "" });
    }

    private void Recall(Instant now, long number)
    {
        if (Row(number) is { Record: RecordPlace.Disk } entry) _shell.Recall(entry);
        else if (Row(number) is not { Record: RecordPlace.Memory }) Lost(now, number, "none was kept");
    }

    /// <summary>
    /// A call that was refused before it was one: its INVITE is its record at once, and the same with what came after it, our answer and its ACK,
    /// as soon as nothing more can come.
    /// </summary>
    private void KeepRefused(Instant now, DeskCall call, CallSummary summary)
    {
        call.EndedAt = now;
        call.Ending = $"{summary.Status} {summary.Reason}";
        call.Final = ViewOf(call, now) with { Why = summary.Why, Explanation = summary.Explanation };
        if (call.Line.Account.Records.Keep == 0)
        {
            call.Line.Records.Forget(call.Id);
            return;
        }

        while (_refused.Count >= MostRefused) Complete(_refused[0].Id);
        Store(WithTrace(call, call.Final), call.Line.Account.Records.Keep);
        _refused.Add(call);
        _timers.Set((DeskTimer.Complete, call.Id), now + Afterglow);
    }

    private void Complete(CallId id)
    {
        if (_refused.Find(c => c.Id == id) is not { } call) return;
        _refused.Remove(call);
        _timers.Cancel((DeskTimer.Complete, id));
        Retire(call);
        call.Line.Records.Forget(id);
    }

    /// <summary>The call is seen no more: from now on there is its record.</summary>
    private void Retire(DeskCall call)
    {
        if (call.Final is not { } final || call.Line.Account.Records is not { Keep: > 0 } settings) return;
        var entry = _history.FirstOrDefault(e => e.Call == call.Id);
        if (entry is null) return;
        var kept = Store(WithTrace(call, final), settings.Keep);
        if (entry.File.Length > 0) _shell.Keep(entry, kept, settings);
    }

    private void KeepFailed(DeskLine line, PhoneEvent.Registration happened)
    {
        if (line.Registrations.Happened(happened, line.Account.Name, _shell.WallClock, out var row) is not { } record) return;
        if (line.Account.Records is { OnDisk: true, Keep: > 0 }) _shell.KeepRegistration(row, record);
    }

    private CallView Store(CallView record, int keep)
    {
        var gone = new List<CallId>();
        var kept = _past.Add(record, keep, gone);
        foreach (var id in gone)
            if (_history.FirstOrDefault(e => e.Call == id) is { } row) Change(row, row with { Call = null, Record = row.File.Length > 0 ? RecordPlace.Disk : RecordPlace.None });
        return kept;
    }

    private static CallView WithTrace(DeskCall call, CallView view) =>
        view with { Trace = call.Line.Records.Of(call.Id), LeftOut = call.Line.Records.ForgottenOf(call.Id) };

    private HistoryEntry? Row(long number) => number <= 0 ? null : _history.FirstOrDefault(e => e.Number == number);

    private void Change(HistoryEntry was, HistoryEntry now) => _history = _history.Select(e => ReferenceEquals(e, was) ? now : e).ToList().AsReadOnly();
}
