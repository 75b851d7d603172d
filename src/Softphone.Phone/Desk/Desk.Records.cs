using Softphone.Core;

namespace Softphone.Phone;

/// <summary>Records of calls that are over, and the rows of the history that they belong to.</summary>
public sealed partial class Desk
{
    private readonly PastCalls _past = new();

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

    /// <summary>The call is seen no more: from now on there is its record.</summary>
    private void Retire(DeskCall call)
    {
        if (call.Final is not { } final || call.Line.Account.Records is not { Keep: > 0 } settings) return;
        var entry = _history.FirstOrDefault(e => e.Call == call.Id);
        if (entry is null) return;
        var kept = Store(WithTrace(call, final), settings.Keep);
        if (entry.File.Length > 0) _shell.Keep(entry, kept, settings);
    }

    private CallView Store(CallView record, int keep)
    {
        var gone = new List<CallId>();
        var kept = _past.Add(record, keep, gone);
        foreach (var id in gone)
            if (_history.FirstOrDefault(e => e.Call == id) is { } row) Change(row, row with { Call = null, Record = row.File.Length > 0 ? RecordPlace.Disk : RecordPlace.None });
        return kept;
    }

    /// <summary>The name of its file: when it began, and enough of what nobody else's call has.</summary>
    private static string FileOf(DeskCall call, DateTimeOffset at)
    {
        var id = call.Line.Records.SipCallIdOf(call.Id);
        var mix = 2_166_136_261u;
        foreach (var c in id) mix = unchecked((mix ^ c) * 16_777_619);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyyMMdd-HHmmss-fff}-{mix:x8}");
    }

    private static CallView WithTrace(DeskCall call, CallView view) =>
        view with { Trace = call.Line.Records.Of(call.Id), LeftOut = call.Line.Records.ForgottenOf(call.Id) };

    private HistoryEntry? Row(long number) => number <= 0 ? null : _history.FirstOrDefault(e => e.Number == number);

    private void Change(HistoryEntry was, HistoryEntry now) => _history = _history.Select(e => ReferenceEquals(e, was) ? now : e).ToList().AsReadOnly();
}
