using System.Globalization;
using System.Text;
using Softphone.Core;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Sip;
using Softphone.Tui;
using static Softphone.Cli.PlainLine;

namespace Softphone.Cli;

/// <summary>softphone calls: the history and the records that were kept, of calls or of registrations that failed, for a shell.</summary>
/// <param name="context">Where it writes.</param>
/// <param name="json">One JSON object a line.</param>
internal sealed class PastCallsVerb(VerbContext context, bool json)
{
    /// <summary>Times of a record are counted from here.</summary>
    private static readonly Instant Now = Instant.Zero;

    private readonly KeptFolders _folders = new(context.Environment);
    private readonly DateTimeOffset _clock = DateTimeOffset.Now;

    /// <summary>Registrations that failed, in place of calls.</summary>
    public bool Registrations { get; init; }

    public bool Sip { get; init; }

    public bool Ice { get; init; }

    public bool Report { get; init; }

    public string? Pcap { get; init; }

    private RecordStore Store => field ??= new RecordStore(_folders.Records);

    public ExitCode List()
    {
        var rows = Rows();
        if (rows.Count == 0) context.Error.WriteLine(Registrations ? $"softphone: no registration that failed in {_folders.Records}; records.on-disk: true in a profile keeps them" : $"softphone: no calls in {_folders.History}");
        for (var i = 0; i < rows.Count; i++)
        {
            if (json) Write(EventOf(i + 1, rows[i].Row, null));
            else context.Out.WriteLine(Line(i + 1, rows[i].Row));
        }

        return ExitCode.Ok;
    }

    public ExitCode Show(int number)
    {
        var rows = Rows();
        if (number < 1 || number > rows.Count) throw new UsageException($"there is no {(Registrations ? "registration" : "call")} {number}: there are {rows.Count}, and 1 is the newest");
        var (row, record) = rows[number - 1];
        var why = "no record of it was kept; records.on-disk: true in its profile keeps those of later calls";
        if (row.Record == RecordPlace.Disk) Store.TryLoad(row, _clock, Now, out record, out why);
        if (record is null && (Sip || Ice || Report || Pcap is not null || row.Record == RecordPlace.Disk)) throw new UsageException($"call {number}: {why}");

        if (json)
        {
            Write(EventOf(number, row, record));
            if (row.Explanation.Length > 0) Write(new OutputEvent.Explain { T = row.At, Text = row.Explanation });
        }
        else if (!Report)
        {
            context.Out.WriteLine(Line(number, row));
            if (record is { LeftOut: > 0 }) context.Out.WriteLine($"{record.LeftOut} steps are not in the record");
            if (row.Explanation.Length > 0) context.Out.WriteLine(row.Explanation);
        }

        if (record is null) return ExitCode.Ok;
        if (Sip) TellSip(record);
        if (Ice) TellIce(record);
        if (Report && !json) context.Out.Write(Registrations ? CallReport.Text($"Registration at {record.Peer}", record.Ending, record.Explanation, [.. record.Trace]) : RecordText.Report(record));
        if (Pcap is { } file) Capture(file, record);
        return ExitCode.Ok;
    }

    /// <summary>The newest first, with the record where it was read already.</summary>
    private List<(HistoryEntry Row, CallView? Record)> Rows()
    {
        try
        {
            if (Registrations) return [.. Store.Registrations(_clock, Now).Reverse().Select(r => (r.Row, (CallView?)r.Record))];
            return [.. Store.Place(new HistoryFile(_folders.History).Load()).OrderByDescending(e => e.At).Select(e => (e, (CallView?)null))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the history cannot be read: {e.Message}");
        }
    }

    private void TellSip(CallView record)
    {
        foreach (var message in record.Trace.OfType<SipTrace.Message>())
        {
            if (json)
            {
                Write(new OutputEvent.SipMessage
                {
                    T = At(message.At),
                    Sent = message.IsSent,
                    Transport = message.Transport.ToString().ToLowerInvariant(),
                    Local = message.Local.ToString(),
                    Remote = message.Remote.ToString(),
                    Repeated = message.IsRepeat,
                    Text = message.Text,
                });
                continue;
            }

            context.Out.Write(Fill($"\n{At(message.At):HH:mm:ss.fff} {message.Describe()}\n\n"));
            context.Out.Write(message.Text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n");
        }
    }

    private void TellIce(CallView record)
    {
        // The same reading of the trace as the inspector's.
        var story = IceStory.Of(record);
        if (!json && !story.IsEmpty)
        {
            context.Out.Write(Fill($"\nICE {story.State}, {story.Role}\n"));
            foreach (var (side, lines) in new[] { ("local ", story.Local), ("remote", story.Remote) })
                foreach (var candidate in lines.SelectMany(l => l.All)) context.Out.WriteLine(Fill($"{side} {candidate.Describe()} component {candidate.Component}"));
            foreach (var pair in story.Pairs) context.Out.WriteLine(Fill($"pair {pair.Pair.Id} component {pair.Pair.Component} {pair.Pair.Explain()}"));
            context.Out.WriteLine();
        }

        if (json)
        {
            foreach (var added in record.Trace.OfType<IceTrace.CandidateAdded>()) Write(EventTranslator.OfCandidate(At(added.At), null, added.Candidate, added.IsLocal));
            foreach (var pair in story.Pairs)
                Write(EventTranslator.OfPair(At(record.Ended ?? record.Began), null, pair.Pair.Local, pair.Pair.Remote, pair.Pair.State, pair.Pair.Rtt, pair.Pair.IsNominated));
        }

        foreach (var step in record.Trace.Where(e => e.Layer is Layer.Ice or Layer.Turn or Layer.Stun))
        {
            if (json) Write(new OutputEvent.IceStep { T = At(step.At), Text = step.Describe() });
            else context.Out.WriteLine(Fill($"{At(step.At):HH:mm:ss.fff} {step.Describe()}"));
        }
    }

    private void Capture(string name, CallView record)
    {
        try
        {
            using var file = new PcapFile(name);
            var messages = RecordText.WriteMessages(file, record.Trace, At);
            if (file.Failure is { } failure) throw new OutputException(failure);
            context.Error.WriteLine($"softphone: {name}: {messages} SIP messages, secrets masked");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"the capture {name} cannot be written: {e.Message}");
        }
    }

    private DateTimeOffset At(Instant at) => _clock + (at - Now);

    private void Write(OutputEvent happened) => context.Out.WriteLine(JsonEvents.Line(happened));

    private string Line(int number, HistoryEntry row)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{number,4}  {row.At.ToLocalTime():yyyy-MM-dd HH:mm:ss}  {(Registrations ? "at  " : row.Direction == CallDirection.Outgoing ? "to  " : "from")}  ");
        line.Append(PlainText.Clean(row.Name.Length > 0 ? $"{row.Name} <{row.Peer}>" : row.Peer)).Append("  ");
        line.Append(row.Talked is { } talked ? string.Create(CultureInfo.InvariantCulture, $"talked {(int)talked.TotalMinutes}:{talked.Seconds:00}") : PlainText.Clean($"{row.Status} {row.Reason}"));
        foreach (var fact in (string[])[row.Path, row.Codec, row.Mos is { } mos ? string.Create(CultureInfo.InvariantCulture, $"MOS {mos:0.0}") : "", row.Account, Registrations ? "" : row.Record == RecordPlace.Disk ? "record" : "no record"])
            if (fact.Length > 0) line.Append("  ").Append(PlainText.Clean(fact));
        return line.ToString();
    }

    private OutputEvent EventOf(int number, HistoryEntry row, CallView? record) => Registrations ? RegistrationOf(number, row) : new OutputEvent.CallRecord
    {
        T = row.At,
        N = number,
        Direction = row.Direction == CallDirection.Outgoing ? "out" : "in",
        Peer = row.Peer,
        Name = OrNull(row.Name),
        Account = row.Account,
        Status = row.Status,
        Reason = row.Reason,
        TalkedS = row.Talked?.TotalSeconds,
        Path = OrNull(row.Path),
        Codec = OrNull(row.Codec),
        Mos = row.Mos,
        Recorded = row.Record == RecordPlace.Disk,
        LeftOut = record is { LeftOut: > 0 } ? record.LeftOut : null,
    };

    private static OutputEvent.RegistrationRecord RegistrationOf(int number, HistoryEntry row) => new()
    {
        T = row.At,
        N = number,
        Server = row.Peer,
        Account = row.Account,
        Status = row.Status == 0 ? null : row.Status,
        Reason = row.Reason,
    };

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
