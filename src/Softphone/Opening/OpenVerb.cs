using Softphone.Captures;

namespace Softphone.Cli;

/// <summary>softphone open: reads a capture and tells what is in it.</summary>
/// <param name="context">Where it writes.</param>
/// <param name="file">The capture, or "-".</param>
/// <param name="json">One JSON object a line.</param>
internal sealed class OpenVerb(VerbContext context, string file, bool json)
{
    public bool ProblemsOnly { get; init; }

    public int? Dialog { get; init; }

    public ExitCode Run()
    {
        var (capture, format, flaw, hasSecrets) = Read();
        if (Dialog is { } number && (number < 1 || number > capture.Dialogs.Count)) throw new UsageException($"there is no dialog {number} in {file}: there are {capture.Dialogs.Count}");
        if (flaw is not null) context.Error.WriteLine($"softphone: {file} is damaged: {flaw}; told is what stands before that");
        if (json) WriteJson(capture, format, hasSecrets);
        else WriteText(new CaptureText(context.Out, capture), capture, format, hasSecrets);
        return ExitCode.Ok;
    }

    private void WriteText(CaptureText text, Capture capture, CaptureFormat format, bool hasSecrets)
    {
        if (ProblemsOnly) text.WriteProblems(Dialog);
        else if (Dialog is { } number) text.WriteDialog(capture.Dialogs[number - 1]);
        else text.Write(file, format, hasSecrets);
    }

    private void WriteJson(Capture capture, CaptureFormat format, bool hasSecrets)
    {
        var events = new CaptureEvents(capture, happened => context.Out.WriteLine(JsonEvents.Line(happened)));
        if (ProblemsOnly) events.WriteProblems(Dialog);
        else if (Dialog is { } number) events.WriteDialog(capture.Dialogs[number - 1]);
        else events.Write(format, hasSecrets);
    }

    private (Capture Capture, CaptureFormat Format, string? Flaw, bool HasSecrets) Read()
    {
        try
        {
            using var stream = file == "-" ? Console.OpenStandardInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
            using var buffered = new BufferedStream(stream, 1 << 16);
            if (!CaptureReader.TryOpen(buffered, out var reader, out var error)) throw new UsageException($"{file}: {error.What}");
            var analysis = new CaptureAnalysis();
            while (reader.TryRead(out var frame)) analysis.Take(frame);
            return (analysis.Finish(), reader.Format, reader.Flaw, reader.HasSecrets);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{file} cannot be read: {e.Message}");
        }
    }
}
