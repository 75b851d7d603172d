using Softphone.Captures;
using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>A capture as JSON events: what it is, then its dialogs, streams and ICE in the order of their time, then what is wrong, the worst first.</summary>
internal sealed class CaptureEvents(Capture capture, Action<OutputEvent> write)
{
    /// <summary>When it was seen, as the capture has it.</summary>
    public static DateTimeOffset At(Instant at) => DateTimeOffset.UnixEpoch + (at - Instant.Zero);

    public void Write(CaptureFormat format)
    {
        var facts = capture.Facts;
        var notes = CaptureNotes.Of(facts).ToList();
        write(new OutputEvent.CaptureFile
        {
            T = At(facts.Began),
            Format = format.ToString().ToLowerInvariant(),
            Frames = facts.Frames,
            Seconds = Round(facts.Duration.TotalSeconds),
            Dialogs = capture.Dialogs.Count,
            Streams = capture.Streams.Count,
            Problems = capture.Problems.Count,
            NotRead = notes.Count == 0 ? null : notes,
        });
        var events = capture.Dialogs.Select(OfDialog).Concat(capture.Streams.Select(OfStream)).Concat(capture.Dialogs.SelectMany(OfIce));
        foreach (var happened in events.OrderBy(e => e.T)) write(happened);
        WriteProblems(null);
    }

    public void WriteDialog(CapturedDialog dialog)
    {
        write(OfDialog(dialog));
        IEnumerable<OutputEvent> events = dialog.Messages.Select(m => new OutputEvent.CaptureMessage
        {
            T = At(m.At),
            Dialog = dialog.Number,
            From = m.From.ToString(),
            To = m.To.ToString(),
            Transport = m.Transport.ToString().ToLowerInvariant(),
            Repeated = m.IsRepeat,
            Text = m.Text,
        });
        foreach (var happened in events.Concat(dialog.Streams.Select(OfStream)).Concat(OfIce(dialog)).OrderBy(e => e.T)) write(happened);
        WriteProblems(dialog.Number);
    }

    public void WriteProblems(int? dialog)
    {
        foreach (var problem in capture.Problems.Where(p => dialog is null || p.Dialog == dialog))
            write(new OutputEvent.CaptureProblem
            {
                T = At(problem.At),
                Kind = Word(problem.Kind),
                Severity = Word(problem.Severity),
                Dialog = problem.Dialog,
                Text = problem.What,
                Remedy = problem.Remedy.Length == 0 ? null : problem.Remedy,
            });
    }

    private static OutputEvent OfDialog(CapturedDialog dialog) => new OutputEvent.CaptureDialog
    {
        T = At(dialog.Began),
        N = dialog.Number,
        // The word that scripts know of both.
        Kind = Word(dialog.Kind == SipDialogKind.Publication ? SipDialogKind.Subscription : dialog.Kind),
        Method = dialog.Method,
        From = dialog.From,
        To = dialog.To,
        CallId = dialog.CallId,
        State = Word(dialog.State),
        Status = dialog.Status == 0 ? null : dialog.Status,
        Messages = dialog.Messages.Count,
        Repeated = dialog.Repeats,
        Seconds = Round((dialog.Ended - dialog.Began).TotalSeconds),
        TalkedS = DialogWords.Talked(dialog) is { } talked ? Round(talked.TotalSeconds) : null,
        Legs = dialog.Legs.Count == 0 ? null : dialog.Legs,
    };

    private static OutputEvent OfStream(MediaStream stream) => new OutputEvent.CaptureStream
    {
        T = At(stream.Began),
        N = stream.Number,
        Dialog = stream.Call,
        Sender = stream.Sender is { } sender ? Word(sender) : null,
        From = stream.From.ToString(),
        To = stream.To.ToString(),
        Relayed = stream.IsRelayed,
        Ssrc = stream.Ssrc,
        Codec = stream.Codec,
        Packets = stream.Packets,
        Lost = stream.Lost,
        LossPct = Math.Round(stream.LossPercent, 2),
        JitterMs = Math.Round(stream.JitterMs, 1),
        Mos = stream.Mos is { } mos ? Math.Round(mos, 2) : null,
        Seconds = Round(stream.Duration.TotalSeconds),
        PacketMs = stream.PacketMs > 0 ? Math.Round(stream.PacketMs, 1) : null,
        RttMs = stream.RttMs is { } rtt ? Math.Round(rtt, 1) : null,
        ReportedLost = stream.ReportedLost,
        Digits = stream.Digits.Length == 0 ? null : stream.Digits,
    };

    /// <summary>In the words that a call of our own has for its ICE.</summary>
    private static IEnumerable<OutputEvent> OfIce(CapturedDialog dialog)
    {
        var call = dialog.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var reading in dialog.Ice)
        {
            var began = At(reading.Checks.Count > 0 ? reading.Began : dialog.Began);
            var ended = At(reading.Checks.Count > 0 ? reading.Checks[^1].LastSent : dialog.Began);
            foreach (var candidate in reading.Ice.Local) yield return EventTranslator.OfCandidate(began, call, candidate, isLocal: true);
            foreach (var candidate in reading.Ice.Remote) yield return EventTranslator.OfCandidate(began, call, candidate, isLocal: false);
            foreach (var pair in reading.Ice.Pairs) yield return EventTranslator.OfPair(ended, call, pair.Local, pair.Remote, pair.State, pair.Rtt, pair.IsNominated);
        }

        if (dialog.Explanation.Length > 0) yield return new OutputEvent.Explain { T = At(dialog.Ended), Call = call, Text = dialog.Explanation };
    }

    /// <summary>"NoAnswer" is "no-answer".</summary>
    internal static string Word<T>(T value)
        where T : struct, Enum => string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? "-" : "")}{char.ToLowerInvariant(c)}" : $"{c}"));

    private static double Round(double seconds) => Math.Round(seconds, 3);
}
