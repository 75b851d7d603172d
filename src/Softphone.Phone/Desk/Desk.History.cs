using Softphone.Core;

namespace Softphone.Phone;

/// <summary>Calls that are over, the newest first.</summary>
public sealed partial class Desk
{
    /// <summary>Entries that are kept in memory; a shell may keep more.</summary>
    private const int MostHistory = 500;

    private IReadOnlyList<HistoryEntry> _history;
    private readonly ForgottenCalls _forgotten = new();
    private long _lastEntry;

    private static List<HistoryEntry> Newest(IEnumerable<HistoryEntry> entries) => [.. entries.OrderByDescending(e => e.At).Take(MostHistory)];

    private void Remember(DeskCall call, CallSummary summary)
    {
        var isMissed = call is { Direction: CallDirection.Incoming, AnsweredAt: null, IsRejected: false, TurnedAway: TurnedAway.No or TurnedAway.DoNotDisturb } && !summary.IsAnsweredElsewhere;
        var (at, records) = (_shell.WallClock(call.Began), call.Line.Account.Records);
        var hasRecord = records.Keep > 0;
        var entry = HistoryEntry.Of(summary, at, call.Direction, call.Peer, call.Name, call.Line.Account.Name, call.EndedAt - call.AnsweredAt);
        if (call.TurnedAway is not (TurnedAway.No or TurnedAway.DoNotDisturb)) entry = entry with { Reason = $"sent to {call.TransferTo}" };
        entry = entry with
        {
            IsMissed = isMissed,
            Number = ++_lastEntry,
            TurnedAway = call.TurnedAway,
            Record = hasRecord ? RecordPlace.Memory : RecordPlace.None,
            Call = hasRecord ? call.Id : null,
            File = hasRecord && records.OnDisk ? HistoryEntry.FileOf(at, call.Line.Records.SipCallIdOf(call.Id)) : "",
        };
        List<HistoryEntry> entries = [entry, .. _history.Take(MostHistory - 1)];
        _history = entries.AsReadOnly();
        _shell.Keep(entry);
    }

    private void ForgetRow(Instant now, long number)
    {
        if (Row(number) is not { } row)
        {
            Problem(now, "that call is not in the history any more");
            return;
        }

        _history = _history.Where(e => e != row).ToList().AsReadOnly();
        _forgotten.Add(row);
        _shell.Forget(row);
    }

    private void RestoreRow(long number)
    {
        if (_forgotten.Take(number) is not { } row) return;
        // Its record may have gone for newer ones meanwhile, or never have been made.
        if (row is { Record: RecordPlace.Memory, Call: { } id } && Of(id) is null && _past.Find(id) is null) row = row with { Call = null, Record = RecordPlace.None, File = "" };
        _history = Newest([.. _history, row]).AsReadOnly();
        _shell.Restore(row);
    }

    private void SeeMissed()
    {
        if (_history.Any(e => e.IsMissed)) _history = _history.Select(e => e.IsMissed ? e with { IsMissed = false } : e).ToList().AsReadOnly();
    }
}
