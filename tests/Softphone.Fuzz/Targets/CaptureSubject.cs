using Softphone.Captures;
using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Fuzz;

/// <summary>A damaged capture, read to its end, explained, and told as text: every word that the program would say of it is made.</summary>
internal sealed class CaptureSubject : IFuzzSubject
{
    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        using var stream = new MemoryStream(input.ToArray());
        if (!CaptureReader.TryOpen(stream, out var reader, out _)) return;
        var analysis = new CaptureAnalysis(reader.Keys);
        while (reader.TryRead(out var frame)) analysis.Take(frame);
        var capture = analysis.Finish();
        foreach (var note in CaptureNotes.Of(capture.Facts)) _ = note.Length;
        foreach (var problem in capture.Problems) _ = problem.ToString();
        foreach (var dialog in capture.Dialogs)
        {
            _ = LadderText.Of(dialog).Count + DialogWords.Of(dialog).Length + dialog.Explanation.Length;
            foreach (var message in dialog.Messages) _ = message.Text.Length;
            foreach (var reading in dialog.Ice.Concat(capture.LooseIce))
            {
                foreach (var pair in reading.Ice.Pairs) _ = pair.Explain();
                foreach (var check in reading.Checks) _ = CheckWords.Of(check);
            }

            if (dialog.Kind == SipDialogKind.Call) _ = DescriptionStory.Of(dialog.Call).Count;
        }

        foreach (var captured in capture.Streams) _ = captured.ToString();
    }

    public void Dispose()
    {
    }
}
