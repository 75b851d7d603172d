using Softphone.Core;

namespace Softphone.Phone;

/// <summary>Calls that are over, the newest first.</summary>
public sealed partial class Desk
{
    /// <summary>Entries that are kept in memory; a shell may keep more.</summary>
    private const int MostHistory = 500;

    private IReadOnlyList<HistoryEntry> _history;
    private long _lastEntry;

    private static List<HistoryEntry> Newest(IEnumerable<HistoryEntry> entries) => [.. entries.OrderByDescending(e => e.At).Take(MostHistory)];

    private void Remember(DeskCall call, CallSummary summary)
    {
        var isMissed = call is { Direction: CallDirection.Incoming, AnsweredAt: null, IsRejected: false } && !summary.IsAnsweredElsewhere;
        var (at, records) = (_shell.WallClock(call.Began), call.Line.Account.Records);
        var hasRecord = records.Keep > 0;
        var entry = HistoryEntry.Of(summary, at, call.Direction, call.Peer, call.Name, call.Line.Account.Name, call.EndedAt - call.AnsweredAt) with
        {
            IsMissed = isMissed,
            Number = ++_lastEntry,
            Record = hasRecord ? RecordPlace.Memory : RecordPlace.None,
            Call = hasRecord ? call.Id : null,
            File = hasRecord && records.OnDisk ? HistoryEntry.FileOf(at, call.Line.Records.SipCallIdOf(call.Id)) : "",
        };
        List<HistoryEntry> entries = [entry, .. _history.Take(MostHistory - 1)];
        _history = entries.AsReadOnly();
        _shell.Keep(entry);
    }

    private void SeeMissed()
    {
        if (_history.Any(e => e.IsMissed)) _history = _history.Select(e => e.IsMissed ? e with { IsMissed = false } : e).ToList().AsReadOnly();
    }
}
