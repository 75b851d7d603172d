using Softphone.Captures;
using Softphone.Sip;
using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>Makes of a capture what the full screen shows: its messages in the one table of dialogs that phones have too, and what else is known of each.</summary>
internal static class SightOfCapture
{
    /// <summary>As many as a capture keeps of them.</summary>
    private const int MostMessages = 200_000;
    private const long MostOctets = 512L << 20;

    public static CaptureSight Of(string file, Capture capture, CaptureFormat format)
    {
        var table = new SipDialogTable(MostMessages, MostOctets);
        foreach (var message in capture.Dialogs.SelectMany(d => d.Messages).OrderBy(m => m.Number))
            table.Add(SipSight.Of(message.At, message.Transport, message.From, message.To, message.Value) with { IsRepeat = message.IsRepeat });
        // The two tables number alike but where messages have no Call-ID.
        var numbers = capture.Dialogs.ToDictionary(d => d.Number, d => table.Find("", d.CallId)?.Number ?? 0);
        var dialogs = capture.Dialogs.Where(d => numbers[d.Number] > 0).ToDictionary(d => numbers[d.Number]);
        var problems = capture.Problems.Select(p => (p.At, Finding: new CaptureFinding(p.Dialog is { } n ? numbers[n] : null, (int)p.Severity, CaptureEvents.Word(p.Kind), p.What, p.Remedy))).ToList();
        var facts = capture.Facts;
        return new CaptureSight
        {
            Name = file == "-" ? "standard input" : Path.GetFileName(file),
            Summary = CaptureText.Summary(capture, format),
            Ended = facts.Ended,
            EndedAt = CaptureEvents.At(facts.Ended),
            Dialogs = table.View,
            Problems = [.. problems.Select(p => p.Finding)],
            Story = number => dialogs.TryGetValue(number, out var dialog) ? Story(capture, dialog) : [],
            MarksOf = number => dialogs.TryGetValue(number, out var dialog)
                ? [.. LadderMarks.Of(dialog).Select(m => new CaptureMark(m.At, m.Text, IsGood: true)).Concat(problems.Where(p => p.Finding.Dialog == number).Select(p => new CaptureMark(p.At, p.Finding.Kind, IsGood: false))).OrderBy(m => m.At)]
                : [],
        };
    }

    private static List<string> Story(Capture capture, CapturedDialog dialog)
    {
        using var text = new StringWriter();
        new CaptureText(text, capture).WriteStory(dialog);
        return [.. text.ToString().ReplaceLineEndings("\n").Trim('\n').Split('\n')];
    }
}
