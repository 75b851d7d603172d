namespace Softphone.Cli;

/// <summary>One JSON object a line, each written out at once so that a pipe sees it.</summary>
internal sealed class JsonEventWriter(TextWriter output) : IEventWriter
{
    public void Write(OutputEvent happened)
    {
        output.Write(JsonEvents.Line(happened) + "\n");
        output.Flush();
    }
}
