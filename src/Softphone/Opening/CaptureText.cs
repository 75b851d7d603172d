using System.Globalization;
using Softphone.Captures;
using Softphone.Core;
using Softphone.Sip;
using static Softphone.Cli.PlainLine;

namespace Softphone.Cli;

/// <summary>A capture for a person. All that came from it passes through <see cref="PlainLine.Fill"/>.</summary>
internal sealed class CaptureText(TextWriter output, Capture capture)
{
    private const int MostDialogs = 1000;
    private const int MostSteps = 2000;

    public void Write(string file, CaptureFormat format)
    {
        output.WriteLine(Fill($"{file}: {Summary(capture, format)}"));
        foreach (var note in CaptureNotes.Of(capture.Facts)) output.WriteLine(note);
        output.WriteLine();
        foreach (var dialog in capture.Dialogs.Take(MostDialogs)) output.WriteLine(Line(dialog));
        if (capture.Dialogs.Count > MostDialogs) output.WriteLine($"and {capture.Dialogs.Count - MostDialogs} more");
        foreach (var dialog in capture.Dialogs.Where(d => d.Kind == SipDialogKind.Call).Take(MostDialogs))
        {
            if (dialog.Streams.Count == 0 && dialog.Explanation.Length == 0) continue;
            output.WriteLine();
            output.WriteLine(Fill($"{dialog.Number}  {dialog.From} to {dialog.To}"));
            WriteMedia(dialog);
        }

        var loose = capture.Streams.Where(s => s.Call is null).ToList();
        if (loose.Count > 0) output.WriteLine("RTP of no call in this capture:");
        foreach (var stream in loose.Take(MostDialogs)) output.WriteLine(StreamLine(stream));
        foreach (var reading in capture.LooseIce.Take(MostDialogs)) WriteIce(reading, withSteps: false);
        foreach (var relay in capture.Relays) output.WriteLine(RelayLine(relay));
        output.WriteLine();
        WriteProblems(null);
        if (capture.Problems.Count == 0) output.WriteLine("No problem was found.");
    }

    /// <summary>What it is, how long and how much, in a few words.</summary>
    public static string Summary(Capture capture, CaptureFormat format)
    {
        var facts = capture.Facts;
        return $"{format.ToString().ToLowerInvariant()}, {facts.Frames} frames in {Seconds(facts.Duration)} from {Date(facts.Began)} UTC; {Count(capture.Dialogs.Count, "dialog")}, {Count(capture.Streams.Count, "RTP stream")}";
    }

    public void WriteProblems(int? dialog)
    {
        foreach (var problem in capture.Problems.Where(p => dialog is null || p.Dialog == dialog))
            output.WriteLine(Fill($"{problem.Severity.ToString().ToLowerInvariant(),-8} {(problem.Dialog is { } n ? $"{n}: " : "")}{problem.What}{(problem.Remedy.Length > 0 ? $"; {problem.Remedy}" : "")}"));
    }

    public void WriteDialog(CapturedDialog dialog)
    {
        output.WriteLine(Line(dialog));
        output.WriteLine(Fill($"Call-ID {dialog.CallId}, from {Date(dialog.Began)} UTC"));
        output.WriteLine();
        foreach (var line in LadderText.Of(dialog)) output.WriteLine(line);
        WriteStory(dialog);
    }

    /// <summary>What its messages do not show by themselves.</summary>
    public void WriteStory(CapturedDialog dialog)
    {
        if (dialog.Kind == SipDialogKind.Call)
        {
            output.WriteLine();
            foreach (var (_, heading, changes) in DescriptionStory.Of(dialog.Call))
            {
                output.WriteLine(heading);
                foreach (var change in changes) output.WriteLine($"    {change}");
            }

            output.WriteLine();
            WriteMedia(dialog);
            foreach (var reading in dialog.Ice) WriteIce(reading, withSteps: true);
        }

        output.WriteLine();
        WriteProblems(dialog.Number);
    }

    private void WriteMedia(CapturedDialog dialog)
    {
        foreach (var stream in dialog.Streams) output.WriteLine(StreamLine(stream));
        if (dialog.Explanation.Length > 0) output.WriteLine($"    {dialog.Explanation}");
    }

    private void WriteIce(IceReading reading, bool withSteps)
    {
        output.WriteLine();
        var ice = reading.Ice;
        output.WriteLine(Fill($"ICE {ice.State.ToString().ToLowerInvariant()}, seen from {(reading.Ours is { } side ? Name(side) : reading.Fragments.Ours)}, {ice.Role.ToString().ToLowerInvariant()}; {Count(reading.Checks.Count, "check")}, {reading.Checks.Count(c => c.HasSucceeded)} answered"));
        foreach (var candidate in ice.Local) output.WriteLine(Fill($"    ours    {candidate.Describe()} component {candidate.Component}"));
        foreach (var candidate in ice.Remote) output.WriteLine(Fill($"    peer's  {candidate.Describe()} component {candidate.Component}"));
        foreach (var pair in ice.Pairs) output.WriteLine(Fill($"    pair {pair.Id} component {pair.Component} {pair.Explain()}"));
        if (!withSteps) return;
        foreach (var check in reading.Checks.Take(MostSteps)) output.WriteLine(Fill($"    {Seconds(check.At - capture.Facts.Began),10}  {CheckWords.Of(check)}"));
        if (reading.Checks.Count > MostSteps) output.WriteLine($"    and {reading.Checks.Count - MostSteps} more");
    }

    private string Line(CapturedDialog dialog)
    {
        var legs = dialog.Legs.Count == 0 ? "" : $"  leg of {string.Join(", ", dialog.Legs)}";
        var again = dialog.Repeats == 0 ? "" : $", {dialog.Repeats} again";
        return Fill($"{dialog.Number,4}  {PlainText.Clean(dialog.Method, 12),-9}  {PlainText.Clean(dialog.From, 40)} → {PlainText.Clean(dialog.To, 40)}  {DialogWords.Of(dialog)}  {Count(dialog.Messages.Count, "message")}{again}  at {Seconds(dialog.Began - capture.Facts.Began)}{legs}");
    }

    private string StreamLine(MediaStream stream)
    {
        var who = stream.Sender is { } sender ? $"{Name(sender)}: " : "";
        var quality = stream.Mos is { } mos ? string.Create(CultureInfo.InvariantCulture, $", MOS {mos:0.0}") : "";
        var keys = stream.Digits.Length == 0 ? "" : $", keys {stream.Digits}";
        var relayed = stream.IsRelayed ? " in TURN" : "";
        var reported = stream.ReportedLost is { } lost ? $", {lost} lost as its receiver says" : "";
        return Fill($"    {who}{stream.From} to {stream.To}{relayed}  {stream.Codec}, {stream.Packets} packets in {Seconds(stream.Duration)}, {stream.Lost} lost ({stream.LossPercent:0.0} %), jitter {stream.JitterMs:0.0} ms{quality}{reported}{keys}");
    }

    private static string RelayLine(TurnAllocation relay)
    {
        var given = relay.Relay.IsValid ? $"relay {relay.Relay}, seen as {relay.Mapped}" : "no relay";
        return Fill($"TURN {relay.Client} at {relay.Server} by {relay.Transport.ToString().ToUpperInvariant()}: {given}");
    }

    private static string Name(Party party) => party == Party.Caller ? "the caller" : "the callee";

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.000} s");

    private static string Date(Instant at) => CaptureEvents.At(at).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
