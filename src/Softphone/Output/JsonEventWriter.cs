namespace Softphone.Cli;

/// <summary>
/// One JSON object a line, each written out at once so that a pipe sees it. Characters that turn the direction of writing, which JSON does
/// not escape by itself, are escaped as it would.
/// </summary>
internal sealed class JsonEventWriter(TextWriter output) : IEventWriter
{
    private readonly PlainWriter _output = PlainWriter.Over(output);

    public void Write(OutputEvent happened)
    {
        _output.Write(JsonEvents.Line(happened) + "\n");
        _output.Flush();
    }
}
