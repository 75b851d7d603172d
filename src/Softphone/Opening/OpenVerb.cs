using Softphone.Captures;
using Softphone.Terminal;

namespace Softphone.Cli;

/// <summary>softphone open: reads a capture and tells what is in it.</summary>
/// <param name="context">Where it writes.</param>
/// <param name="file">The capture, or "-".</param>
/// <param name="json">One JSON object a line.</param>
internal sealed class OpenVerb(VerbContext context, string file, bool json)
{
    public bool ProblemsOnly { get; init; }

    public int? Dialog { get; init; }

    /// <summary>Prints, though there is a terminal that could show it.</summary>
    public bool AsText { get; init; }

    /// <summary>A file with the secrets of TLS connections; null for none.</summary>
    public string? Keys { get; init; }

    public async Task<ExitCode> RunAsync()
    {
        var (capture, format, flaw) = Read();
        if (Dialog is { } number && (number < 1 || number > capture.Dialogs.Count)) throw new UsageException($"there is no dialog {number} in {file}: there are {capture.Dialogs.Count}");
        if (flaw is not null) context.Error.WriteLine($"softphone: {file} is damaged: {flaw}; told is what stands before that");
        var features = TerminalFeatures.From(context.Environment.GetValueOrDefault);
        if (!json && !ProblemsOnly && Dialog is null && !AsText && file != "-" && TuiVerb.Refusal(features, context) is null) return await OpenScreen.RunAsync(SightOfCapture.Of(file, capture, format), features, context);
        if (json) WriteJson(capture, format);
        else WriteText(new CaptureText(context.Out, capture), capture, format);
        return ExitCode.Ok;
    }

    private void WriteText(CaptureText text, Capture capture, CaptureFormat format)
    {
        if (ProblemsOnly) text.WriteProblems(Dialog);
        else if (Dialog is { } number) text.WriteDialog(capture.Dialogs[number - 1]);
        else text.Write(file, format);
    }

    private void WriteJson(Capture capture, CaptureFormat format)
    {
        var events = new CaptureEvents(capture, happened => context.Out.WriteLine(JsonEvents.Line(happened)));
        if (ProblemsOnly) events.WriteProblems(Dialog);
        else if (Dialog is { } number) events.WriteDialog(capture.Dialogs[number - 1]);
        else events.Write(format);
    }

    private (Capture Capture, CaptureFormat Format, string? Flaw) Read()
    {
        try
        {
            using var stream = file == "-" ? Console.OpenStandardInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
            using var buffered = new BufferedStream(stream, 1 << 16);
            if (!CaptureReader.TryOpen(buffered, out var reader, out var error)) throw new UsageException($"{file}: {error.What}");
            if (Keys is not null && reader.Keys.Learn(KeyFile(Keys)) == 0) context.Error.WriteLine($"softphone: {Keys} has no key: it is to have lines as SSLKEYLOGFILE makes them");
            var analysis = new CaptureAnalysis(reader.Keys);
            while (reader.TryRead(out var frame)) analysis.Take(frame);
            return (analysis.Finish(), reader.Format, reader.Flaw);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{file} cannot be read: {e.Message}");
        }
    }

    private static byte[] KeyFile(string file)
    {
        const int most = 1 << 26;
        try
        {
            if (new FileInfo(file).Length > most) throw new UsageException($"{file} is too long for a file of keys");
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{file} cannot be read: {e.Message}");
        }
    }
}
